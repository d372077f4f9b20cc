"""The field as curves that follow it, with small heads that tell the direction."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from odeplayground.gui.plots.latest import same
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.screen import Floats, Layer, Mapping, draw_lines
from odeplayground.gui.plots.stroke import Stroke

_SIZE = 5.0
_ANGLE = 0.5
_POINTS_PER_HEAD = 32
"""Points of streamlines have even distances on the screen, a quarter of the way to the next line."""


class Heads(Layer):
    """Heads of arrows along curves, one in the middle of so many points."""

    def __init__(self, stroke: Stroke, z: float, every: int = _POINTS_PER_HEAD, size: float = _SIZE) -> None:
        super().__init__(z)
        self._stroke = stroke
        self._every = every
        self._size = size
        self._source: tuple[object, ...] = ()
        self._places: Floats = np.empty((0, 2, 2))

    def set_curves(self, curves: Iterable[Floats], source: Iterable[object] = ()) -> None:
        """Replace all heads; the very same ``source`` again changes nothing."""
        source = tuple(source)
        if source and same(source, self._source):
            return
        self._source = source
        places = [_middles(curve, self._every) for curve in curves if len(curve) > 2]
        self._places = np.concatenate(places) if places else np.empty((0, 2, 2))
        self.refresh(len(self._places) > 0)

    def set_stroke(self, stroke: Stroke) -> None:
        """Change how all heads look."""
        if stroke != self._stroke:
            self._stroke = stroke
            self.update()

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        before, after = mapping.points(self._places[:, 0]), mapping.points(self._places[:, 1])
        tip, along = (before + after) / 2, after - before
        length = np.hypot(*along.T)
        room = exposed.adjusted(-_SIZE, -_SIZE, _SIZE, _SIZE)
        seen = (tip > (room.left(), room.top())) & (tip < (room.right(), room.bottom()))
        good = seen.all(axis=1) & (length > 0) & np.isfinite(length)
        tip, along = tip[good], along[good] / length[good, None]
        tip = tip + along * self._size / 2
        painter.setPen(self._stroke.pen())
        across = np.stack([-along[:, 1], along[:, 0]], axis=1)
        back = tip - self._size * math.cos(_ANGLE) * along
        for side in (1.0, -1.0):
            draw_lines(painter, np.hstack([tip, back + side * self._size * math.sin(_ANGLE) * across]))


def _middles(curve: Floats, every: int) -> Floats:
    """Pairs (k, 2, 2) of neighbouring points, in the middle of k equal pieces of a curve."""
    count = max(1, round(len(curve) / every))
    at = ((np.arange(count) + 0.5) * len(curve) / count).astype(int).clip(1, len(curve) - 2)
    return np.stack([curve[at - 1], curve[at + 1]], axis=1)


class Streamlines:
    """Lines and their heads."""

    def __init__(self, add: Callable[[Layer], None], z: float) -> None:
        self._lines = Polylines(Stroke("field"), z)
        self._heads = Heads(Stroke("field"), z)
        add(self._lines)
        add(self._heads)

    def show(self, curves: Sequence[Floats], stroke: Stroke | None) -> None:
        """Draw these curves, or nothing."""
        curves = curves if stroke else ()
        self._lines.set_curves(curves, curves)
        self._heads.set_curves(curves, curves)
        if stroke:
            self._lines.set_stroke(stroke)
            self._heads.set_stroke(stroke)
