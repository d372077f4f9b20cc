"""A pendulum with a motor in its pivot."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.pendulum import Pendulum
from odeplayground.gui.theme import fonts, theme

_LARGEST = 130.0
"""Degrees of the arrow at full torque."""
_RADIUS = 24.0


class DrivenPendulum(Pendulum):
    """The torque g cos(omega_d t) is an arrow around the pivot; the motor's own hand goes round beside it."""

    def draw(self, painter: QPainter) -> None:
        super().draw(painter)
        pivot, length, _ = self._layout()
        strength, pace = self.parameter("g", 0.0), self.parameter("omega_d", 1.0)
        phase = pace * self.time
        if length > 60 and math.isfinite(phase):
            self._draw_motor(painter, pivot, phase)
            self._draw_torque(painter, pivot, strength * math.cos(phase))

    @staticmethod
    def _draw_motor(painter: QPainter, pivot: QPointF, phase: float) -> None:
        painter.setPen(drawing.pen("text2", 1.4))
        painter.setBrush(theme().color("sunken"))
        painter.drawEllipse(pivot, 11, 11)
        hand = QPointF(math.sin(phase), -math.cos(phase)) * 8
        painter.setPen(drawing.pen("ink", 2))
        painter.drawLine(pivot, pivot + hand)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("ink"))
        painter.drawEllipse(pivot, 2.5, 2.5)

    def _draw_torque(self, painter: QPainter, pivot: QPointF, torque: float) -> None:
        """Anticlockwise where it makes the angle grow, from the top."""
        largest = max(abs(self.parameter("g", 1.0)), 1.0)
        degrees = _LARGEST * torque / largest
        painter.setPen(drawing.pen("text2", 2.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(pivot.x() - _RADIUS, pivot.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
        painter.drawArc(box, 90 * 16, round(degrees * 16))
        if abs(degrees) > 8:
            angle = math.radians(90 + degrees)
            tip = pivot + QPointF(math.cos(angle), -math.sin(angle)) * _RADIUS
            sign = math.copysign(1.0, degrees)
            along = QPointF(-math.sin(angle), -math.cos(angle)) * sign
            out = QPointF(math.cos(angle), -math.sin(angle))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("text2"))
            painter.drawPolygon(QPolygonF([tip + along * 7, tip + out * 4.5, tip - out * 4.5]))
        painter.setFont(fonts.ui(11))
        painter.setPen(theme().color("text3"))
        painter.drawText(QPointF(12, self.height() - 12), "arrow at the pivot: torque of the motor")
