"""The present value of the parameter: a line to drag, with its value at the top, and the box that is being drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from odeplayground.gui.plots.cursor_line import CursorLine
from odeplayground.gui.plots.names import Piece, Tag
from odeplayground.gui.theme import symbols, theme


class ParameterLine:
    """A vertical line with a name and a number, in the pixels of its parent."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        self._line = CursorLine(parent, z)
        self._tag = Tag(parent, z + 1)
        self._x: float | None = None

    @property
    def x(self) -> float | None:
        """Where it stands, in pixels of the parent; ``None`` while it is out of sight."""
        return self._x

    @property
    def text(self) -> str:
        """What stands at its top."""
        return self._tag.text

    def stand(self, x: float | None, width: float, height: float, name: str, value: float) -> None:
        """Move; ``None`` hides it."""
        self._x = x
        self._line.setVisible(x is not None)
        self._tag.setVisible(x is not None)
        if x is None:
            return
        self._line.stand(x, height)
        symbol = Piece(symbols.symbol(name), "accent_text", symbol=True, size=15, gap=5)
        self._tag.set_pieces((symbol, Piece(symbols.significant(value), "accent_text")))
        size = self._tag.boundingRect().width()
        left = x + 3 if x + 3 + size <= width else x - 3 - size
        self._tag.setPos(round(max(0.0, left)), 1)


class RubberBand(QGraphicsObject):
    """A rectangle that follows the mouse."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        super().__init__(parent)
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._box = QRectF()
        self.hide()

    def set_box(self, box: QRectF | None) -> None:
        """Show it here; ``None`` hides it."""
        self.prepareGeometryChange()
        self._box = box or QRectF()
        self.setVisible(box is not None)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(QPen(theme().color("accent"), 1))
        painter.setBrush(theme().color("accent", 0.12))
        painter.drawRect(self._box)
