"""Strokes and stages that several drawings share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import readouts
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.screen import draw_polyline
from odeplayground.gui.theme import theme

_ROOM_FOR_NUMBERS = 300
_MARGIN = 14.0
_FADES = 8
"""Pieces of a trail, each fainter than the one after it."""


class Backdrop:
    """What stands still behind a drawing: painted once for each size and theme, and kept.

    How it is painted is told each time: kept, a widget's method would hold the widget in a cycle.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._picture = QPixmap()

    def draw(
        self, painter: QPainter, room: QRectF, paint: Callable[[QPainter, QRectF], None], kind: object = None
    ) -> None:
        """Paint it into the room; it is painted anew where it is of another kind."""
        ratio = painter.device().devicePixelRatioF()
        key = (room.width(), room.height(), ratio, theme().tokens, kind)
        if key != self._key:
            self._key = key
            self._picture = QPixmap(math.ceil(ratio * room.width()), math.ceil(ratio * room.height()))
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._picture)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(inner, QRectF(0, 0, room.width(), room.height()))
            inner.end()
        painter.drawPixmap(room.topLeft(), self._picture)


class Stamp:
    """A figure that is drawn in many places: filled once for each size and colour, and kept."""

    def __init__(self, figure: Callable[[], QPainterPath]) -> None:
        self._figure = figure
        self._kept: dict[str, tuple[tuple[object, ...], QPixmap, QPointF]] = {}

    def draw(self, painter: QPainter, places: Sequence[QPointF], size: float, token: str) -> None:
        """Draw it standing at these places. The size is that of one unit of its path."""
        picture, corner = self._picture(size, token, painter.device().devicePixelRatioF())
        for place in places:
            painter.drawPixmap(place + corner, picture)

    def _picture(self, size: float, token: str, ratio: float) -> tuple[QPixmap, QPointF]:
        key = (size, ratio, theme().tokens)
        known = self._kept.get(token)
        if known is not None and known[0] == key:
            return known[1], known[2]
        box = QTransform.fromScale(size, size).mapRect(self._figure().boundingRect()).adjusted(-1, -1, 1, 1)
        picture = QPixmap(math.ceil(ratio * box.width()), math.ceil(ratio * box.height()))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-box.topLeft())
        painter.scale(size, size)
        painter.fillPath(self._figure(), theme().color(token))
        painter.end()
        self._kept[token] = (key, picture, box.topLeft())
        return picture, box.topLeft()


def pen(token: str, width: float, alpha: float = 1.0, dash: Sequence[float] | None = None) -> QPen:
    """A pen with round ends in a colour of the theme."""
    result = QPen(theme().color(token, alpha), width)
    result.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.RoundCap)
    result.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        result.setDashPattern(list(dash))
    return result


def stage(widget: QWidget, largest: tuple[float, float] = (420.0, 320.0)) -> tuple[QRectF, float | None]:
    """Room for the thing, and where the numbers beside it begin if there is room for them."""
    width, height = float(widget.width()), float(widget.height())
    numbers = readouts.WIDTH + _MARGIN if width >= _ROOM_FOR_NUMBERS else 0.0
    wide = min(width - numbers - 2 * _MARGIN, largest[0])
    tall = min(height - 2 * _MARGIN, largest[1])
    left = (width - wide - numbers) / 2
    room = QRectF(left, (height - tall) / 2, wide, tall)
    return room, room.right() + _MARGIN if numbers else None


def numbers(painter: QPainter, animation: ThingAnimation, left: float | None, bars: bool = True) -> None:
    """The states as rows beside the thing, with a mark for the learned system."""
    if left is not None:
        rows = readouts.of_states(animation, bars=bars)
        readouts.paint(painter, rows, left, animation.height() / 2, animation.height() - 16)


def polyline(painter: QPainter, x: np.ndarray, y: np.ndarray) -> None:
    """One connected line through (n,) points in pixels."""
    draw_polyline(painter, np.stack([x, y], axis=-1))


def trail(painter: QPainter, x: np.ndarray, y: np.ndarray, token: str, width: float = 2.5, alpha: float = 0.55) -> None:
    """A line (n,) that fades towards its beginning."""
    if x.size < 2:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ends = np.linspace(0, x.size - 1, _FADES + 1).astype(int)
    for i in range(_FADES):
        first, last = int(ends[i]), int(ends[i + 1])
        if last > first:
            line = pen(token, width, alpha * ((i + 1) / _FADES) ** 1.6)
            line.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(line)
            polyline(painter, x[first : last + 1], y[first : last + 1])


def arrow(painter: QPainter, tail: QPointF, tip: QPointF, token: str, width: float = 2.0) -> None:
    """A straight arrow with a small filled head; nothing where it would be too short."""
    along = tip - tail
    length = math.hypot(along.x(), along.y())
    if length < 4:
        return
    unit = along / length
    size = min(7.0, 0.6 * length)
    neck = tip - unit * size
    side = QPointF(-unit.y(), unit.x()) * (0.55 * size)
    painter.setPen(pen(token, width))
    painter.drawLine(tail, neck)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(token))
    painter.drawPolygon(QPolygonF([tip, neck + side, neck - side]))


def disc(painter: QPainter, at: QPointF, radius: float, token: str, rim: str = "surface", width: float = 2.0) -> None:
    """A filled disc with a rim."""
    painter.setPen(QPen(theme().color(rim), width))
    painter.setBrush(theme().color(token))
    painter.drawEllipse(at, radius, radius)


def spread(count: int) -> np.ndarray:
    """Places in the unit square that fill it evenly: the R2 sequence of Roberts (2018), (count, 2)."""
    plastic = 1.32471795724474602596
    return (0.5 + np.arange(1, count + 1)[:, None] * np.array([1 / plastic, 1 / plastic**2])) % 1.0
