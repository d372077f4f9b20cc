"""A vertical line for "now": one pixel wide and on a pixel, because between two it would look twice as wide."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from odeplayground.gui.theme import theme


class CursorLine(QGraphicsObject):
    """Stands in the pixels of its parent, from top to bottom."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent)
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._height = 0.0

    def stand(self, x: float, height: float) -> None:
        """Move to a horizontal place."""
        if height != self._height:
            self.prepareGeometryChange()
            self._height = height
        self.setPos(round(x), 0)

    def boundingRect(self) -> QRectF:
        return QRectF(-1, 0, 3, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(0, 0, 1, self._height), theme().color("accent"))
