"""Limit cycles: a broad band with a line where trajectories wind onto them, dashes where they wind away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.screen import Layer, Mapping
from odeplayground.gui.plots.streamlines import Heads
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.session.scene import CycleMark

_DASH = (6.0, 4.0)
_BAND = 8.0
_POINTS_PER_HEAD = 200
OLD = 0.3
"""Opacity of cycles of other values."""


class Cycles:
    """All limit cycles of one field. The band lies under the trajectories, the lines above them."""

    def __init__(self, add: Callable[[Layer], None], learned: bool) -> None:
        self._token, over = ("learned", 0.2) if learned else ("cycle", 0.0)
        self._marks: tuple[CycleMark, ...] = ()
        band, line, dashed = self._strokes(1.0)
        self._band = Polylines(band, 1.0 + over)
        self._attracting = Polylines(line, 15.0 + over)
        self._repelling = Polylines(dashed, 15.1 + over)
        self._heads = Heads(line, 15.0 + over, _POINTS_PER_HEAD, 7.0)
        for layer in (self._band, self._attracting, self._repelling, self._heads):
            add(layer)

    def _strokes(self, alpha: float) -> tuple[Stroke, Stroke, Stroke]:
        """Of the band, of a line and of dashes."""
        return (
            Stroke(self._token, 0.22 * alpha, width=_BAND, over_surface=True),
            Stroke(self._token, alpha, width=1.6),
            Stroke(self._token, alpha, width=1.6, dash=_DASH),
        )

    def show(self, marks: Sequence[CycleMark], old: bool = False) -> None:
        """Draw these cycles; ``old`` ones, which belong to other values than those of now, faintly."""
        layers = (self._band, self._attracting, self._repelling)
        for layer, stroke in zip(layers, self._strokes(OLD if old else 1.0), strict=True):
            layer.set_stroke(stroke)
        self._heads.set_stroke(self._attracting.stroke)
        stable = [mark for mark in marks if mark.stable]
        others = [mark for mark in marks if not mark.stable]
        self._marks = (*stable, *others)
        curves, repelling = [mark.curve for mark in stable], [mark.curve for mark in others]
        self._band.set_curves(curves, curves)
        self._attracting.set_curves(curves, curves)
        self._repelling.set_curves(repelling, repelling)
        self._heads.set_curves([*curves, *repelling], (*curves, *repelling))

    def hit(self, mapping: Mapping, x: float, y: float, tolerance: float) -> CycleMark | None:
        """The nearest cycle within a tolerance of a pixel."""
        stable = sum(mark.stable for mark in self._marks)
        found = [
            (hit[1], first + hit[0])
            for layer, first in ((self._attracting, 0), (self._repelling, stable))
            if (hit := layer.hit(mapping, x, y, tolerance)) is not None
        ]
        return self._marks[min(found)[1]] if found else None
