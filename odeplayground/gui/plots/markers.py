"""Signs at places: equilibria, samples, starting points and the dot that plays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from odeplayground.gui.plots.screen import Floats, Layer, Mapping
from odeplayground.gui.theme import theme
from odeplayground.spec import EquilibriumKind

_REACH = 14.0
_CROWD = 40
"""So many equal signs at once are stamped."""
_STAMP = 6.0
"""Half the size of a stamp."""


class Sign(Enum):
    """The shapes of equilibria: filled attracts, hollow repels, a cross does both."""

    FILLED = "filled"
    RING = "ring"
    CROSS = "cross"
    CENTRE = "centre"
    DIAMOND = "diamond"


SIGNS: dict[EquilibriumKind, Sign] = {
    EquilibriumKind.STABLE_NODE: Sign.FILLED,
    EquilibriumKind.STABLE_FOCUS: Sign.FILLED,
    EquilibriumKind.UNSTABLE_NODE: Sign.RING,
    EquilibriumKind.UNSTABLE_FOCUS: Sign.RING,
    EquilibriumKind.SADDLE: Sign.CROSS,
    EquilibriumKind.CENTRE: Sign.CENTRE,
    EquilibriumKind.DEGENERATE: Sign.DIAMOND,
}


def paint_sign(painter: QPainter, place: QPointF, sign: Sign, learned: bool = False, scale: float = 1.0) -> None:
    """Draw the sign of an equilibrium, also for tables and legends.

    The true one has a halo in the surface's colour. The learned one is violet, a little larger and has none, so that
    its rim shows when it lies under the true one.
    """
    ink = theme().color("learned" if learned else "ink")
    surface = theme().color("surface")
    radius = (7.0 if learned else 4.6) * scale
    halo = 0.0 if learned else 1.6 * scale
    if sign is Sign.CROSS:
        _cross(painter, place, (5.8 if learned else 4.3) * scale, 2.8 * scale, halo, ink, surface)
        return
    hollow = sign is not Sign.FILLED
    line = 1.8 * scale
    if halo:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(surface)
        _outline(painter, place, sign, radius + halo)
    painter.setPen(QPen(ink, line) if hollow else Qt.PenStyle.NoPen)
    inside = QBrush(ink) if not hollow else QBrush() if learned else QBrush(surface)
    painter.setBrush(inside)
    _outline(painter, place, sign, radius - (line / 2 if hollow else 0.0))
    if sign is Sign.CENTRE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(place, 1.7 * scale, 1.7 * scale)


def _outline(painter: QPainter, place: QPointF, sign: Sign, radius: float) -> None:
    if sign is Sign.DIAMOND:
        r = radius * 1.25
        corners = [QPointF(0, -r), QPointF(r, 0), QPointF(0, r), QPointF(-r, 0)]
        painter.drawPolygon(QPolygonF([place + corner for corner in corners]))
    else:
        painter.drawEllipse(place, radius, radius)


def _cross(
    painter: QPainter, place: QPointF, arm: float, width: float, halo: float, ink: QColor, surface: QColor
) -> None:
    for color, thickness in ((surface, width + 2 * halo), (ink, width)):
        if color is surface and not halo:
            continue
        pen = QPen(color, thickness)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for side in (1, -1):
            painter.drawLine(place + QPointF(-arm, -side * arm), place + QPointF(arm, side * arm))


@dataclass(frozen=True)
class Place:
    """A sign at a point of the plane."""

    x: float
    y: float
    sign: Sign


class Equilibria(Layer):
    """The signs of all equilibria of one field."""

    def __init__(self, z: float, learned: bool) -> None:
        super().__init__(z)
        self._learned = learned
        self._places: tuple[Place, ...] = ()

    def set_places(self, places: Sequence[Place]) -> None:
        """Replace all signs."""
        finite = tuple(place for place in places if math.isfinite(place.x) and math.isfinite(place.y))
        if finite != self._places:
            self._places = finite
            self.refresh(bool(finite))

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        seen = exposed.adjusted(-_REACH, -_REACH, _REACH, _REACH)
        for place in self._places:
            pixel = mapping.point(place.x, place.y)
            if seen.contains(pixel):
                paint_sign(painter, pixel, place.sign, self._learned)


class Samples(Layer):
    """Measured points: small hollow dots."""

    def __init__(self, z: float, token: str = "text2", diameter: float = 5.0) -> None:
        super().__init__(z)
        self._token = token
        self._radius = diameter / 2
        self._points: Floats = np.empty((0, 2))

    def set_points(self, points: Floats) -> None:
        """Replace all dots, (k, 2); non-finite ones are left out."""
        array = np.asarray(points, dtype=float).reshape(-1, 2)
        finite = array[np.isfinite(array).all(axis=1)]
        if not np.array_equal(finite, self._points):
            self._points = finite
            self.refresh(len(finite) > 0)

    def __len__(self) -> int:
        return len(self._points)

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        pixels = mapping.points(self._points)
        seen = exposed.adjusted(-_REACH, -_REACH, _REACH, _REACH)
        x, y = pixels[:, 0], pixels[:, 1]
        visible = (x > seen.left()) & (x < seen.right()) & (y > seen.top()) & (y < seen.bottom())
        if np.count_nonzero(visible) > _CROWD:
            stamp = _stamp(painter, self._draw_one)
            for px, py in (pixels[visible] - _STAMP).tolist():
                painter.drawPixmap(QPointF(px, py), stamp)
            return
        for px, py in pixels[visible].tolist():
            self._draw_one(painter, QPointF(px, py))

    def _draw_one(self, painter: QPainter, pixel: QPointF) -> None:
        painter.setPen(QPen(theme().color(self._token, 0.9), 1))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(pixel, self._radius, self._radius)


def _stamp(painter: QPainter, draw: Callable[[QPainter, QPointF], None]) -> QPixmap:
    """A picture of a small sign: with hundreds, copies are quicker than circles."""
    scale = painter.deviceTransform().m11()
    stamp = QPixmap(math.ceil(2 * _STAMP * scale), math.ceil(2 * _STAMP * scale))
    stamp.setDevicePixelRatio(scale)
    stamp.fill(Qt.GlobalColor.transparent)
    inner = QPainter(stamp)
    inner.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(inner, QPointF(_STAMP, _STAMP))
    inner.end()
    return stamp


class Dot(pg.GraphicsObject):
    """One disc of fixed size that can be moved without repainting more than its place."""

    def __init__(
        self,
        z: float,
        fill: str,
        radius: float,
        rim: str = "surface",
        rim_width: float = 2.0,
        glow: float = 0.0,
    ) -> None:
        super().__init__()
        self.setZValue(z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self._fill = fill
        self._rim = rim
        self._radius = radius
        self._rim_width = rim_width
        self._glow = glow

    def set_fill(self, token: str) -> None:
        """Change the colour of the disc."""
        if token != self._fill:
            self._fill = token
            self.update()

    def place(self, x: float, y: float) -> None:
        """Move to a point of the plane, or out of sight if it is not a point."""
        good = math.isfinite(x) and math.isfinite(y) and abs(x) < 1e100 and abs(y) < 1e100
        if good:
            self.setPos(x, y)
        self.setVisible(good)

    def boundingRect(self) -> QRectF:
        r = max(self._radius + self._rim_width, self._glow) + 1
        return QRectF(-r, -r, 2 * r, 2 * r)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(0, 0)
        if self._glow:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(self._fill, 0.16))
            painter.drawEllipse(centre, self._glow, self._glow)
        painter.setPen(QPen(theme().color(self._rim), self._rim_width))
        painter.setBrush(theme().color(self._fill))
        painter.drawEllipse(centre, self._radius, self._radius)


class Handles(Layer):
    """Starting points: hollow circles that can be grabbed. One may be under the mouse, one is selected."""

    def __init__(self, z: float) -> None:
        super().__init__(z, live=True)  # the mouse lights and moves them
        self._points: list[tuple[float, float]] = []
        self._selected = -1
        self._hot = -1

    def set_points(self, points: Sequence[tuple[float, float]], selected: int) -> None:
        """Replace all handles."""
        self._points = list(points)
        self._selected = selected
        self.refresh(bool(self._points))

    def move(self, index: int, x: float, y: float) -> None:
        """Move one handle."""
        if 0 <= index < len(self._points):
            self._points[index] = (x, y)
            self.update()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._points)

    def point(self, index: int) -> tuple[float, float]:
        """Where a handle is, in data coordinates."""
        return self._points[index]

    def set_hot(self, index: int) -> None:
        """Light up the handle under the mouse; -1 for none."""
        if index != self._hot:
            self._hot = index
            self.update()

    def hit(self, mapping: Mapping, x: float, y: float, tolerance: float) -> int | None:
        """The nearest handle within a tolerance of a pixel; the selected one wins a tie."""
        best, nearest = None, tolerance
        for i, (px, py) in enumerate(self._points):
            away = math.hypot(mapping.sx * px + mapping.tx - x, mapping.sy * py + mapping.ty - y)
            if away < nearest or (away <= nearest and i == self._selected):
                best, nearest = i, away
        return best

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        seen = exposed.adjusted(-_REACH, -_REACH, _REACH, _REACH)
        with np.errstate(over="ignore", invalid="ignore"):
            pixels = mapping.points(np.array(self._points, dtype=float).reshape(-1, 2))
            inside = (pixels > (seen.left(), seen.top())) & (pixels < (seen.right(), seen.bottom()))
        visible = np.flatnonzero(inside.all(axis=1)).tolist()  # false for what is not finite
        stamp = _stamp(painter, self._draw_one) if len(visible) > _CROWD else None
        for i in visible:
            pixel = QPointF(*pixels[i].tolist())
            if stamp is not None and i not in (self._selected, self._hot):
                painter.drawPixmap(pixel - QPointF(_STAMP, _STAMP), stamp)
            else:
                self._draw_one(painter, pixel, i)

    def _draw_one(self, painter: QPainter, pixel: QPointF, i: int = -2) -> None:
        token = "ink" if i == self._selected else "bundle"
        if i == self._hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent", 0.18))
            painter.drawEllipse(pixel, 10.0, 10.0)
            token = "accent"
        painter.setPen(QPen(theme().color(token), 1.8))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(pixel, 4.2, 4.2)
