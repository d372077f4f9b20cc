"""One bar per state, for systems that are no thing one could draw."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.animations.readouts import learned_mark
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import fonts, symbols, theme

_MARGIN = 16.0
_VALUE = 64.0
_GAP = 12.0
_ROWS = (24.0, 44.0)


class Bars(ThingAnimation):
    """Horizontal bars from zero, each on the range that its state runs through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Values", parent)

    def draw(self, painter: QPainter) -> None:
        if not self.states:
            return
        height = min(max((self.height() - 24) / len(self.states), _ROWS[0]), _ROWS[1])
        shown = min(len(self.states), max(1, int((self.height() - 8) // height)))
        metrics = QFontMetricsF(fonts.math(16))
        names = [symbols.symbol(name) for name in self.states[:shown]]
        name_width = min(max(map(metrics.horizontalAdvance, names)) + 2, self.width() / 4)
        units = [self.units.get(name, "") for name in self.states[:shown]]
        unit_width = max(map(QFontMetricsF(fonts.ui(11)).horizontalAdvance, units))
        unit_width += 6 if unit_width else 0
        top = (self.height() - shown * height) / 2
        left = _MARGIN + name_width + _GAP
        right = self.width() - _MARGIN - unit_width - _VALUE - _GAP
        for i, name in enumerate(names):
            row = QRectF(_MARGIN, top + i * height, self.width() - 2 * _MARGIN, height)
            self._draw_words(painter, row, i, metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_width))
            self._draw_number(painter, row, i, right + _GAP, units[i], unit_width)
            self._draw_bar(painter, QRectF(left, row.center().y() - 3, max(20.0, right - left), 6), i)

    def _draw_words(self, painter: QPainter, row: QRectF, i: int, name: str) -> None:
        painter.setFont(fonts.math(16))
        painter.setPen(theme().color(variable_token(i)))
        painter.drawText(QPointF(row.left(), row.center().y() + 5), name)

    def _draw_number(self, painter: QPainter, row: QRectF, i: int, left: float, unit: str, unit_width: float) -> None:
        value = self.value(i)
        painter.setFont(fonts.ui(13))
        painter.setPen(theme().color("text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        text = "–" if value is None else symbols.number(value)
        painter.drawText(QRectF(left, row.top(), _VALUE, row.height()), middle | Qt.AlignmentFlag.AlignRight, text)
        painter.setFont(fonts.ui(11))
        painter.setPen(theme().color("text3"))
        room = QRectF(left + _VALUE + 5, row.top(), unit_width + 4, row.height())
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, unit)

    def _draw_bar(self, painter: QPainter, groove: QRectF, i: int) -> None:
        low, high = self._scale(i)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("track"))
        painter.drawRoundedRect(groove, 3, 3)
        zero = groove.left() + groove.width() * (0 - low) / (high - low)
        value = self.value(i)
        if value is not None:
            end = groove.left() + groove.width() * min(max((value - low) / (high - low), 0.0), 1.0)
            painter.setBrush(theme().color(variable_token(i)))
            painter.drawRoundedRect(QRectF(min(zero, end), groove.top(), abs(end - zero), groove.height()), 3, 3)
        if low < 0 < high:
            painter.setBrush(theme().color("text3"))
            painter.drawRect(QRectF(zero - 0.5, groove.top() - 4, 1, groove.height() + 8))
        learned = self.value(i, learned=True)
        if learned is not None:
            learned_mark(painter, groove, min(max((learned - low) / (high - low), 0.0), 1.0))

    def _scale(self, i: int) -> tuple[float, float]:
        """The range of a bar: always with zero, so that lengths mean something."""
        low, high = self.ranges[i] if i < len(self.ranges) else (0.0, 1.0)
        low, high = min(low, 0.0), max(high, 0.0)
        return (low, high) if high > low else (low, low + 1.0)
