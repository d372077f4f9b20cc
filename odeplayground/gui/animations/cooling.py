"""A cup that cools: the first state is its temperature."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import readouts
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots import ticks
from odeplayground.gui.plots.stroke import mix
from odeplayground.gui.theme import fonts, theme

_LARGEST = 130.0
_GAP = 28.0
_TUBE = 8.0
_SCALE = 46.0
"""Room for the thermometer with its numbers."""


class Cooling(ThingAnimation):
    """A cup whose drink turns from warm to cold, steam while it is hot, and a thermometer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Cooling cup", parent)

    def draw(self, painter: QPainter) -> None:
        cup, tube, column = self._layout()
        warmth = self.share(0)
        self._draw_steam(painter, cup, warmth or 0.0)
        self._draw_cup(painter, cup, warmth)
        self._draw_thermometer(painter, tube)
        if column is not None:
            readouts.paint(painter, readouts.of_states(self), column, self.height() / 2, self.height() - 16)

    def _layout(self) -> tuple[QRectF, QRectF, float | None]:
        """Body of the cup, tube of the thermometer, and where the numbers begin if there is room for them."""
        width, height = float(self.width()), float(self.height())
        numbers = readouts.WIDTH + 8 if width >= 300 else 0.0
        side = max(44.0, min((height - 40) * 0.62, (width - numbers - _GAP - _SCALE - 28) / 1.3, _LARGEST))
        total = side * 1.3 + _GAP + _SCALE + numbers
        left = max(12.0, (width - total) / 2)
        cup = QRectF(left, height / 2 - side * 0.4 + side * 0.22, side, side * 0.8)
        reach = min(height - 36, side * 1.5)
        tube = QRectF(left + side * 1.3 + _GAP, height / 2 - reach / 2, _TUBE, reach - _TUBE)
        return cup, tube, tube.left() + _SCALE + 8 if numbers else None

    def _draw_cup(self, painter: QPainter, cup: QRectF, warmth: float | None) -> None:
        ink = theme().color("ink")
        pen = QPen(ink, 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        size = cup.height() * 0.5
        painter.drawEllipse(QRectF(cup.right() - size * 0.45, cup.top() + cup.height() * 0.14, size * 0.95, size))
        body = _body(cup)
        painter.setBrush(theme().color("surface"))
        painter.drawPath(body)
        if warmth is not None:
            drink = QPainterPath()
            drink.addRect(cup.adjusted(0, cup.height() * 0.2, 0, 0))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_drink(cup, warmth))
            painter.drawPath(body.intersected(drink))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen)
            painter.drawPath(body)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        y = cup.bottom() + 7
        painter.drawLine(QPointF(cup.left() - 6, y), QPointF(cup.right() + 6, y))

    def _draw_steam(self, painter: QPainter, cup: QRectF, warmth: float) -> None:
        room = min(cup.top() - 10, cup.height() * 0.6)
        if warmth < 0.02 or room < 8:
            return
        pen = QPen(theme().color("text3", 0.75 * math.sqrt(warmth)), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        height = room * (0.45 + 0.55 * warmth)
        for i in range(3):
            x = cup.left() + cup.width() * (0.28 + 0.22 * i)
            sway = cup.width() * 0.06 * math.sin(0.9 * self.time + 1.9 * i)
            bottom = cup.top() - 7
            path = QPainterPath(QPointF(x, bottom))
            path.cubicTo(
                QPointF(x + 7 + sway, bottom - height * 0.33),
                QPointF(x - 7 + sway, bottom - height * 0.66),
                QPointF(x + sway, bottom - height * (1.0 if i == 1 else 0.8)),
            )
            painter.drawPath(path)

    def _draw_thermometer(self, painter: QPainter, tube: QRectF) -> None:
        if not self.ranges:
            return
        low, high = self.ranges[0]
        room = 0.06 * (high - low) or 1.0
        low, high = low - room, high + room
        bulb = QPointF(tube.center().x(), tube.bottom() + _TUBE * 0.4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("track"))
        painter.drawRoundedRect(tube, _TUBE / 2, _TUBE / 2)
        self._draw_scale(painter, tube, low, high)
        value = self.value(0)
        fill = _warm(self.share(0) or 0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(bulb, _TUBE * 0.95, _TUBE * 0.95)
        if value is not None:
            top = _height(tube, value, low, high)
            painter.drawRoundedRect(QRectF(tube.left(), top, _TUBE, bulb.y() - top), _TUBE / 2, _TUBE / 2)
        learned = self.value(0, learned=True)
        if learned is not None:
            y = _height(tube, learned, low, high)
            painter.setBrush(theme().color("learned"))
            painter.drawRoundedRect(QRectF(tube.left() - 4, y - 1.25, _TUBE + 8, 2.5), 1.2, 1.2)

    def _draw_scale(self, painter: QPainter, tube: QRectF, low: float, high: float) -> None:
        step = ticks.nice_step(high - low, tube.height(), 26.0)
        values = ticks.positions(low, high, step)
        painter.setFont(fonts.ui(11))
        painter.setPen(theme().color("tick"))
        for value, label in zip(values, ticks.plain(values, step), strict=True):
            y = _height(tube, value, low, high)
            painter.drawLine(QPointF(tube.right() + 3, y), QPointF(tube.right() + 6, y))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(tube.right() + 10, y - 8, 44, 16), flags, label)


def _body(cup: QRectF) -> QPainterPath:
    """A cup that narrows towards a round bottom."""
    inset, corner = cup.width() * 0.08, cup.height() * 0.3
    path = QPainterPath(cup.topLeft())
    path.lineTo(cup.topRight())
    path.lineTo(cup.right() - inset, cup.bottom() - corner)
    path.quadTo(QPointF(cup.right() - inset * 1.3, cup.bottom()), QPointF(cup.right() - inset - corner, cup.bottom()))
    path.lineTo(cup.left() + inset + corner, cup.bottom())
    path.quadTo(QPointF(cup.left() + inset * 1.3, cup.bottom()), QPointF(cup.left() + inset, cup.bottom() - corner))
    path.closeSubpath()
    return path


def _warm(share: float) -> QColor:
    return mix(theme().color("v2"), theme().color("num"), share)


def _drink(cup: QRectF, warmth: float) -> QLinearGradient:
    gradient = QLinearGradient(cup.topLeft(), cup.bottomLeft())
    color = _warm(warmth)
    surface = theme().color("surface")
    gradient.setColorAt(0.2, mix(color, surface, 0.85))
    gradient.setColorAt(1.0, mix(color, surface, 0.55))
    return gradient


def _height(tube: QRectF, value: float, low: float, high: float) -> float:
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return tube.bottom() - share * tube.height()
