"""Polylines as arrays: splitting at gaps, thinning, clipping, distances. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

HUGE = 1e150
"""Larger values are drawn as if they were this large: scaled to pixels they must not overflow."""
_CHUNK = 24
_SPACING = 0.5
"""Points closer than this many pixels to their predecessor along the curve are left out,"""
_FLAT = 0.02
"""and so are those without which the curve runs this many pixels beside itself: what is left is quickly stroked."""
_LONGEST = 8
"""Steps that become one at most, so that a bend is not missed among many steps straight on."""
_FEW = 100
"""So few points are not worth a thought."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """Many curves in one array. Run i is ``points[starts[i]:stops[i]]``, a connected piece of ``curve[i]``."""

    points: Floats
    starts: Ints
    stops: Ints
    curve: Ints

    @classmethod
    def of(cls, curves: Iterable[Floats]) -> Bundle:
        """Put (k, 2) curves together; non-finite points split a curve, pieces of one point are dropped."""
        arrays = [np.asarray(curve, dtype=float).reshape(-1, 2) for curve in curves]
        if not arrays:
            nothing = np.empty(0, dtype=np.intp)
            return cls(np.empty((0, 2)), nothing, nothing, nothing)
        points = np.concatenate(arrays)
        sizes = np.array([len(array) for array in arrays])
        if points.size and points.max() <= HUGE and points.min() >= -HUGE:  # false for NaN as well
            stops = np.cumsum(sizes)
            curve = np.flatnonzero(sizes >= 2)
            return cls(points, (stops - sizes)[curve], stops[curve], curve)
        owner = np.repeat(np.arange(len(arrays)), sizes)
        good = np.isfinite(points).all(axis=1)
        points = np.clip(np.where(good[:, None], points, 0.0), -HUGE, HUGE)
        begins = good.copy()
        begins[1:] &= ~good[:-1] | (owner[1:] != owner[:-1])
        ends = good.copy()
        ends[:-1] &= ~good[1:] | (owner[1:] != owner[:-1])
        starts, stops = np.flatnonzero(begins), np.flatnonzero(ends) + 1
        long = stops - starts >= 2
        return cls(points, starts[long], stops[long], owner[starts[long]])


@dataclass(frozen=True, eq=False)
class Chunks:
    """A bundle at one scale, cut into short connected pieces with a box around each, for quick culling.

    ``points`` are scaled to pixels but not shifted. Chunk i is ``points[starts[i]:stops[i]]``; neighbours of one run
    share a point. ``boxes`` is (4, n): left, bottom, right, top. ``length`` is the way
    along the curves to each point; it is only there for dashed lines.
    """

    points: Floats
    starts: Ints
    stops: Ints
    run: Ints
    curve: Ints
    boxes: Floats
    length: Floats

    @classmethod
    def of(cls, bundle: Bundle, sx: float, sy: float, dashed: bool = False) -> Chunks:
        """Scale, leave out points that nobody sees (they may not be missing when lines are dashed) and cut."""
        points = bundle.points * (sx, sy)
        starts, stops = bundle.starts, bundle.stops
        length = _lengths(points) if dashed else np.empty(0)
        if not dashed and len(points) > _FEW:
            points, starts, stops = _thinned(_crowding(points), points, starts, stops)
            points, starts, stops = _thinned(_bending(points), points, starts, stops)
        counts = -(-(stops - starts - 1) // (_CHUNK - 1))
        run = np.repeat(np.arange(len(starts)), counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        chunk_starts = starts[run] + (np.arange(len(run)) - first) * (_CHUNK - 1)
        chunk_stops = np.minimum(chunk_starts + _CHUNK, stops[run])
        boxes = _boxes(points, chunk_starts, chunk_stops)
        return cls(points, chunk_starts, chunk_stops, run, bundle.curve[run], boxes, length)

    def near(self, left: float, bottom: float, right: float, top: float) -> Ints:
        """Numbers of the chunks whose boxes meet this one."""
        x0, y0, x1, y1 = self.boxes
        return np.flatnonzero((x0 <= right) & (x1 >= left) & (y0 <= top) & (y1 >= bottom))

    def inside(self, left: float, bottom: float, right: float, top: float) -> Bools:
        """Whether each chunk lies inside a box, (n,)."""
        x0, y0, x1, y1 = self.boxes
        return (x0 >= left) & (x1 <= right) & (y0 >= bottom) & (y1 <= top)

    def joined(self, chunks: Ints) -> list[tuple[int, int]]:
        """Chunks that follow each other, put together again: first and last number of each piece."""
        if not chunks.size:
            return []
        breaks = (np.diff(chunks) != 1) | (np.diff(self.run[chunks]) != 0)
        firsts = chunks[np.concatenate(([True], breaks))]
        lasts = chunks[np.concatenate((breaks, [True]))]
        return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _lengths(points: Floats) -> Floats:
    lengths = np.zeros(len(points))
    if len(points):
        np.cumsum(np.hypot(*np.diff(points, axis=0).T), out=lengths[1:])
    return lengths


def _thinned(shares: Floats, points: Floats, starts: Ints, stops: Ints) -> tuple[Floats, Ints, Ints]:
    """Points, starts and stops without those that the shares spare: (n - 1,), of a point for each step."""
    with np.errstate(invalid="ignore", over="ignore"):
        count = np.floor(np.cumsum(shares))
    keep = np.zeros(len(points), dtype=bool)
    keep[1:-1] = count[1:] != count[:-1]
    inside = np.zeros(len(points) + 1, dtype=np.intp)
    inside[starts] += 1
    np.subtract.at(inside, stops, 1)
    keep &= np.cumsum(inside)[:-1] > 0
    keep[starts] = True
    keep[stops - 1] = True
    position = np.cumsum(keep)
    return points[keep], position[starts] - 1, position[stops - 1]


def _crowding(points: Floats) -> Floats:
    return np.hypot(*np.diff(points, axis=0).T) / _SPACING


def _bending(points: Floats) -> Floats:
    """A chord over k steps, each turning by the second difference d, runs d k^2 / 8 beside the curve."""
    turns = np.zeros(len(points))
    turns[1:-1] = np.hypot(*np.diff(points, 2, axis=0).T)
    return np.maximum(np.sqrt(np.maximum(turns[1:], turns[:-1]) / (8 * _FLAT)), 1 / _LONGEST)


def _boxes(points: Floats, starts: Ints, stops: Ints) -> Floats:
    if not starts.size:
        return np.empty((4, 0))
    # Chunks overlap by a point, so the ranges of reduceat (up to the next start) are completed by each last point.
    edges = np.stack([starts, stops - 1], axis=1).ravel()
    low = np.minimum(np.minimum.reduceat(points, edges, axis=0)[::2], points[stops - 1])
    high = np.maximum(np.maximum.reduceat(points, edges, axis=0)[::2], points[stops - 1])
    return np.concatenate([low.T, high.T])


def clip(points: Floats, box: tuple[float, float, float, float]) -> list[tuple[Floats, float]]:
    """The parts of a polyline inside a box (left, bottom, right, top), after Liang and Barsky (1984).

    Each comes as (k, 2) points together with the way along the polyline to its beginning.
    """
    step = np.diff(points, axis=0)
    enter, leave = np.zeros(len(step)), np.ones(len(step))
    with np.errstate(divide="ignore", invalid="ignore"):
        for axis in (0, 1):
            for side, sign in ((box[axis], -1.0), (box[axis + 2], 1.0)):
                room = sign * (side - points[:-1, axis])
                speed = sign * step[:, axis]
                share = room / speed
                enter = np.where(speed < 0, np.maximum(enter, share), enter)
                leave = np.where(speed > 0, np.minimum(leave, share), leave)
                leave = np.where((speed == 0) & (room < 0), -1.0, leave)
    kept = np.flatnonzero(enter < leave)
    if not kept.size:
        return []
    begins = points[kept] + enter[kept, None] * step[kept]
    ends = points[kept] + leave[kept, None] * step[kept]
    breaks = (np.diff(kept) != 1) | (leave[kept[:-1]] < 1) | (enter[kept[1:]] > 0)
    firsts = np.flatnonzero(np.concatenate(([True], breaks)))
    lasts = np.flatnonzero(np.concatenate((breaks, [True]))) + 1
    lengths = np.hypot(*step.T)
    way = np.cumsum(lengths) - lengths
    offsets = way[kept] + enter[kept] * lengths[kept]
    return [
        (np.concatenate([begins[a : a + 1], ends[a:b]]), float(offsets[a])) for a, b in zip(firsts, lasts, strict=True)
    ]


def distance(points: Floats, x: float, y: float) -> float:
    """Shortest distance from a point to a polyline of at least two points."""
    origin, step = points[:-1], np.diff(points, axis=0)
    square = np.maximum((step**2).sum(axis=1), 1e-300)
    share = np.clip((((x, y) - origin) * step).sum(axis=1) / square, 0.0, 1.0)
    offset = origin + share[:, None] * step - (x, y)
    return float(np.sqrt((offset**2).sum(axis=1).min()))
