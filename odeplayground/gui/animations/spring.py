"""A weight on a spring: the first state is how far it is pulled out."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.theme import theme

_TURNS = 9
_POINTS = 14
"""Of each turn."""
_BLOCK = 46.0


class Spring(ThingAnimation):
    """A wall, a coil that is stretched and pressed, a block on the floor; the place of rest is dotted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Weight on a spring", parent)

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (420.0, 200.0))
        size = min(_BLOCK, room.height() * 0.4, room.width() * 0.22)
        floor = room.center().y() + size * 0.8
        wall = room.left() + 8
        free = room.right() - wall - size - 8
        rest = wall + free * 0.52
        scale = free * 0.36 / self.largest(0)
        self._draw_ground(painter, room, wall, floor, rest + size / 2, size)
        ghost, value = self.value(0, learned=True), self.value(0)
        if ghost is not None:
            place = QRectF(rest + _within(scale * ghost, free), floor - size, size, size)
            painter.setPen(drawing.pen("learned", 1.8, dash=(3, 2.5)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place, 5, 5)
        if value is not None:
            left = rest + _within(scale * value, free)
            _coil(painter, QPointF(wall, floor - size / 2), left - wall, size * 0.32)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("ink" if ghost is not None else "accent"))
            painter.drawRoundedRect(QRectF(left, floor - size, size, size - 1), 5, 5)
            speed = self.value(1)
            if speed is not None and len(self.states) > 1:
                tail = QPointF(left + size / 2, floor - size - 12)
                along = _within(speed / self.largest(1) * free * 0.25, free)
                drawing.arrow(painter, tail, tail + QPointF(along, 0), "v2", 2.2)
        drawing.numbers(painter, self, column)

    @staticmethod
    def _draw_ground(painter: QPainter, room: QRectF, wall: float, floor: float, rest: float, size: float) -> None:
        painter.setPen(drawing.pen("ink", 2))
        painter.drawLine(QPointF(wall, floor - size * 1.7), QPointF(wall, floor))
        painter.drawLine(QPointF(wall, floor), QPointF(room.right(), floor))
        painter.setPen(drawing.pen("text3", 1))
        for i in range(5):
            y = floor - size * 1.6 + i * size * 0.36
            painter.drawLine(QPointF(wall, y), QPointF(wall - 6, y + 6))
        painter.setPen(drawing.pen("text3", 1, dash=(2, 3)))
        painter.drawLine(QPointF(rest, floor - size * 1.6), QPointF(rest, floor + 8))


def _within(shift: float, free: float) -> float:
    return min(max(shift, -0.46 * free), 0.46 * free)


def _coil(painter: QPainter, start: QPointF, length: float, radius: float) -> None:
    """A helix seen from the side, with straight ends."""
    straight = min(10.0, 0.1 * length)
    s = np.linspace(0.0, 1.0, _TURNS * _POINTS)
    angle = 2 * math.pi * _TURNS * s
    lean = min(radius * 0.35, 0.4 * length / _TURNS)
    x = (
        start.x()
        + straight
        + (length - 2 * straight) * s
        + lean * (np.cos(angle) - 1) * np.minimum(1, 20 * s * (1 - s))
    )
    y = start.y() - radius * np.sin(angle) * np.minimum(1, 20 * s * (1 - s))
    painter.setPen(drawing.pen("text2", 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ends = np.array([start.x(), start.x() + length])
    drawing.polyline(painter, np.insert(ends, 1, x), np.insert(np.full(2, start.y()), 1, y))
