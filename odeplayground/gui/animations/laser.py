"""A laser: the first state is the light between its mirrors, the second how many atoms are excited."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.theme import theme

_ATOMS = 60


class Laser(ThingAnimation):
    """Excited atoms are filled; the beam is as bright as there is light, and leaves through the right mirror."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Laser", parent)
        self._places = drawing.spread(_ATOMS)

    def excited(self) -> np.ndarray:
        """Which atoms are excited, (n,)."""
        value = self.value(1)
        share = 0.0 if value is None else min(max(value / self.largest(1), 0.0), 1.0)
        return (np.arange(_ATOMS) * 0.618034) % 1.0 < share

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (420.0, 200.0))
        rod = QRectF(room.left() + 22, room.center().y() - 34, room.width() * 0.62, 68)
        light = self.value(0)
        bright = 0.0 if light is None else min(max(light / self.largest(0), 0.0), 1.0)
        learned = self.value(0, learned=True)
        self._draw_beam(painter, room, rod, math.sqrt(bright))
        if learned is not None:
            half = 4 + 20 * math.sqrt(min(max(learned / self.largest(0), 0.0), 1.0))
            painter.setPen(drawing.pen("learned", 1.8, dash=(3, 2.5)))
            for side in (-1, 1):
                y = rod.center().y() + side * half
                painter.drawLine(QPointF(rod.right() + 8, y), QPointF(room.right(), y))
        self._draw_atoms(painter, rod)
        painter.setPen(drawing.pen("ink", 4))
        painter.drawLine(QPointF(rod.left() - 8, rod.top() - 8), QPointF(rod.left() - 8, rod.bottom() + 8))
        painter.setPen(drawing.pen("ink", 2, dash=(3, 2)))
        painter.drawLine(QPointF(rod.right() + 8, rod.top() - 8), QPointF(rod.right() + 8, rod.bottom() + 8))
        drawing.numbers(painter, self, column)

    @staticmethod
    def _draw_beam(painter: QPainter, room: QRectF, rod: QRectF, bright: float) -> None:
        half = 4 + 20 * bright
        painter.setPen(Qt.PenStyle.NoPen)
        for left, right, share in ((rod.left() - 8, rod.right() + 8, 0.75), (rod.right() + 8, room.right(), 0.5)):
            beam = QRectF(left, rod.center().y() - half, right - left, 2 * half)
            glow = QLinearGradient(beam.topLeft(), beam.bottomLeft())
            for place, strength in ((0.0, 0.0), (0.35, 0.7), (0.5, 1.0), (0.65, 0.7), (1.0, 0.0)):
                glow.setColorAt(place, theme().color("v1", strength * share * bright))
            painter.setBrush(glow)
            painter.drawRect(beam)

    def _draw_atoms(self, painter: QPainter, rod: QRectF) -> None:
        painter.setPen(drawing.pen("border", 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rod, 8, 8)
        excited = self.excited()
        paths = {True: QPainterPath(), False: QPainterPath()}
        for (u, v), up in zip(self._places.tolist(), excited.tolist(), strict=True):
            at = QPointF(rod.left() + 8 + u * (rod.width() - 16), rod.top() + 8 + v * (rod.height() - 16))
            paths[up].addEllipse(at, 2.8, 2.8)
        painter.setPen(drawing.pen("v2", 1.2, 0.45))
        painter.drawPath(paths[False])
        painter.setPen(drawing.pen("v2", 1.2))
        painter.setBrush(theme().color("v2"))
        painter.drawPath(paths[True])
