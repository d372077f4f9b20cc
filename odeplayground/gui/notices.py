"""What the window says by itself: a sentence about something that went wrong, and the three first steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolBar, QVBoxLayout, QWidget

from odeplayground.gui.hint_badges import HintBadges
from odeplayground.gui.tool_bar import without_margins
from odeplayground.gui.widgets.hint_strip import HintStrip
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.session.session import FIRST
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

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
        self.hint = HintStrip(STEPS)
        self.hint.setObjectName("hint-strip")
        body = QWidget()
        body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._message)
        rows.addWidget(self.hint)
        self.addWidget(body)
        self._badges = HintBadges(window)
        without_margins(self)
        self._message.closed.connect(self.settle)
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

    def _dismissed(self) -> None:
        self._session.remember(hint_dismissed=True)
        self.settle()

    def settle(self) -> None:
        """Be there if there is something to say, whatever the layout of the last session said."""
        self._badges.show(not self.hint.isHidden())
        self.setVisible(not self._message.isHidden() or not self.hint.isHidden())
