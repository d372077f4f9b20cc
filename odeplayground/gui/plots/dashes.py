"""Dashes as line segments.

Qt measures thin dashes along the steeper axis, so that their places depend on where a line begins, and they would jump
whenever a part of it is painted again. It is also slow for lines wider than a pixel.
"""

from __future__ import annotations

import numpy as np

from odeplayground.gui.plots.geometry import Floats


def segments(points: Floats, begin: float, pattern: tuple[float, ...]) -> Floats:
    """The dashes of a polyline as (n, 4) segments x1, y1, x2, y2.

    ``pattern`` alternates lengths of dashes and gaps, ``begin`` is the way along the pattern at the first point.
    """
    period, ends = sum(pattern), np.cumsum(pattern)
    way = np.fmod(begin, period) + np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    rounds = np.arange(np.floor(way[0] / period), np.ceil(way[-1] / period) + 1)
    marks = (rounds[:, None] * period + ends).ravel()
    stops = np.sort(np.concatenate([way, marks[(marks > way[0]) & (marks < way[-1])]]))
    phase = np.mod((stops[1:] + stops[:-1]) / 2, period)
    drawn = (np.searchsorted(ends, phase, side="right") % 2 == 0) & (np.diff(stops) > 1e-9)
    x, y = np.interp(stops, way, points[:, 0]), np.interp(stops, way, points[:, 1])
    return np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=-1)[drawn]
