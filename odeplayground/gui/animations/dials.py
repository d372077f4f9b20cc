"""One dial per state, for systems that are no thing one could draw."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import fonts, symbols, theme

_SWEEP = 270.0
"""Degrees from the smallest to the largest value."""
_MOST = 12
_LARGEST = 120.0


class Dials(ThingAnimation):
    """Each on the range that its state runs through, with the number below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Dials", parent)

    def draw(self, painter: QPainter) -> None:
        count = min(len(self.states), _MOST)
        if not count:
            return
        columns, size = self._grid(count)
        rows = math.ceil(count / columns)
        top = (self.height() - rows * (size + 22)) / 2
        for i in range(count):
            row, column = divmod(i, columns)
            in_row = min(columns, count - row * columns)
            left = (self.width() - in_row * (size + 12) + 12) / 2 + column * (size + 12)
            self._draw_dial(painter, QRectF(left, top + row * (size + 22), size, size), i)

    def _grid(self, count: int) -> tuple[int, float]:
        """Columns, and how large a dial can be: as large as possible."""
        best = (1, 0.0)
        for columns in range(1, count + 1):
            rows = math.ceil(count / columns)
            size = min((self.width() - 24) / columns - 12, (self.height() - 12) / rows - 22, _LARGEST)
            if size > best[1]:
                best = columns, size
        return best[0], max(best[1], 24.0)

    def _draw_dial(self, painter: QPainter, room: QRectF, i: int) -> None:
        token, centre, radius = variable_token(i), room.center(), room.width() / 2 - 4
        ring = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(drawing.pen("track", 5))
        painter.drawArc(ring, round((90 + _SWEEP / 2) * 16), round(-_SWEEP * 16))
        share = self.share(i)
        if share is not None:
            painter.setPen(drawing.pen(token, 5))
            painter.drawArc(ring, round((90 + _SWEEP / 2) * 16), round(-_SWEEP * share * 16))
            tip = centre + _direction(share) * (radius - 9)
            painter.setPen(drawing.pen("ink", 2.2))
            painter.drawLine(centre, tip)
        learned = self.share(i, learned=True)
        if learned is not None:
            out = _direction(learned)
            painter.setPen(drawing.pen("learned", 2.5))
            painter.drawLine(centre + out * (radius - 6), centre + out * (radius + 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("ink"))
        painter.drawEllipse(centre, 3.2, 3.2)
        self._draw_words(painter, room, i, token)

    def _draw_words(self, painter: QPainter, room: QRectF, i: int, token: str) -> None:
        painter.setFont(fonts.math(16))
        painter.setPen(theme().color(token))
        low = QRectF(room.left(), room.bottom() - 0.3 * room.height(), room.width(), 20)
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, symbols.symbol(self.states[i]))
        value = self.value(i)
        text = "–" if value is None else symbols.significant(value)
        unit = self.units.get(self.states[i], "")
        painter.setFont(fonts.ui(12))
        painter.setPen(theme().color("text"))
        below = QRectF(room.left() - 6, room.bottom() - 4, room.width() + 12, 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{text} {unit}".rstrip())


def _direction(share: float) -> QPointF:
    angle = math.radians(90 + _SWEEP / 2 - _SWEEP * share)
    return QPointF(math.cos(angle), -math.sin(angle))
