"""An oscillator of a capacitor, a coil and a part that feeds it: the first state is the voltage, the second its rate.

B. van der Pol, On relaxation-oscillations, Philosophical Magazine 2 (1926), 978–992: then a triode.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.theme import fonts, theme

_TURNS = 5
_CHARGES = 9


class Circuit(ThingAnimation):
    """Charge on the plates for the voltage, the coil's glow for its current, arrows where the triode feeds or damps.

    With the right-hand side of Van der Pol the triode's current is mu (x - x^3/3), and the coil has the rest.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Oscillator circuit", parent)

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (360.0, 240.0))
        room = room.adjusted(30, 16, -24, -16)
        left, middle, right = room.left(), room.center().x(), room.right()
        self._draw_wires(painter, room)
        voltage, rate = self.value(0), self.value(1)
        share = 0.0 if voltage is None else _limited(voltage / self.largest(0))
        triode = self._triode(voltage)
        current = 0.0 if rate is None or triode is None else triode - rate
        self._draw_capacitor(painter, QPointF(left, room.center().y()), share, room)
        self._draw_coil(painter, QPointF(middle, room.center().y()), _limited(current / self._most()), room)
        self._draw_triode(painter, QPointF(right, room.center().y()), triode, voltage)
        drawing.numbers(painter, self, column)

    def _triode(self, voltage: float | None) -> float | None:
        if voltage is None or abs(voltage) > 1e6:
            return None
        return self.parameter("mu", 0.0) * (voltage - voltage**3 / 3)

    def _most(self) -> float:
        """The largest current of the coil along the trajectory."""
        run = self.trajectory
        if run is None or len(run.y) < 2 or not run.t.size:
            return 1.0
        x, y = np.clip(np.nan_to_num(run.y[:2]), -1e6, 1e6)
        most = float(np.abs(self.parameter("mu", 0.0) * (x - x**3 / 3) - y).max())
        return most if most > 0 else 1.0

    @staticmethod
    def _draw_wires(painter: QPainter, room: QRectF) -> None:
        painter.setPen(drawing.pen("ink", 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(room, 6, 6)
        x = room.center().x()
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("ink"))
        for y in (room.top(), room.bottom()):
            painter.drawEllipse(QPointF(x, y), 3, 3)

    def _draw_capacitor(self, painter: QPainter, at: QPointF, share: float, room: QRectF) -> None:
        gap, half = 9.0, min(26.0, room.width() * 0.16)
        painter.fillRect(QRectF(at.x() - 3, at.y() - gap, 6, 2 * gap), theme().color("surface"))
        field = QRectF(at.x() - half, at.y() - gap, 2 * half, 2 * gap)
        painter.fillRect(field, theme().color("v1", 0.32 * abs(share)))
        painter.setPen(drawing.pen("ink", 2.6))
        for side in (-1, 1):
            y = at.y() + side * gap
            painter.drawLine(QPointF(at.x() - half, y), QPointF(at.x() + half, y))
        count = round(_CHARGES * abs(share))
        painter.setFont(fonts.ui(11, 600))
        painter.setPen(theme().color("v1"))
        for i in range(count):
            x = at.x() + half * (2 * (i + 0.5) / _CHARGES - 1) * 0.94
            for side in (-1, 1):
                sign = "+" if side * share < 0 else "−"
                box = QRectF(x - 6, at.y() + side * (gap + 9) - 7, 12, 14)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)
        learned = self.value(0, learned=True)
        if learned is not None:
            shift = half * _limited(learned / self.largest(0))
            painter.setPen(drawing.pen("learned", 2.5))
            painter.drawLine(QPointF(at.x() + shift, at.y() - gap + 3), QPointF(at.x() + shift, at.y() + gap - 3))

    @staticmethod
    def _draw_coil(painter: QPainter, at: QPointF, share: float, room: QRectF) -> None:
        radius = min(9.0, room.height() / 18)
        height = 2 * radius * _TURNS
        painter.fillRect(QRectF(at.x() - 3, at.y() - height / 2, 6, height), theme().color("surface"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for k in range(3, 0, -1):
            painter.setPen(drawing.pen("v2", 1.4, 0.75 * abs(share) * (1.15 - 0.3 * k)))
            painter.drawEllipse(at, 10 + 11.0 * k, height / 2 + 2 + 6.0 * k)
        path = QPainterPath(QPointF(at.x(), at.y() - height / 2))
        for i in range(_TURNS):
            y = at.y() - height / 2 + 2 * radius * i
            path.cubicTo(
                QPointF(at.x() + 2.6 * radius, y - 0.2 * radius),
                QPointF(at.x() + 2.6 * radius, y + 2.2 * radius),
                QPointF(at.x(), y + 2 * radius),
            )
        painter.setPen(drawing.pen("ink", 2.2))
        painter.drawPath(path)
        length = 34 * share
        tail = QPointF(at.x() - 16, at.y() - length / 2)
        drawing.arrow(painter, tail, tail + QPointF(0, length), "v2", 2.2)

    def _draw_triode(self, painter: QPainter, at: QPointF, current: float | None, voltage: float | None) -> None:
        painter.setPen(drawing.pen("ink", 2))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(at, 21, 21)
        painter.setPen(drawing.pen("ink", 2))
        painter.drawLine(at + QPointF(-9, -9), at + QPointF(9, -9))
        painter.drawLine(at + QPointF(-9, 10), at + QPointF(9, 10))
        painter.setPen(drawing.pen("text2", 1.6, dash=(2, 2)))
        painter.drawLine(at + QPointF(-12, 0), at + QPointF(12, 0))
        if current is None or voltage is None or self.parameter("mu", 0.0) == 0:
            return
        feeds = current * voltage > 0
        words = "feeds" if feeds else "damps"
        painter.setFont(fonts.ui(11, 500))
        painter.setPen(theme().color("ok" if feeds else "warn"))
        box = QRectF(at.x() - 24, at.y() + 27, 48, 16)
        painter.fillRect(box.adjusted(4, 0, -4, 0), theme().color("surface"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _limited(share: float) -> float:
    return min(max(share, -1.0), 1.0) if math.isfinite(share) else 0.0
