"""A steel strip between two magnets, shaken: the first state is how far its end is from the middle.

F. C. Moon and P. J. Holmes, A magnetoelastic strange attractor, Journal of Sound and Vibration 65 (1979), 275–296.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.theme import theme


class Beam(ThingAnimation):
    """The frame shakes as gamma cos(omega t) says; the magnets stand at -1 and 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Strip between magnets", parent)

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (300.0, 260.0))
        unit = min(room.width() * 0.42 / max(1.7, self.largest(0)), room.height() * 0.4)
        shake = self.parameter("gamma", 0.0) * math.cos(self.parameter("omega", 1.0) * self.time)
        shift = QPointF(min(max(10.0 * shake, -20.0), 20.0), 0.0)
        top = QPointF(room.center().x(), room.top() + 14) + shift
        bottom = room.bottom() - 30
        self._draw_frame(painter, room, shift, top, bottom, unit)
        for learned in (True, False):
            value = self.value(0, learned)
            if value is not None:
                self._draw_strip(painter, top, bottom - 26, min(max(value * unit, -400.0), 400.0), learned)
        drawing.numbers(painter, self, column)

    @staticmethod
    def _draw_frame(painter: QPainter, room: QRectF, shift: QPointF, top: QPointF, bottom: float, unit: float) -> None:
        half = max(1.35 * unit, 40.0) + 16
        painter.setPen(drawing.pen("ink", 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, right = top.x() - half, top.x() + half
        painter.drawLine(QPointF(left, top.y()), QPointF(right, top.y()))
        painter.drawLine(QPointF(left, top.y()), QPointF(left, bottom))
        painter.drawLine(QPointF(right, top.y()), QPointF(right, bottom))
        painter.drawLine(QPointF(left, bottom), QPointF(right, bottom))
        painter.setPen(drawing.pen("text3", 1, dash=(2, 3)))
        still = top.x() - shift.x()
        painter.drawLine(QPointF(still, bottom + 6), QPointF(still, bottom + 18))
        drawing.arrow(painter, QPointF(still, bottom + 12), QPointF(still, bottom + 12) + shift * 1.5, "text2", 2)
        painter.setPen(Qt.PenStyle.NoPen)
        for side in (-1, 1):
            magnet = QRectF(top.x() + side * unit - 13, bottom - 18, 26, 17)
            painter.setBrush(theme().color("text3"))
            painter.drawRoundedRect(magnet, 3, 3)
            painter.setBrush(theme().color("border"))
            painter.drawRoundedRect(magnet.adjusted(0, 0, 0, -9), 3, 3)

    @staticmethod
    def _draw_strip(painter: QPainter, top: QPointF, bottom: float, away: float, learned: bool) -> None:
        """The end of a strip that is clamped above moves sideways with the cube of the height, nearly."""
        length = bottom - top.y()
        path = QPainterPath(top)
        tip = QPointF(top.x() + away, bottom - 0.35 * away * away / max(length, 1.0))
        path.cubicTo(top + QPointF(0, 0.45 * length), tip - QPointF(0.45 * away, 0.38 * length), tip)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(drawing.pen("learned", 2, dash=(3, 2.5)) if learned else drawing.pen("ink", 3.5))
        painter.drawPath(path)
        if not learned:
            drawing.disc(painter, tip, 6, "v1")
