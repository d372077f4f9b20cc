"""Two bodies that touch: the first two states are their temperatures."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import mix, variable_token
from odeplayground.gui.theme import fonts, symbols, theme

_SPECKS = 10


class TwoBodies(ThingAnimation):
    """Blocks as large as their heat capacities C_a and C_b, in colours from cold to warm, and the heat that flows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Two bodies", parent)

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (400.0, 220.0))
        sizes = [math.sqrt(min(max(self.parameter(name, 1.0), 0.05), 100.0)) for name in ("C_a", "C_b")]
        gap = min(46.0, room.width() * 0.16)
        unit = min((room.width() - gap) / sum(sizes), room.height() * 0.8 / max(sizes))
        left = room.center().x() - (unit * sum(sizes) + gap) / 2
        floor = room.center().y() + unit * max(sizes) / 2
        blocks = [
            QRectF(left, floor - unit * sizes[0], unit * sizes[0], unit * sizes[0]),
            QRectF(left + unit * sizes[0] + gap, floor - unit * sizes[1], unit * sizes[1], unit * sizes[1]),
        ]
        self._draw_flow(painter, blocks)
        for i, block in enumerate(blocks):
            self._draw_block(painter, block, i)
        painter.setPen(drawing.pen("ink", 2))
        painter.drawLine(QPointF(room.left(), floor + 2), QPointF(room.right(), floor + 2))
        drawing.numbers(painter, self, column)

    def _warmth(self, value: float) -> QColor:
        low = min((low for low, _ in self.ranges[:2]), default=0.0)
        high = max((high for _, high in self.ranges[:2]), default=1.0)
        share = min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5
        return mix(theme().color("v2"), theme().color("num"), share)

    def _draw_block(self, painter: QPainter, block: QRectF, i: int) -> None:
        value = self.value(i)
        painter.setPen(drawing.pen("ink", 2))
        color = theme().color("sunken") if value is None else mix(self._warmth(value), theme().color("surface"), 0.75)
        painter.setBrush(color)
        painter.drawRoundedRect(block, 7, 7)
        learned = self.value(i, learned=True)
        if learned is not None:
            painter.setPen(drawing.pen("learned", 2, dash=(3, 2.5)))
            painter.setBrush(mix(self._warmth(learned), theme().color("surface"), 0.75))
            size = 0.34 * block.width()
            painter.drawRoundedRect(QRectF(block.left() + 7, block.top() + 7, size, size), 4, 4)
        if i < len(self.states):
            painter.setFont(fonts.math(17))
            painter.setPen(theme().color(variable_token(i)))
            box = QRectF(block.left(), block.top() - 26, block.width(), 24)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, symbols.symbol(self.states[i]))

    def _draw_flow(self, painter: QPainter, blocks: list[QRectF]) -> None:
        """A rod between them, with more specks the more heat flows, going where it goes."""
        tall = 0.32 * min(block.height() for block in blocks)
        y = blocks[0].bottom() - 0.3 * min(block.height() for block in blocks)
        rod = QRectF(blocks[0].right() - 2, y - tall / 2, blocks[1].left() - blocks[0].right() + 4, tall)
        painter.setPen(drawing.pen("ink", 1.5))
        painter.setBrush(theme().color("sunken"))
        painter.drawRect(rod)
        one, two = self.value(0), self.value(1)
        if one is None or two is None or not math.isfinite(self.time):
            return
        most = abs(self.largest(0)) + abs(self.largest(1))
        flow = min(max((one - two) / most * 2, -1.0), 1.0)
        count = math.ceil(_SPECKS * abs(flow)) if abs(flow) > 0.01 else 0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._warmth(max(one, two)))
        for k in range(count):
            along = (k * 0.618 + 0.35 * self.time * math.copysign(1.0, flow)) % 1.0
            across = (k * 0.7548 + 0.3) % 1.0
            place = QPointF(rod.left() + 4 + along * (rod.width() - 8), rod.top() + 4 + across * (rod.height() - 8))
            painter.drawEllipse(place, 2.2, 2.2)
