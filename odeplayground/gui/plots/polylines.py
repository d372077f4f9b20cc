"""Many curves as one item: several hundred items of their own would take four times as long to paint."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from odeplayground.gui.plots.geometry import Bundle, Chunks, Floats, clip, distance
from odeplayground.gui.plots.screen import Mapping, ScreenItem, draw_polyline
from odeplayground.gui.plots.stroke import Stroke

_MARGIN = 4.0
_FAR = 200.0
"""Lines are cut this many pixels outside the view, where nobody sees the end."""
_MANY = 20_000


class Polylines(ScreenItem):
    """Curves in data coordinates, all with the same stroke. Gaps are non-finite points."""

    def __init__(self, stroke: Stroke, z: float) -> None:
        super().__init__(z)
        self._stroke = stroke
        self._bundle = Bundle.of(())
        self._chunks: Chunks | None = None
        self._scale = (0.0, 0.0)

    def set_curves(self, curves: Iterable[Floats]) -> None:
        """Replace all curves, each (k, 2)."""
        self._bundle = Bundle.of(curves)
        self._chunks = None
        self.refresh(self._bundle.starts.size > 0)

    def set_stroke(self, stroke: Stroke) -> None:
        """Change how all curves look."""
        if stroke != self._stroke:
            self._stroke = stroke
            self._chunks = None
            self.update()

    @property
    def stroke(self) -> Stroke:
        return self._stroke

    def hit(self, mapping: Mapping, x: float, y: float, tolerance: float) -> tuple[int, float] | None:
        """The nearest curve within a tolerance of a pixel, and its distance in pixels."""
        chunks = self._at(mapping)
        u, v = x - mapping.tx, y - mapping.ty
        near = chunks.near(u - tolerance, v - tolerance, u + tolerance, v + tolerance)
        best: tuple[int, float] | None = None
        for i in near:
            away = distance(chunks.points[chunks.starts[i] : chunks.stops[i]], u, v)
            if away <= tolerance and (best is None or away < best[1]):
                best = (int(chunks.curve[i]), away)
        return best

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        if not self._bundle.starts.size:
            return
        chunks = self._at(mapping)
        seen = exposed.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN).translated(-mapping.tx, -mapping.ty)
        visible = chunks.near(seen.left(), seen.top(), seen.right(), seen.bottom())
        if not visible.size:
            return
        pen = self._pen(painter, int((chunks.stops - chunks.starts)[visible].sum()))
        painter.setPen(pen)
        # A long wide line is one huge outline to Qt, and slow; short pieces with round ends look the same.
        wide = self._stroke.width > 1 and not self._stroke.dash
        pieces = [(int(i), int(i)) for i in visible] if wide else chunks.joined(visible)
        far = view.adjusted(-_FAR, -_FAR, _FAR, _FAR)
        limits = (far.left(), far.top(), far.right(), far.bottom())
        for first, last in pieces:
            self._piece(painter, pen, mapping, chunks, (first, last), limits)

    def _piece(
        self,
        painter: QPainter,
        pen: QPen,
        mapping: Mapping,
        chunks: Chunks,
        piece: tuple[int, int],
        limits: tuple[float, float, float, float],
    ) -> None:
        first, last = piece
        begin, end = chunks.starts[first], chunks.stops[last]
        points = chunks.points[begin:end] + np.array([mapping.tx, mapping.ty])
        box = chunks.boxes[:, first : last + 1]
        left, bottom = box[0].min() + mapping.tx, box[1].min() + mapping.ty
        right, top = box[2].max() + mapping.tx, box[3].max() + mapping.ty
        inside = left >= limits[0] and bottom >= limits[1] and right <= limits[2] and top <= limits[3]
        for part, way in [(points, 0.0)] if inside else clip(points, limits):
            if self._stroke.dash:
                # The dashes must not move when only a part of the curve is painted again.
                offset = np.fmod(chunks.length[begin] + way, sum(self._stroke.dash))
                pen.setDashOffset(float(offset) / self._stroke.width)
                painter.setPen(pen)
            draw_polyline(painter, part)

    def _at(self, mapping: Mapping) -> Chunks:
        scale = (mapping.sx, mapping.sy)
        if self._chunks is None or scale != self._scale:
            self._chunks = Chunks.of(self._bundle, *scale, dashed=bool(self._stroke.dash))
            self._scale = scale
        return self._chunks

    def _pen(self, painter: QPainter, n_points: int) -> QPen:
        pen = self._stroke.pen()
        if n_points > _MANY and self._stroke.width <= 1 and painter.device().devicePixelRatioF() > 1:
            pen.setCosmetic(True)  # hair lines: anything wider takes many times as long
        return pen
