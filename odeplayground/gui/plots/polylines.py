"""Many curves as one item: several hundred items of their own would take four times as long to paint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from odeplayground.gui.plots import dashes, native_lines
from odeplayground.gui.plots.geometry import Bundle, Chunks, Floats, Ints, clip, distance
from odeplayground.gui.plots.latest import same
from odeplayground.gui.plots.screen import Layer, Mapping, draw_lines, draw_polyline
from odeplayground.gui.plots.stroke import Stroke

_MARGIN = 4.0
_FAR = 200.0
"""Lines are cut this many pixels outside the view, where nobody sees the end."""
_MANY = 20_000


class Polylines(Layer):
    """Curves in data coordinates, all with the same stroke. Gaps are non-finite points."""

    def __init__(self, stroke: Stroke, z: float) -> None:
        super().__init__(z)
        self._stroke = stroke
        self._bundle = Bundle.of(())
        self._source: tuple[object, ...] = ()
        self._chunks: Chunks | None = None
        self._dashes: Floats | None = None
        self._dashes_key: object = None
        self._scale = (0.0, 0.0)

    def set_curves(self, curves: Iterable[Floats], source: Iterable[object] = ()) -> None:
        """Replace all curves, each (k, 2).

        ``source`` is what they are made from: the very same objects again change nothing, and the curves are not asked
        for. Most of a new scene is often that of the scene before.
        """
        source = tuple(source)
        if source and same(source, self._source):
            return
        self._source = source
        self._bundle = Bundle.of(curves)
        self._chunks = None
        self._dashes = None
        self.refresh(self._bundle.starts.size > 0)

    def set_stroke(self, stroke: Stroke) -> None:
        """Change how all curves look."""
        if stroke != self._stroke:
            self._stroke = stroke
            self._chunks = None
            self._dashes = None
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
        if native_lines.are_drawn_here(painter):
            native_lines.draw(painter, self._bundle, mapping, view, self._stroke)
            return
        if self._stroke.dash:
            self._draw_dashes(painter, mapping, view, exposed)
            return
        chunks = self._at(mapping)
        visible = _visible(chunks, mapping, exposed.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        painter.setPen(self._pen(painter, int((chunks.stops - chunks.starts)[visible].sum())))
        # A long wide line is one huge outline to Qt, and slow; short pieces with round ends look the same.
        wide = self._stroke.width > 1
        pieces = [(int(i), int(i)) for i in visible] if wide else chunks.joined(visible)
        for _, part, _ in _clipped(chunks, pieces, mapping, view):
            draw_polyline(painter, part)

    def _draw_dashes(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        key = (mapping, view.getRect())
        if self._dashes is None or key != self._dashes_key:
            chunks = self._at(mapping)
            pieces = chunks.joined(_visible(chunks, mapping, view))
            parts = [
                dashes.segments(part, chunks.length[start] + way, self._stroke.dash or ())
                for start, part, way in _clipped(chunks, pieces, mapping, view)
            ]
            self._dashes = np.concatenate(parts) if parts else np.empty((0, 4))
            self._dashes_key = key
        x1, y1, x2, y2 = self._dashes.T
        seen = exposed.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        visible = (np.maximum(x1, x2) >= seen.left()) & (np.minimum(x1, x2) <= seen.right())
        visible &= (np.maximum(y1, y2) >= seen.top()) & (np.minimum(y1, y2) <= seen.bottom())
        painter.setPen(self._stroke.pen())
        draw_lines(painter, self._dashes[visible])

    def _at(self, mapping: Mapping) -> Chunks:
        scale = (mapping.sx, mapping.sy)
        if self._chunks is None or scale != self._scale:
            self._chunks = Chunks.of(self._bundle, *scale, dashed=bool(self._stroke.dash))
            self._scale = scale
            self._dashes = None
        return self._chunks

    def _pen(self, painter: QPainter, n_points: int) -> QPen:
        pen = self._stroke.pen()
        if n_points > _MANY and self._stroke.width <= 1 and painter.device().devicePixelRatioF() > 1:
            pen.setCosmetic(True)  # hair lines: anything wider takes many times as long
        return pen


def _visible(chunks: Chunks, mapping: Mapping, room: QRectF) -> Ints:
    box = room.translated(-mapping.tx, -mapping.ty)
    return chunks.near(box.left(), box.top(), box.right(), box.bottom())


def _clipped(
    chunks: Chunks, pieces: list[tuple[int, int]], mapping: Mapping, view: QRectF
) -> Iterator[tuple[int, Floats, float]]:
    """Pieces of curves in pixels, cut where they are far outside the view (Qt cannot cope with huge numbers).

    Each comes with the number of its first point and the way from there.
    """
    shift = np.array([mapping.tx, mapping.ty])
    far = view.adjusted(-_FAR, -_FAR, _FAR, _FAR)
    box = (far.left(), far.top(), far.right(), far.bottom())
    shifted = (box[0] - mapping.tx, box[1] - mapping.ty, box[2] - mapping.tx, box[3] - mapping.ty)
    far_out = np.concatenate([[0], np.cumsum(~chunks.inside(*shifted))]).tolist()
    starts, stops = chunks.starts.tolist(), chunks.stops.tolist()
    for first, last in pieces:
        points = chunks.points[starts[first] : stops[last]] + shift
        if far_out[last + 1] == far_out[first]:
            yield starts[first], points, 0.0
        else:
            for part, way in clip(points, box):
                yield starts[first], part, way
