"""A pendulum: the first state is its angle in radians from straight down."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import readouts
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import fonts, symbols, theme

_TRAIL = 1.1
"""Seconds of the past that are seen."""
_BOB = 11.0
_LARGEST = 150.0
_GAP = 44.0


class Pendulum(ThingAnimation):
    """Rod, bob, trail and angle; the learned one as a dashed ghost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Pendulum", parent)

    def draw(self, painter: QPainter) -> None:
        pivot, length, column = self._layout()
        self._draw_frame(painter, pivot, length)
        angle = self.value(0)
        if angle is not None:
            self._draw_trail(painter, pivot, length)
            self._draw_angle(painter, pivot, length, angle)
        ghost = self.value(0, learned=True)
        if ghost is not None:
            self._draw_ghost(painter, pivot, _at(pivot, length, ghost))
        if angle is not None:
            self._draw_bob(painter, pivot, _at(pivot, length, angle), "ink" if ghost is not None else "accent")
        painter.setPen(QPen(theme().color("ink"), 1.5))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(pivot, 3.5, 3.5)
        if column is not None:
            readouts.paint(painter, readouts.of_states(self), column, pivot.y(), self.height() - 16)

    def _layout(self) -> tuple[QPointF, float, float | None]:
        """Pivot, length of the rod, and where the numbers begin if there is room for them."""
        width, height = self.width(), self.height()
        beside = min((height - 48) / 2, (width - readouts.WIDTH - _GAP - 44) / 2, _LARGEST)
        if beside < 40:
            length = max(10.0, min((height - 36) / 2, (width - 36) / 2, _LARGEST))
            return QPointF(width / 2, height / 2), length, None
        left = (width - 2 * beside - _GAP - readouts.WIDTH) / 2
        pivot = QPointF(left + beside, height / 2)
        return pivot, beside, pivot.x() + beside + _GAP

    def _draw_frame(self, painter: QPainter, pivot: QPointF, length: float) -> None:
        painter.setPen(QPen(theme().color("zero"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(pivot, length, length)
        pen = QPen(theme().color("text3"), 1)
        pen.setDashPattern([2, 3])
        painter.setPen(pen)
        painter.drawLine(pivot, pivot + QPointF(0, length))

    def _draw_trail(self, painter: QPainter, pivot: QPointF, length: float) -> None:
        if self.trajectory is None or self.trajectory.t.size < 2:
            return
        begin = max(self.time - _TRAIL, float(self.trajectory.t[0]))
        if self.time <= begin:
            return
        times = np.linspace(begin, self.time, 48)
        angles = np.interp(times, self.trajectory.t, self.trajectory.y[0])
        if not np.isfinite(angles).all():
            return
        dots = [_at(pivot, length, angle) for angle in angles]
        token = "accent" if self.learned is None else "ink"
        for i in range(len(dots) - 1):
            age = max(0.0, 1 - (self.time - times[i]) / _TRAIL)  # the first may be a rounding error below zero
            pen = QPen(theme().color(token, 0.05 + 0.45 * age**1.6), 3)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(dots[i], dots[i + 1])

    def _draw_angle(self, painter: QPainter, pivot: QPointF, length: float, angle: float) -> None:
        turn = math.remainder(angle, 2 * math.pi)
        radius = length * 0.34
        painter.setPen(QPen(theme().color("v1"), 1.4))
        box = QRectF(pivot.x() - radius, pivot.y() - radius, 2 * radius, 2 * radius)
        painter.drawArc(box, -90 * 16, round(math.degrees(turn) * 16))
        if self.states and length > 60:
            place = _at(pivot, radius + 12, turn / 2)
            painter.setFont(fonts.math(15))
            painter.setPen(theme().color(variable_token(0)))
            room = QRectF(place.x() - 20, place.y() - 12, 40, 24)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, symbols.symbol(self.states[0]))

    @staticmethod
    def _draw_ghost(painter: QPainter, pivot: QPointF, bob: QPointF) -> None:
        pen = QPen(theme().color("learned"), 1.5)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.drawLine(pivot, bob)
        painter.setBrush(theme().color("surface"))
        painter.setPen(QPen(theme().color("learned"), 1.8))
        painter.drawEllipse(bob, _BOB - 2, _BOB - 2)

    @staticmethod
    def _draw_bob(painter: QPainter, pivot: QPointF, bob: QPointF, token: str) -> None:
        pen = QPen(theme().color("ink"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(pivot, bob)
        painter.setPen(QPen(theme().color("surface"), 2))
        painter.setBrush(theme().color(token))
        painter.drawEllipse(bob, _BOB, _BOB)


def _at(pivot: QPointF, length: float, angle: float) -> QPointF:
    return QPointF(pivot.x() + length * math.sin(angle), pivot.y() + length * math.cos(angle))
