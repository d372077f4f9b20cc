"""A tinted part of a plot, from some value of x to the right, with words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from odeplayground.gui.plots.screen import Layer, Mapping
from odeplayground.gui.theme import fonts, theme

_TINT = 0.07
_PADDING = 6.0
_BASELINE = 15.0


class Shading(Layer):
    """Shades what lies beyond a value of x."""

    def __init__(self, z: float, words: str) -> None:
        super().__init__(z)
        self._words = words
        self._from: float | None = None

    def begin(self, x: float | None) -> None:
        """Where the shading begins; ``None`` for nowhere."""
        if x != self._from:
            self._from = x
            self.refresh(x is not None)

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        if self._from is None:
            return
        left = max(view.left(), round(mapping.sx * self._from + mapping.tx))
        if left >= view.right():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(left, view.top(), view.right() - left, view.height()), theme().color("text3", _TINT))
        font = fonts.ui(11)
        if QFontMetricsF(font).horizontalAdvance(self._words) + 2 * _PADDING <= view.right() - left:
            painter.setFont(font)
            painter.setPen(theme().color("text2"))
            painter.drawText(QPointF(left + _PADDING, view.top() + _BASELINE), self._words)
