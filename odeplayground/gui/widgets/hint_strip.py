"""The strip of the first start: three numbered steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from odeplayground.gui.widgets.badge import Badge
from odeplayground.gui.widgets.buttons import IconButton, LinkButton
from odeplayground.gui.widgets.labels import ElidedLabel

HEIGHT = 64
CLOSE = "Close the first steps (Help > First steps shows them)"


class HintStrip(QWidget):
    """Steps to try, each a title and a sentence; can be closed."""

    dismissed = Signal()
    """A person closed it."""
    tour_wanted = Signal()

    def __init__(self, steps: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "hint")
        self.setFixedHeight(HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 12, 0)
        layout.setSpacing(12)
        self.badges = [Badge(number) for number in range(1, len(steps) + 1)]
        for badge, (title, sentence) in zip(self.badges, steps, strict=True):
            layout.addWidget(badge)
            layout.addLayout(_step(title, sentence))
            layout.addSpacing(28 if badge is not self.badges[-1] else 0)
        layout.addStretch(1)
        self.tour = LinkButton("Take the tour")
        self.tour.setObjectName("take-tour")
        self.tour.setToolTip("Six steps with a spotlight on each control; leave whenever you like")
        self.tour.clicked.connect(self._wants_tour)
        layout.addWidget(self.tour)
        self.close_button = IconButton("x", CLOSE, size=32, icon_size=14)
        layout.addWidget(self.close_button)
        self.close_button.clicked.connect(self._dismiss)

    def set_done(self, number: int, done: bool = True) -> None:
        """Tick a step off; they count from 1."""
        self.badges[number - 1].set_done(done)

    def _wants_tour(self) -> None:
        self.tour_wanted.emit()

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()


def _step(title: str, sentence: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(1)
    column.addStretch(1)
    column.addWidget(ElidedLabel(title, 13, 600))
    column.addWidget(ElidedLabel(sentence, 12, 400, "text2"))
    column.addStretch(1)
    return column
