"""Jumps of stiff solutions, which pass between two evenly spaced times and would be drawn as straight lines."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.recorders import Steps, extension
from odeplayground.session.scene import Floats

Flags = NDArray[np.bool_]
Ints = NDArray[np.intp]

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
REACH = 1.0
"""Curves that end early, as where they grow without bound, are drawn so much further than their samples reach, in
shares of the extent: what comes then would be all that one sees of them over time."""


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
    bent = highest > BENT * (y.max(axis=2) - y.min(axis=2))
    for i, state in np.argwhere(bent).tolist() if bent.any() else ():
        some = bends[i, state, ::_SOME]
        half = some.size // 2
        found[i] |= highest[i, state] > RARE * np.partition(some, half)[half]
    return found


def with_jumps(t: Floats, y: Floats, steps: Steps) -> list[tuple[Floats, Floats]]:
    """Samples of several curves, and more of them where their lines miss the solution.

    Those added are spaced evenly along the curve, up to ``MOST``. Curves that end early go on for a while along the
    steps of the solver, which get shorter and shorter there.

    Args:
        t: times (n,) of the samples, in the direction of the solution.
        y: the samples, (m, n_states, n); NaN after an early end, but never at the first time.
        steps: of the solver, for all of these curves and numbered like them.

    Returns:
        Times (k,) and states (n_states, k) of each curve.
    """
    curves = []
    for first in range(0, len(y), _TOGETHER):
        part = y[first : first + _TOGETHER]
        curves += _with_jumps(t, part, steps.of(first, first + len(part)))
    return curves


def _with_jumps(t: Floats, y: Floats, steps: Steps) -> list[tuple[Floats, Floats]]:
    counts = np.isfinite(y).all(axis=1).sum(axis=1)
    ends = steps.y_new
    scale = _extent(y, steps.lane, ends)
    more = [_even(_between(t, _points(steps, ends, _wrong(t, y, counts, scale, steps, ends), scale)), scale)]
    if counts.min() < t.size:
        more.append(_some(_between(t, _points(steps, ends, _last(t, y, counts, steps), np.zeros_like(scale)))))
    parts = zip(counts.tolist(), y, *(points.by_curve(len(y)) for points in more), strict=True)
    return [_merged(t[:n], curve[:, :n], added) for n, curve, *added in parts]


class _Points(msgspec.Struct, frozen=True, eq=False):
    """Points of several curves, sorted by curve and along it."""

    lane: Ints
    """(k,)"""
    t: Floats
    """(k,)"""
    y: Floats
    """(n_states, k)"""

    def of(self, chosen: Flags) -> _Points:
        """Some of them."""
        at = np.flatnonzero(chosen)
        return _Points(self.lane[at], self.t[at], self.y.take(at, axis=1))

    def by_curve(self, m: int) -> list[tuple[Floats, Floats]]:
        """Times and states of each of m curves."""
        ends = np.searchsorted(self.lane, np.arange(m + 1)).tolist()
        return [(self.t[i:j], self.y[:, i:j]) for i, j in pairwise(ends)]

    @property
    def first(self) -> Flags:
        """Which are the first of their curve, (k,)."""
        return np.diff(self.lane, prepend=-1) > 0


def _extent(y: Floats, lane: Ints, ends: Floats) -> Floats:
    """How far each curve reaches, (m, n_states); 1 where it does not."""
    least, most = np.fmin.reduce(y, axis=2), np.fmax.reduce(y, axis=2)
    if lane.size:
        first = np.flatnonzero(np.diff(lane, prepend=-1))
        lanes = lane[first]
        least[lanes] = np.fmin(least[lanes], np.fmin.reduceat(ends, first, axis=1).T)
        most[lanes] = np.fmax(most[lanes], np.fmax.reduceat(ends, first, axis=1).T)
    return np.where(most > least, most - least, 1.0)


def _wrong(t: Floats, y: Floats, counts: Ints, scale: Floats, steps: Steps, ends: Floats) -> Flags:
    """Which steps end between samples whose line is too far from the end of one of them."""
    sign = np.sign(t[-1] - t[0])
    after = np.searchsorted(sign * t, sign * steps.t_new)
    known = after < counts[steps.lane]
    lane, i = steps.lane[known], after[known]
    share = (steps.t_new[known] - t[i - 1]) / (t[i] - t[i - 1])
    bad = np.zeros((len(y), t.size + 1), dtype=bool)
    for state, end in enumerate(ends[:, known]):
        before, behind = y[lane, state, i - 1], y[lane, state, i]
        away = np.abs(end - before - share * (behind - before)) > CLOSE * scale[lane, state]
        bad[lane[away], i[away]] = True
    wrong: Flags = bad[steps.lane, after]
    return wrong


def _last(t: Floats, y: Floats, counts: Ints, steps: Steps) -> Flags:
    """Which steps of curves that end early end after the last sample but one, and begin near enough to the samples."""
    sign = np.sign(t[-1] - t[0])
    early = counts[steps.lane] < t.size
    least, most = np.fmin.reduce(y, axis=2), np.fmax.reduce(y, axis=2)
    reach = REACH * np.where(most > least, most - least, np.abs(most))
    y_old = steps.pieces[0].T
    near = (y_old >= (least - reach)[steps.lane]) & (y_old <= (most + reach)[steps.lane])
    last: Flags = early & (sign * (steps.t_new - t[np.maximum(counts - 2, 0)][steps.lane]) > 0) & near.all(axis=1)
    return last


def _points(steps: Steps, ends: Floats, wrong: Flags, scale: Floats) -> _Points:
    """The ends of these steps and, where they are long, points within."""
    chosen = np.flatnonzero(wrong)
    lane, ends = steps.lane[chosen], ends.take(chosen, axis=1)
    long = np.flatnonzero((np.abs(steps.pieces[1].take(chosen, axis=1)) > CLOSE * scale[lane].T).any(axis=0))
    parts = np.ones(chosen.size, dtype=np.int64)
    parts[long] = PER_STEP
    last = parts.cumsum() - 1
    times, states = np.empty(parts.sum()), np.empty((len(ends), parts.sum()))
    times[last], states[:, last] = steps.t_new[chosen], ends
    inner, pieces = chosen[long], steps.pieces.take(chosen[long], axis=2)
    for part in range(1, PER_STEP):
        at, share = last[long] - PER_STEP + part, np.array(part / PER_STEP)
        times[at] = steps.t[inner] + (steps.t_new[inner] - steps.t[inner]) * share
        states[:, at] = extension(pieces, share)
    return _Points(np.repeat(lane, parts), times, states)


def _between(t: Floats, points: _Points) -> _Points:
    """Those after the first time and before the last."""
    sign = np.sign(t[-1] - t[0])
    return points.of((sign * (t[-1] - points.t) > 0) & (sign * (points.t - t[0]) > 0))


def _even(points: _Points, scale: Floats) -> _Points:
    """As many of them as show where the curve goes."""
    if not points.lane.size:
        return points
    moved = np.abs(np.diff(points.y, axis=1, prepend=points.y[:, :1]) / scale[points.lane].T).max(axis=0)
    first = points.first
    moved[first] = 0.0
    along = moved.cumsum()
    at = np.flatnonzero(first)
    length = np.diff(np.append(at, along.size))
    along -= np.repeat(along[at], length)
    total = np.repeat(along[at + length - 1], length)
    number = np.floor(along / np.maximum(CLOSE, total / MOST))
    return points.of(first | (np.diff(number, prepend=-1.0) != 0))


def _some(points: _Points) -> _Points:
    """The same with at most ``MOST`` of each curve."""
    counts = np.bincount(points.lane)[points.lane]
    return points.of(np.arange(points.lane.size) % (1 + counts // MOST) == 0)


def _merged(t: Floats, y: Floats, more: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Samples and further points by their times."""
    times = np.concatenate([t, *(some for some, _ in more)])
    if times.size == t.size:
        return t, y.copy()
    sign = 1.0 if times[1] > times[0] else -1.0
    ordered, order = np.unique(sign * times, return_index=True)
    return sign * ordered, np.concatenate([y, *(states for _, states in more)], axis=1)[:, order]
