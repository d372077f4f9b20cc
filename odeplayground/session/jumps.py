"""Jumps of stiff solutions, which pass between two evenly spaced times and would be drawn as straight lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics import Solution
from odeplayground.session.scene import Floats

Flags = NDArray[np.bool_]

BENT = 0.05
"""A curve that bends at a sample by more than this share of its extent may hide a jump,"""
RARE = 50.0
"""if it bends there so much more than usually: an oscillation that is merely fast bends everywhere."""
_SOME = 8
"""The usual bend is told by one sample in so many."""
_TOGETHER = 16
"""Curves looked at together: their numbers stay in the processor's cache."""
CLOSE = 1 / 300
"""The line between two samples may be this far from the ends of the solver's steps, in shares of the extent; points
that are added lie about so far from each other."""
PER_STEP = 4
"""Longer steps of the solver are divided into so many parts."""
MOST = 3000
"""The most points added to a curve."""


def hide_jumps(y: Floats) -> Flags:
    """Which of many curves (m, n_states, n) of equally spaced states are too far apart in a few places, (m,)."""
    if y.shape[2] < 3:
        return np.zeros(len(y), dtype=bool)
    parts = [_bent_seldom(y[i : i + _TOGETHER]) for i in range(0, len(y), _TOGETHER)]
    return np.concatenate([np.zeros(0, dtype=bool), *parts])


def _bent_seldom(y: Floats) -> Flags:
    bends = np.abs(y[:, :, 2:] - 2 * y[:, :, 1:-1] + y[:, :, :-2])
    highest = bends.max(axis=2)
    found = np.zeros(len(y), dtype=bool)
    for i, state in np.argwhere(highest > BENT * (y.max(axis=2) - y.min(axis=2))).tolist():
        some = bends[i, state, ::_SOME]
        half = some.size // 2
        found[i] |= highest[i, state] > RARE * np.partition(some, half)[half]
    return found


def with_jumps(t: Floats, y: Floats, solution: Solution) -> tuple[Floats, Floats]:
    """Samples at increasing times (n,), with states (n_states, n), and more where their lines miss the solution.

    Those added are spaced evenly along the curve, up to ``MOST``.
    """
    extent = np.ptp(np.concatenate([y, solution.y], axis=1), axis=1)[:, None]
    scale = np.where(extent > 0, extent, 1.0)
    times = _looked_at(t, _missed(t, y, scale, solution), scale, solution)
    if not times.size:
        return t, y
    states = solution(times)
    along = np.abs(np.diff(states, axis=1, prepend=states[:, :1]) / scale).max(axis=0).cumsum()
    number = np.floor(along / max(CLOSE, along[-1] / MOST))
    kept = np.diff(number, prepend=-1.0) > 0
    t, order = np.unique(np.append(t, times[kept]), return_index=True)
    return t, np.concatenate([y, states[:, kept]], axis=1)[:, order]


def _missed(t: Floats, y: Floats, scale: Floats, solution: Solution) -> Flags:
    """Which steps of the solver end between samples whose line is too far from the end of one of them."""
    line = np.array([np.interp(solution.t, t, row) for row in y])
    away = np.abs((solution.y - line) / scale).max(axis=0)
    interval = np.searchsorted(t, solution.t)
    bad = np.zeros(t.size + 1, dtype=bool)
    bad[interval[away > CLOSE]] = True
    return bad[interval][1:]


def _looked_at(t: Floats, steps: Flags, scale: Floats, solution: Solution) -> Floats:
    """Increasing times at the ends of these steps and, where they are long, within."""
    length = np.abs(np.diff(solution.y, axis=1) / scale).max(axis=0)
    begins, ends, long = solution.t[:-1], solution.t[1:], steps & (length > CLOSE)
    inner = begins[long, None] + (ends - begins)[long, None] * np.arange(1, PER_STEP) / PER_STEP
    times = np.unique(np.concatenate([ends[steps], inner.ravel()]))
    result: Floats = times[(times > t[0]) & (times < t[-1])]
    return result
