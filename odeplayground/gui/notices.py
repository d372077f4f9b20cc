"""What the window says by itself: a sentence about something that went wrong, and the three first steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolBar, QVBoxLayout, QWidget

from odeplayground.gui.hint_badges import PARAMETER, HintBadges
from odeplayground.gui.tool_bar import without_margins
from odeplayground.gui.widgets.hint_strip import HintStrip
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.session.session import FIRST
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

NEARLY_ZERO = 0.02
STEPS = (
    ("Drag b to zero", "The spiral opens into closed orbits."),
    ("Pull the starting point", "Move it across the saddle."),
    ("Press Train", "A network learns this field from data."),
)


class Notices(QToolBar):
    """Strips under the tool bar; without anything to say there is no strip."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Notices")
        self.setObjectName("notices")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._session = window.session
        self._message = MessageStrip(closable=True)
        self._message.setObjectName("notice")
        self._offer = MessageStrip(closable=True)
        self._offer.setObjectName("offer")
        self._answers: tuple[Callable[[], None], Callable[[], None]] | None = None
        self.hint = HintStrip(STEPS)
        self.hint.setObjectName("hint-strip")
        body = QWidget()
        body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._message)
        rows.addWidget(self._offer)
        rows.addWidget(self.hint)
        self.addWidget(body)
        self._badges = HintBadges(window)
        without_margins(self)
        self._message.closed.connect(self.settle)
        self._offer.repair_requested.connect(self._accepted)
        self._offer.closed.connect(self._refused)
        self.hint.tour_wanted.connect(window.start_tour)
        self._session.training.state_changed.connect(self._training_changed)
        for number in self._session.preferences.steps_done:
            self._tick(number)
        self.hint.dismissed.connect(self._dismissed)
        self._session.document.changed.connect(self._document_changed)
        window.addToolBarBreak()
        window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self)
        first = self._session.document.experiment.preset == FIRST
        self.hint.setVisible(first and not self._session.preferences.hint_dismissed)
        self.settle()

    def show_sentence(self, sentence: str) -> None:
        """Say what went wrong until it is closed."""
        self._message.show_message(sentence)
        self.settle()

    def show_success(self, sentence: str) -> None:
        """Say what was done until it is closed."""
        self._message.show_message(sentence, good=True)
        self.settle()

    def offer(
        self, sentence: str, place: str, link: str, accept: Callable[[], None], refuse: Callable[[], None]
    ) -> None:
        """Say something with a link that does something about it, until it is answered or closed."""
        self._answers = accept, refuse
        self._offer.show_message(sentence, place, link, good=True)
        self.settle()

    def _accepted(self) -> None:
        self._answer(0)

    def _refused(self) -> None:
        self._answer(1)

    def _answer(self, number: int) -> None:
        answers, self._answers = self._answers, None
        self._offer.clear()
        self.settle()
        if answers is not None:
            answers[number]()

    def show_hint(self) -> None:
        """Show the three first steps."""
        self.hint.show()
        self.settle()

    def hide_hint(self) -> None:
        """Wave the first steps away until the next start."""
        self.hint.hide()
        self.settle()

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if new.preset != old.preset:  # the steps are about the first picture
            self.hide_hint()
        elif abs(new.parameters.get(PARAMETER, 1.0)) <= NEARLY_ZERO and new.values != old.values:
            self._did(1)
        elif old.starts != new.starts and len(old.starts) == len(new.starts) and old.system is new.system:
            self._did(2)

    def _training_changed(self) -> None:
        if self._session.training.active:
            self._did(3)

    def _did(self, number: int) -> None:
        """A step was done: it is ticked off, and stays so."""
        done = self._session.preferences.steps_done
        if number in done or self.hint.isHidden():
            return
        self._session.remember(steps_done=(*done, number))
        self._tick(number)

    def _tick(self, number: int) -> None:
        self.hint.set_done(number)
        self._badges.set_done(number)

    def _dismissed(self) -> None:
        self._session.remember(hint_dismissed=True)
        self.settle()

    def settle(self) -> None:
        """Be there if there is something to say, whatever the layout of the last session said."""
        self._badges.show(not self.hint.isHidden())
        self.setVisible(not all(strip.isHidden() for strip in (self._message, self._offer, self.hint)))
