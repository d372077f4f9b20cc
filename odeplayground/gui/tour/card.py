"""The card of the tour: what to do, how far one is, and a way out."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.buttons import FlatButton, PrimaryButton
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.painted import Painted

WIDTH = 300
GAP = 14


def _covered(free: QRect, place: QRect) -> int:
    """Pixels of the one that the other covers."""
    both = free.intersected(place)
    return both.width() * both.height()


class Card(Painted):
    """Floats beside what is lit up."""

    left = Signal()
    """A person wants no more."""
    skipped = Signal()
    """A person goes on without doing the step, or ends with the last one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tour-card")
        self.setFixedWidth(WIDTH)
        self._title = label("", 15, 600)
        self._count = label("", 12, 400, "text3")
        self._sentence = label("", 13, 400, "text2")
        for part in (self._title, self._sentence):
            part.setWordWrap(True)
        self.leave = FlatButton("Leave the tour")
        self.leave.setToolTip("Help > Tour goes on here (Escape)")
        self.skip = FlatButton("Skip")
        self.skip.setToolTip("Go on without doing this step")
        self.finish = PrimaryButton("Done")
        self.finish.setToolTip("End the tour")
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.skip)
        buttons.addWidget(self.finish)
        self._rows = rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 14, 14, 12)
        rows.setSpacing(6)
        rows.addWidget(self._count)
        rows.addWidget(self._title)
        rows.addWidget(self._sentence)
        rows.addSpacing(4)
        rows.addLayout(buttons)
        self.leave.clicked.connect(self._leave)
        self.skip.clicked.connect(self._skip)
        self.finish.clicked.connect(self._skip)

    def show_step(self, number: int, of: int, title: str, sentence: str) -> None:
        """Say what to do."""
        last = number == of
        self._count.setText(f"Tour, step {number} of {of}")
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.setAccessibleName(f"Tour, step {number} of {of}: {title}. {sentence}")
        self.skip.setVisible(not last)
        self.leave.setVisible(not last)
        self.finish.setVisible(last)
        self.setFixedHeight(self._rows.totalHeightForWidth(WIDTH))

    def place_beside(self, lit: QRect, room: QRect, free: QRect) -> None:
        """Stand beside a rectangle, where there is room and as little as possible of ``free`` is covered."""
        width, height = self.width(), self.height()
        y = min(max(room.top() + GAP, lit.center().y() - height // 2), room.bottom() - height - GAP)
        x = min(max(room.left() + GAP, lit.center().x() - width // 2), room.right() - width - GAP)
        corners = (
            QPoint(lit.right() + GAP, y),
            QPoint(lit.left() - GAP - width, y),
            QPoint(x, lit.bottom() + GAP),
            QPoint(x, lit.top() - GAP - height),
            QPoint(room.right() - width - GAP, room.bottom() - height - GAP),
        )
        places = [QRect(corner, self.size()) for corner in corners]
        best = min((place for place in places if room.contains(place)), key=partial(_covered, free))
        self.move(best.topLeft())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)

    def _leave(self, _checked: bool = False) -> None:
        self.left.emit()

    def _skip(self, _checked: bool = False) -> None:
        self.skipped.emit()
