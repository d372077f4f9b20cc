"""Training at the bottom: a strip with one button, or the whole panel with loss and numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.training_summary import summary
from odeplayground.gui.widgets.buttons import IconButton, PrimaryButton, set_available
from odeplayground.gui.widgets.labels import ElidedLabel, hairline
from odeplayground.session import Session
from odeplayground.spec import Experiment, TrainNote

if TYPE_CHECKING:
    from odeplayground.gui.training_body import TrainingBody

FOLDED, OPEN, OPEN_WIDE = 48, 224, 240
FRAME = 125
"""Milliseconds between two pictures of the loss: training needs the rest of the time."""


class TrainingPanel(Panel):
    """Train, pause, step, stop; the loss; where it stands."""

    command = Signal(str)
    """Name of an action of the window."""
    attention = Signal(str)
    """Title of the panel that has news."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Training")
        self.setObjectName("training")
        self._pages = QStackedWidget()
        self._strip = _Strip(self)
        self._body: TrainingBody | None = None
        self._pages.addWidget(self._strip)
        self.rows.addWidget(hairline())
        self.rows.addWidget(self._pages)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME)
        self._frame.timeout.connect(self._show_progress)
        self._had_report = session.training.report is not None
        session.training.state_changed.connect(self._state_changed)
        session.training.event.connect(self._event)
        session.document.changed.connect(self._document_changed)
        self._set_open(bool(session.training.history))
        self._state_changed()

    @property
    def is_open(self) -> bool:
        """Whether the whole panel is shown."""
        return self._pages.currentIndex() == 1

    def toggle(self) -> None:
        """Open or fold."""
        self._set_open(not self.is_open)

    def _set_open(self, is_open: bool) -> None:
        if is_open and self._body is None:  # made when it is first wanted: the first picture should not wait for it
            from odeplayground.gui.training_body import TrainingBody

            self._body = TrainingBody(self.session, self.command)
            self._pages.addWidget(self._body)
            self._body.update_state()
        self._pages.setCurrentIndex(int(is_open))
        wide = self.window().width() >= 1700
        self.setFixedHeight((OPEN_WIDE if wide else OPEN) if is_open else FOLDED + 1)

    def _state_changed(self) -> None:
        training = self.session.training
        if training.active and not self.is_open:
            self._set_open(True)
        self._strip.update_state()
        if self._body is not None:
            self._body.update_state()
        if training.report is not None and not self._had_report:
            self.attention.emit("Comparison")
        self._had_report = training.report is not None

    def _event(self, event: object) -> None:
        if self._body is not None and isinstance(event, TrainNote):
            self._body.show_note(event.message)
        if not self._frame.isActive():
            self._frame.start()

    def _show_progress(self) -> None:
        if self._body is not None:
            self._body.show_progress()

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if (old.plan, old.training, old.system, old.data) != (new.plan, new.training, new.system, new.data):
            self._strip.update_state()
        if old.text != new.text:  # equations with an error cannot be learned
            self._strip.update_state()
            if self._body is not None:
                self._body.update_state()


class _Strip(QWidget):
    """The folded panel."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self._session = panel.session
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "chrome")
        self._train = PrimaryButton("Train", "play-fill")
        self._train.setObjectName("train-button")
        self._train.setFixedWidth(128)
        self._train.setToolTip("Take samples of this system and train a network on them (Ctrl+R)")
        self._words = ElidedLabel("", 13, 400, "text2")
        self._summary = ElidedLabel("", 12, 400, "text2")
        show = IconButton("caret-up", "Show the training panel (Ctrl+L)", size=32)
        show.setObjectName("open-training")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._train)
        row.addSpacing(8)
        row.addWidget(self._words)
        row.addStretch(1)
        row.addWidget(self._summary)
        row.addSpacing(8)
        row.addWidget(show)
        self._train.clicked.connect(partial(_emit, panel, "train"))
        show.clicked.connect(partial(_emit, panel, "toggle_training_panel"))

    def update_state(self) -> None:
        training, experiment = self._session.training, self._session.document.experiment
        again = bool(training.history)
        self._train.setText("Train again" if again else "Train")
        set_available(self._train, not training.why_not_start, training.why_not_start)
        parts = summary(experiment)
        self._words.set_text(training.message or f"Learn this system from {parts['Data']}")
        self._summary.set_text(
            f"Model  {parts['Model']}      Training  {parts['Training']}      Gradient  {parts['Gradient']}"
        )


def _emit(panel: TrainingPanel, name: str, _checked: bool = False) -> None:
    panel.command.emit(name)
