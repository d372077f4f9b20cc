"""The window dimmed but for one control. The mouse goes through: whatever a person wants to do works."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from odeplayground.gui.theme import theme

MARGIN = 6
RING = 3


class Spotlight(QWidget):
    """Covers its parent. What it lights up is left out of it, so that moving pictures there cost nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("spotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lit = QRect()
        theme().changed.connect(self.update)

    @property
    def lit(self) -> QRect:
        """What is lit up, in the parent's coordinates."""
        return self._lit

    def light(self, rect: QRect) -> None:
        """Light this rectangle of the parent up."""
        whole = self._window.rect()
        self.setGeometry(whole)
        self._lit = rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).intersected(whole)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(self._lit.adjusted(RING, RING, -RING, -RING))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.fillRect(self.rect(), QColor(0, 0, 0, 75 if theme().tokens.dark else 50))
        painter.setPen(QPen(theme().color("accent"), RING))
        inset = RING / 2
        painter.drawRect(QRectF(self._lit).adjusted(inset, inset, -inset, -inset))
