"""Training at the bottom: a strip with one button, or the whole panel with loss and numbers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.plots.loss_view import LossView
from odeplayground.gui.theme import symbols
from odeplayground.gui.training_form import TrainingForm, summary
from odeplayground.gui.widgets.buttons import IconButton, PlainButton, PrimaryButton, set_available
from odeplayground.gui.widgets.header import DockHeader
from odeplayground.gui.widgets.key import ColorKey, KeyEntry
from odeplayground.gui.widgets.labels import ElidedLabel, hairline, label
from odeplayground.gui.widgets.rows import ValueRow, ValueRows
from odeplayground.session import Session
from odeplayground.spec import Experiment, TrainNote

FOLDED, OPEN, OPEN_WIDE = 48, 224, 240
LEFT, RIGHT = 304, 336
FRAME = 50
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
        self._body: _Body | None = None
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
            self._body = _Body(self)
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
        if (old.plan, old.training, old.system.states) != (new.plan, new.training, new.system.states):
            self._strip.update_state()


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
            f"Network  {parts['Network']}      Training  {parts['Training']}      Gradient  {parts['Gradient']}"
        )


class _Body(QWidget):
    """The open panel: controls and settings, loss, numbers."""

    def __init__(self, panel: TrainingPanel) -> None:
        super().__init__()
        self._session = panel.session
        self._panel = panel
        self._loss = LossView()
        self._loss.setObjectName("loss-view")
        self._title = label("", 15, 600)
        self._of = label("", 13, 400, "text3")
        self._stage = ElidedLabel("", 12, 400, "text2")
        self._numbers = ValueRows()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self._left())
        columns.addWidget(hairline(vertical=True))
        columns.addWidget(self._middle(), 1)
        columns.addWidget(hairline(vertical=True))
        columns.addWidget(self._right())

    def _left(self) -> QWidget:
        self.train = PrimaryButton("Train", "play-fill")
        self.train.setObjectName("train-button")
        self.pause = PrimaryButton("Pause", "pause-fill")
        self.pause.setObjectName("pause-button")
        self.step = PlainButton("Step", "skip-forward-fill")
        self.step.setObjectName("step-button")
        self.stop = PlainButton("Stop", "stop-fill")
        self.stop.setObjectName("stop-button")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button, name, stretch in (
            (self.train, "train", 3), (self.pause, "pause_training", 3),
            (self.step, "step_training", 2), (self.stop, "stop_training", 2),
        ):  # fmt: skip
            button.clicked.connect(partial(_emit, self._panel, name))
            buttons.addWidget(button, stretch)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(TrainingForm(self._session))
        column = QWidget()
        column.setFixedWidth(LEFT)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(16, 12, 16, 8)
        rows.setSpacing(12)
        rows.addLayout(buttons)
        rows.addWidget(scroll, 1)
        return column

    def _middle(self) -> QWidget:
        header = DockHeader("Loss", height=36)
        header.set_count("log scale")
        header.add_widget(ColorKey((KeyEntry("training", "learned"), KeyEntry("held out"))))
        fold = header.add_button("caret-down", "Fold the training panel (Ctrl+L)")
        fold.clicked.connect(partial(_emit, self._panel, "toggle_training_panel"))
        column = QWidget()
        column.setMinimumWidth(320)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(8, 0, 8, 8)
        rows.setSpacing(0)
        rows.addWidget(header)
        rows.addWidget(self._loss, 1)
        return column

    def _right(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._title)
        head.addWidget(self._of)
        head.addStretch(1)
        column = QWidget()
        column.setFixedWidth(RIGHT)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(2)
        rows.addLayout(head)
        rows.addWidget(self._stage)
        rows.addSpacing(10)
        rows.addWidget(self._numbers)
        rows.addStretch(1)
        return column

    def update_state(self) -> None:
        training = self._session.training
        self.train.setVisible(not training.active)
        self.train.setText("Train again" if training.history else "Train")
        for button in (self.pause, self.step, self.stop):
            button.setVisible(training.active)
        self.pause.setText("Resume" if training.paused else "Pause")
        self.pause.set_icon("play-fill" if training.paused else "pause-fill")
        reason = training.why_not_resume if training.paused else training.why_not_pause
        set_available(self.pause, not reason, reason)
        set_available(self.step, not training.why_not_step, training.why_not_step)
        set_available(self.stop, not training.why_not_stop, training.why_not_stop)
        self.show_progress()

    def show_note(self, sentence: str) -> None:
        """Something a person should know about the training."""
        self._stage.set_text(sentence)

    def show_progress(self) -> None:
        """Draw the loss and write the numbers."""
        training = self._session.training
        history = training.history
        current = history[-1].epoch if history and training.active else training.best_epoch
        self._loss.set_history(history, training.stages, training.spec.epochs, training.best_epoch, current)
        if not history:
            self._title.setText("Sampling data" if training.active else "No training yet")
            self._of.setText("")
            self._stage.set_text(training.message)
            self._numbers.set_rows(())
            return
        if training.active:
            self._show_running()
        else:
            self._show_result()

    def _show_running(self) -> None:
        training = self._session.training
        last = training.history[-1]
        self._title.setText(f"Epoch {last.epoch}")
        self._of.setText(f"of {training.spec.epochs}")
        self._stage.set_text(training.stages[-1].name if training.stages else "")
        forward, backward = training.evaluations
        left = training.seconds_left
        self._numbers.set_rows(
            (
                ValueRow("Loss, training", symbols.significant(last.loss, 2)),
                ValueRow("Loss, held out", symbols.significant(last.held_out, 2)),
                ValueRow("Time for an epoch", f"{symbols.number(1000 * last.seconds, 0)} ms"),
                ValueRow("Evaluations", f"{forward} forward, {backward} back", "Of the network, over all epochs."),
                ValueRow("Time left, about", "–" if left is None else f"{symbols.number(left, 0)} s"),
            )
        )

    def _show_result(self) -> None:
        training = self._session.training
        best = next((one for one in training.history if one.epoch == training.best_epoch), training.history[-1])
        self._title.setText(f"Epoch {best.epoch}")
        self._of.setText(f"the best of {len(training.history)}")
        self._stage.set_text(training.message or "The weights of this epoch are in use.")
        rows = [
            ValueRow("Loss, training", symbols.significant(best.loss, 2)),
            ValueRow("Loss, held out", symbols.significant(best.held_out, 2)),
        ]
        report = training.report
        if report is not None:
            rows.append(
                ValueRow(
                    "Field error", f"{symbols.number(100 * report.field_error, 1)} %", "Relative, in the data tube."
                )
            )
            matched = sum(one.distance is not None for one in report.equilibria)
            rows.append(ValueRow("Equilibria", f"{matched} of {len(report.equilibria)} matched"))
        self._numbers.set_rows(rows)


def _emit(panel: TrainingPanel, name: str, _checked: bool = False) -> None:
    panel.command.emit(name)
