"""The direction field: one item, one call for all arrows."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from odeplayground.gui.plots.screen import Floats, Layer, Mapping, draw_lines
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.session.scene import ArrowField

_REACH = 0.86
"""Length of the longest arrow in cells."""
_SHORTEST = 0.28
_QUANTILE = 0.92
_HEAD_ANGLE = 0.5
_CELL = (14.0, 44.0)
_LEVELS = 4


class Arrows(Layer):
    """Arrows at fixed places in data, with lengths in pixels: direction counts, speed is only hinted at."""

    def __init__(self, stroke: Stroke, z: float) -> None:
        super().__init__(z)
        self._stroke = stroke
        self._source: ArrowField | None = None
        self._given: Floats | None = None
        self._field: Floats = np.empty((4, 0))
        self._spacing = (0.0, 0.0)
        self._strength: Floats | None = None
        self._lines: Floats = np.empty((0, 3, 4))
        self._mapping: Mapping | None = None

    def set_field(self, field: ArrowField | None, strength: Floats | None = None) -> None:
        """Replace the arrows. ``strength`` from 0 to 1 per arrow scales the opacity, in a few levels."""
        if field is self._source and _same(strength, self._given):
            return
        self._source, self._given = field, strength
        rows = np.empty((4, 0)) if field is None else np.array([field.x, field.y, field.u, field.v], dtype=float)
        good = np.isfinite(rows).all(axis=0) & (np.abs(rows) < 1e100).all(axis=0)
        good &= (rows[2] != 0) | (rows[3] != 0)
        self._field = rows[:, good]
        self._spacing = (_spacing(rows[0]), _spacing(rows[1]))
        self._strength = None if strength is None else np.asarray(strength, dtype=float)[good]
        self._mapping = None
        self.refresh(self._field.size > 0)

    def set_stroke(self, stroke: Stroke) -> None:
        """Change how all arrows look."""
        if stroke != self._stroke:
            self._stroke = stroke
            self.update()

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        if not self._field.size:
            return
        if mapping != self._mapping:
            self._lines = _segments(self._field, mapping, self._cell(mapping))
            self._mapping = mapping
        seen = exposed.adjusted(-_CELL[1], -_CELL[1], _CELL[1], _CELL[1])
        tip_x, tip_y = self._lines[:, 0, 2], self._lines[:, 0, 3]
        visible = (tip_x > seen.left()) & (tip_x < seen.right()) & (tip_y > seen.top()) & (tip_y < seen.bottom())
        if self._strength is None:
            painter.setPen(self._stroke.pen())
            draw_lines(painter, self._lines[visible].reshape(-1, 4))
            return
        level = np.ceil(np.clip(self._strength, 0, 1) * _LEVELS).astype(int)
        for i in range(1, _LEVELS + 1):
            pen = self._stroke.pen()
            color = pen.color()
            color.setAlphaF(color.alphaF() * i / _LEVELS)
            pen.setColor(color)
            painter.setPen(pen)
            draw_lines(painter, self._lines[visible & (level == i)].reshape(-1, 4))

    def _cell(self, mapping: Mapping) -> float:
        sizes = [size for size in (abs(self._spacing[0] * mapping.sx), abs(self._spacing[1] * mapping.sy)) if size > 0]
        return float(np.clip(min(sizes, default=32.0), *_CELL))


def _same(one: Floats | None, other: Floats | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


def _spacing(values: Floats) -> float:
    levels = np.unique(values[np.isfinite(values)])
    return float((levels[-1] - levels[0]) / (levels.size - 1)) if levels.size > 1 else 0.0


def _segments(field: Floats, mapping: Mapping, cell: float) -> Floats:
    """(k, 3, 4) segments: the shaft and the two halves of the head of every arrow."""
    x, y, u, v = field
    px, py = mapping.sx * x + mapping.tx, mapping.sy * y + mapping.ty
    dx, dy = mapping.sx * u, mapping.sy * v
    speed = np.hypot(dx, dy)
    fast = max(float(np.quantile(speed, _QUANTILE)), 1e-300)
    length = cell * _REACH * (_SHORTEST + (1 - _SHORTEST) * np.sqrt(np.minimum(speed / fast, 1.0)))
    ux, uy = dx / speed, dy / speed
    head = np.clip(length * 0.28, 3.0, 5.2)
    cos, sin = math.cos(_HEAD_ANGLE), math.sin(_HEAD_ANGLE)
    tip_x, tip_y = px + ux * length / 2, py + uy * length / 2
    rows = [np.stack([px - ux * length / 2, py - uy * length / 2, tip_x, tip_y], axis=-1)]
    for side in (1.0, -1.0):
        end_x = tip_x - head * (ux * cos - side * uy * sin)
        end_y = tip_y - head * (uy * cos + side * ux * sin)
        rows.append(np.stack([tip_x, tip_y, end_x, end_y], axis=-1))
    return np.stack(rows, axis=1)


def disagreement(first: ArrowField, second: ArrowField) -> Floats | None:
    """How much two fields on the same grid differ, from 0 (equal) to 1 (opposite or quite another speed), (k,).

    Components are scaled by their own spread, so that the units of the axes do not matter. ``None`` if the grids
    differ.
    """
    if first.x.shape != second.x.shape or not (np.array_equal(first.x, second.x) and np.array_equal(first.y, second.y)):
        return None
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        scale_u, scale_v = (max(float(np.nanmedian(np.abs(row))), 1e-300) for row in (first.u, first.v))
        apart = np.hypot((first.u - second.u) / scale_u, (first.v - second.v) / scale_v)
        size = np.hypot(first.u / scale_u, first.v / scale_v) + np.hypot(second.u / scale_u, second.v / scale_v)
        share = np.where(size == 0, 0.0, 2 * apart / size)
    return np.clip(np.nan_to_num(share, nan=1.0, posinf=1.0), 0.0, 1.0)
