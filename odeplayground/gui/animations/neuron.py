"""A nerve cell: the first state is the voltage of its membrane, the others open and close its channels."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import mix, variable_token
from odeplayground.gui.theme import fonts, symbols, theme

_PAST = 0.4
"""Share of the time span that the trace of the voltage goes back."""
_SAMPLES = 160
_MOST_GATES = 4
_IONS = 7


class Neuron(ThingAnimation):
    """The trace of the voltage; below it the membrane, tinted as the voltage is, with a gate for every other state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Nerve cell", parent)
        self._lipids = drawing.Backdrop()

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (420.0, 300.0))
        trace = QRectF(room.left(), room.top(), room.width(), room.height() * 0.42)
        cell = QRectF(room.left(), trace.bottom() + 14, room.width(), room.bottom() - trace.bottom() - 14)
        self._draw_trace(painter, trace)
        self._draw_membrane(painter, cell)
        drawing.numbers(painter, self, column)

    def _draw_trace(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(drawing.pen("zero", 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        if not self.ranges or self.trajectory is None or self.trajectory.t.size < 2:
            return
        low, high = self.ranges[0]
        span = float(self.trajectory.t[-1] - self.trajectory.t[0])
        now = room.right() - 14

        def height(value: float) -> float:
            share = (value - low) / (high - low) if high > low else 0.5
            return room.bottom() - 5 - min(max(share, 0.0), 1.0) * (room.height() - 12)

        (voltage,) = self.past((0,), _PAST * span, _SAMPLES) if span > 0 else np.empty((1, 0))
        if voltage.size:
            begin = max(self.time - _PAST * span, float(self.trajectory.t[0]))
            length = (now - room.left()) * (self.time - begin) / (_PAST * span)
            x = np.linspace(now - length, now, voltage.size)
            painter.setPen(drawing.pen("v1", 1.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            drawing.polyline(painter, x, np.array([height(value) for value in voltage]))
        value, learned = self.value(0), self.value(0, learned=True)
        if learned is not None:
            drawing.disc(painter, QPointF(now, height(learned)), 4.5, "surface", "learned", 1.8)
        if value is not None:
            drawing.disc(painter, QPointF(now, height(value)), 5, "v1")

    def _draw_membrane(self, painter: QPainter, room: QRectF) -> None:
        excited = self.share(0) or 0.0
        thick, middle = _membrane(room, len(self.states) - 1)
        inside = QRectF(room.left(), middle + thick / 2, room.width(), room.bottom() - middle - thick / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme().color("v1"), theme().color("surface"), 0.05 + 0.4 * excited))
        painter.drawRoundedRect(inside, 6, 6)
        places = self._gates(room)
        self._lipids.draw(painter, room, self._draw_lipids, len(places))
        for i, x in enumerate(places, start=1):
            self._draw_gate(painter, i, QPointF(x, middle), thick, inside)

    def _gates(self, room: QRectF) -> list[float]:
        count = max(0, min(len(self.states) - 1, _MOST_GATES))
        return [room.left() + room.width() * (k + 0.5) / count for k in range(count)]

    def _draw_lipids(self, painter: QPainter, room: QRectF) -> None:
        """Two rows of heads with their tails inwards, but where a channel is."""
        thick, middle = _membrane(room, len(self.states) - 1)
        gaps = self._gates(room)
        heads, tails = QPainterPath(), QPainterPath()
        step = max(7.0, thick * 0.42)
        for k in range(int(room.width() / step)):
            x = room.left() + (k + 0.5) * step
            if any(abs(x - gap) < 0.85 * thick for gap in gaps):
                continue
            for side in (-1, 1):
                y = middle + side * thick / 2
                heads.addEllipse(QPointF(x, y), 0.32 * step, 0.32 * step)
                tails.moveTo(x, y)
                tails.lineTo(x, middle + side * 1.5)
        painter.setPen(drawing.pen("border", 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(tails)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("text3"))
        painter.drawPath(heads)

    def _draw_gate(self, painter: QPainter, i: int, at: QPointF, thick: float, inside: QRectF) -> None:
        token, opened = variable_token(i), self.share(i) or 0.0
        gap = 1.5 + 0.5 * thick * opened
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(token))
        wide, tall = 0.42 * thick, 1.5 * thick
        for side in (-1, 1):
            left = at.x() + side * gap - (wide if side < 0 else 0)
            painter.drawRoundedRect(QRectF(left, at.y() - tall / 2, wide, tall), 0.18 * thick, 0.18 * thick)
        learned = self.share(i, learned=True)
        if learned is not None:
            away = 1.5 + 0.5 * thick * learned + wide / 2
            painter.setPen(drawing.pen("learned", 2))
            for side in (-1, 1):
                x = at.x() + side * away
                painter.drawLine(QPointF(x, at.y() - tall * 0.62), QPointF(x, at.y() + tall * 0.62))
        self._draw_ions(painter, at, opened, thick, token)
        painter.setFont(fonts.math(15))
        painter.setPen(theme().color(token))
        box = QRectF(at.x() - 40, inside.bottom() - 24, 80, 20)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, symbols.symbol(self.states[i]))

    def _draw_ions(self, painter: QPainter, at: QPointF, opened: float, thick: float, token: str) -> None:
        """Specks that pass while the gate is open."""
        if opened < 0.15 or not math.isfinite(self.time) or self.trajectory is None or self.trajectory.t.size < 2:
            return
        pace = 40.0 / float(self.trajectory.t[-1] - self.trajectory.t[0])
        painter.setPen(Qt.PenStyle.NoPen)
        for k in range(round(_IONS * opened)):
            along = (pace * self.time * 0.5 + k / _IONS) % 1.0
            painter.setBrush(theme().color(token, math.sin(math.pi * along)))
            painter.drawEllipse(QPointF(at.x(), at.y() + (along - 0.5) * 3.2 * thick), 2.0, 2.0)


def _membrane(room: QRectF, gates: int) -> tuple[float, float]:
    """Its thickness and the height of its middle."""
    between = room.width() / max(1, min(gates, _MOST_GATES))
    return min(22.0, room.height() * 0.22, between * 0.26), room.top() + room.height() * 0.42
