"""Curves in space as lines on the picture: what is far away is faint. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from odeplayground.gui.plots.geometry import Bundle
from odeplayground.gui.plots.space.camera import Eye, Floats

LEVELS = 6
"""Shades from the back to the front."""
FAINTEST = 0.3
_LOW, _HIGH = 0.1, 0.85
"""How near what is faintest and what is full is; see :meth:`Eye.seen`."""


class Strands:
    """Curves (k, 3) of one kind, put together once; only looking at them from elsewhere is done often."""

    def __init__(self, curves: Iterable[Floats] = ()) -> None:
        parts = list(curves)
        self._points = np.concatenate(parts) if parts else np.empty((0, 3))
        with np.errstate(over="ignore", invalid="ignore"):
            self._points = np.where(np.abs(self._points) < 1e100, self._points, np.nan)
        sizes = [len(part) for part in parts]
        self._first = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.intp)
        self._boxed: tuple[object, Floats] | None = None
        self._owner = np.repeat(np.arange(len(parts)), sizes)

    def __len__(self) -> int:
        return len(self._points)

    def seen(self, eye: Eye) -> Seen:
        """The curves as lines of the picture."""
        if self._boxed is None or self._boxed[0] != eye.ranges:
            self._boxed = eye.ranges, eye.box(self._points)
        return Seen(*eye.seen_in_box(self._boxed[1]), self._first, self._owner)


class Seen:
    """Lines in pixels, in bundles from the farthest to the nearest."""

    def __init__(self, pixels: Floats, near: Floats, first: np.ndarray, owner: np.ndarray) -> None:
        self.pixels = pixels
        self._owner = owner
        self.bundles = _bundles(pixels, near, first)

    def hit(self, x: float, y: float, tolerance: float) -> int | None:
        """Which curve has a point near a pixel, the nearest one first."""
        if not len(self.pixels):
            return None
        with np.errstate(invalid="ignore"):
            away = np.hypot(self.pixels[:, 0] - x, self.pixels[:, 1] - y)
        best = int(np.nanargmin(away)) if np.isfinite(away).any() else 0
        return int(self._owner[best]) if away[best] <= tolerance else None


def opacity(level: int) -> float:
    """How strong lines of a level are drawn."""
    return FAINTEST + (1.0 - FAINTEST) * level / (LEVELS - 1)


def _bundles(pixels: Floats, near: Floats, first: np.ndarray) -> list[Bundle]:
    """One bundle per level, the farthest first; pieces of a curve overlap by a point."""
    n = len(pixels)
    if n < 2:
        return [Bundle.of(())] * LEVELS
    with np.errstate(invalid="ignore"):
        share = (0.5 * (near[1:] + near[:-1]) - _LOW) / (_HIGH - _LOW)
        level = np.clip(np.nan_to_num(share * LEVELS), 0, LEVELS - 1).astype(np.int8)
    drawn = np.isfinite(pixels[1:, 0]) & np.isfinite(pixels[:-1, 0])  # pieces from point i to i + 1
    begins_curve = np.zeros(n, dtype=bool)
    begins_curve[first] = True
    drawn &= ~begins_curve[1:]
    change = np.ones(n - 1, dtype=bool)
    change[1:] = (level[1:] != level[:-1]) | (drawn[1:] != drawn[:-1])
    starts = np.flatnonzero(change)
    stops = np.append(starts[1:], n - 1) + 1
    kept = drawn[starts]
    starts, stops = starts[kept], stops[kept]
    clean = np.nan_to_num(pixels, nan=0.0)
    levels = level[starts]
    return [Bundle(clean, starts[levels == k], stops[levels == k], np.flatnonzero(levels == k)) for k in range(LEVELS)]
