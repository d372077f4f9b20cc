"""Genes that shut each other off: every state is the amount of one protein, each stops the gene of the next."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import mix, variable_token
from odeplayground.gui.theme import fonts, symbols, theme

_PROTEINS = 34
_MOST_GENES = 6


class Genes(ThingAnimation):
    """A ring of genes with a cloud of proteins at each, and blunt arrows to the one that it stops."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Genes", parent)
        self._places = drawing.spread(_PROTEINS)

    def share(self, index: int, learned: bool = False) -> float | None:
        """Proteins are compared with each other, so all have the scale of the largest."""
        value = self.value(index, learned)
        largest = max((self.largest(i) for i in range(len(self.states))), default=1.0)
        return None if value is None else min(max(value / largest, 0.0), 1.0)

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (340.0, 300.0))
        count = min(len(self.states), _MOST_GENES)
        size = min(room.width() / 5.6, room.height() * 0.24) if count <= 2 else 0.17 * min(room.width(), room.height())
        places = _ring(room, count, size)
        for i in range(count):
            if count > 1:
                _draw_stop(painter, places[i], places[(i + 1) % count], size, variable_token(i), count == 2)
        for i in range(count):
            self._draw_gene(painter, places[i], size, i)
        drawing.numbers(painter, self, column)

    def _draw_gene(self, painter: QPainter, at: QPointF, size: float, i: int) -> None:
        amount, token = self.share(i) or 0.0, variable_token(i)
        painter.setPen(drawing.pen(token, 1.6))
        painter.setBrush(mix(theme().color(token), theme().color("surface"), 0.06 + 0.22 * amount))
        painter.drawEllipse(at, size, size)
        learned = self.share(i, learned=True)
        if learned is not None:
            painter.setPen(drawing.pen("learned", 1.8, dash=(3, 2.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, size * math.sqrt(learned), size * math.sqrt(learned))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(token))
        for k in range(round(_PROTEINS * amount)):
            radius, angle = 0.86 * size * math.sqrt((k + 0.5) / _PROTEINS), 2.399963 * k + 0.4 * math.sin(self.time + k)
            painter.drawEllipse(at + QPointF(math.cos(angle), math.sin(angle)) * radius, 2.6, 2.6)
        painter.setFont(fonts.math(16))
        painter.setPen(theme().color(token))
        box = QRectF(at.x() - size, at.y() - size - 24, 2 * size, 22)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, symbols.symbol(self.states[i]))


def _ring(room: QRectF, count: int, size: float) -> list[QPointF]:
    centre = room.center() + QPointF(0, 10)
    if count == 2:
        return [centre - QPointF(1.75 * size, 0), centre + QPointF(1.75 * size, 0)]
    radius = min(room.width(), room.height() - 24) / 2 - size
    turns = [2 * math.pi * k / max(count, 1) - math.pi / 2 for k in range(count)]
    if count == 1:
        return [centre]
    return [centre + QPointF(math.cos(turn), math.sin(turn)) * radius for turn in turns]


def _draw_stop(painter: QPainter, one: QPointF, other: QPointF, size: float, token: str, bent: bool) -> None:
    """An arrow with a bar for a head: what one makes stops the other."""
    along = other - one
    length = math.hypot(along.x(), along.y())
    if length < 2 * size + 8:
        return
    unit = along / length
    side = QPointF(-unit.y(), unit.x())
    shift = side * (-0.45 * size if bent else 0.0)
    begin, end = one + unit * (size + 5) + shift, other - unit * (size + 6) + shift
    path = QPainterPath(begin)
    path.quadTo((begin + end) / 2 - side * (0.35 * size if bent else 0.0), end)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(drawing.pen(token, 1.8))
    painter.drawPath(path)
    painter.setPen(drawing.pen(token, 2.4))
    painter.drawLine(end - side * 7, end + side * 7)
