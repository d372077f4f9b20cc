"""What is kept of the accepted steps: everything, or of scipy's the states at given times."""

from __future__ import annotations

import msgspec
import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.task import Interpolant, MakeInterpolant


def extension(pieces: Floats, theta: Floats) -> Floats:
    """A continuous extension at theta = (t - t_step) / h in [0, 1].

    The nested form of Hairer's DOPRI5 and DOP853: u = p0 + s(p1 + (1-s)(p2 + s(p3 + (1-s)(p4 + ...)))). Pieces
    (p, ...) and theta broadcast against each other.
    """
    rest = 1.0 - theta
    value: Floats = pieces[-1]
    for row in range(len(pieces) - 1, 0, -1):
        value = pieces[row - 1] + (theta if row % 2 else rest) * value
    return value


class Samples:
    """States at times that run in the direction of the solution: y (m, n_states, k), NaN where not reached."""

    def __init__(self, times: Floats, t0: float, y0: Floats, direction: float) -> None:
        n, m = y0.shape
        self.times = times
        self._ascending = times * direction
        self._direction = direction
        self.y = np.full((m, n, times.size), np.nan)
        at_start = int(np.searchsorted(self._ascending, t0 * direction, side="right"))
        self.y[:, :, :at_start] = y0.T[:, :, None]

    def record_step(self, lane: int, t: float, t_new: float, y_new: Floats, interpolant: MakeInterpolant) -> None:
        ends = np.array([t, t_new]) * self._direction
        first, upto = np.searchsorted(self._ascending, ends, side="right")
        if upto > first:
            self.y[lane, :, first:upto] = interpolant()(self.times[first:upto])


class History:
    """Every step of a single trajectory: polynomials of native kernels, or scipy's interpolants."""

    def __init__(self, t0: float, y0: Floats, direction: float) -> None:
        self._direction = direction
        self._t = [np.array([t0])]
        self._y = [y0[:, None]]
        self._pieces: list[Floats] = []
        self._interpolants: list[Interpolant] = []

    def record(self, lanes: Integers, t: Floats, step: Floats, t_new: Floats, pieces: Floats) -> None:
        self._t.append(t_new)
        self._y.append(pieces[0] + pieces[1])
        self._pieces.append(pieces)

    def record_step(self, lane: int, t: float, t_new: float, y_new: Floats, interpolant: MakeInterpolant) -> None:
        self._t.append(np.array([t_new]))
        self._y.append(y_new[:, None])
        self._interpolants.append(interpolant())

    def dense(self) -> DenseOutput:
        """The continuous solution so far."""
        t, y = np.concatenate(self._t), np.concatenate(self._y, axis=1)
        return DenseOutput(t, y, self._joined(), self._interpolants, self._direction)

    def _joined(self) -> Floats:
        """All pieces, (p, n_states, k). Missing ones of a method with fewer are zero, which changes nothing."""
        if not self._pieces:
            return np.zeros((1, self._y[0].shape[0], 0))
        most = max(len(pieces) for pieces in self._pieces)
        padded = [np.pad(pieces, ((0, most - len(pieces)), (0, 0), (0, 0))) for pieces in self._pieces]
        return np.concatenate(padded, axis=2) if len(padded) > 1 else padded[0]


class Steps(msgspec.Struct, frozen=True, eq=False):
    """The accepted steps of several trajectories, one after the other, each in the order in which it goes."""

    lane: Integers
    """Which trajectory a step belongs to, (k,), ascending."""
    t: Floats
    """Where it begins, (k,)."""
    t_new: Floats
    """Where it ends, (k,)."""
    pieces: Floats
    """Its continuous extension (p, n_states, k): see :func:`extension`. Of scipy's steps it is one through the states
    at each quarter."""

    @property
    def y_new(self) -> Floats:
        """The states at the ends, (n_states, k)."""
        ends: Floats = self.pieces[0] + self.pieces[1]
        return ends

    def of(self, first: int, beyond: int) -> Steps:
        """Those of the trajectories from one number up to before another, which are numbered from 0 then."""
        begin, end = np.searchsorted(self.lane, (first, beyond)).tolist()
        part = slice(begin, end)
        return Steps(self.lane[part] - first, self.t[part], self.t_new[part], self.pieces[:, :, part])


_QUARTERS = np.array([0.25, 0.5, 0.75])
_BY_QUARTERS = np.linalg.inv(np.stack([np.ones(3), _QUARTERS, _QUARTERS * (1 - _QUARTERS)], axis=1))
"""From what is left of the states at the quarters, without the first two pieces, to the other three."""


class ManySteps:
    """A recorder of every step of several trajectories."""

    def __init__(self, n_states: int) -> None:
        self._parts: list[tuple[Integers, Floats, Floats, Floats]] = []
        self._n_states = n_states

    def record(self, lanes: Integers, t: Floats, step: Floats, t_new: Floats, pieces: Floats) -> None:
        self._parts.append((lanes, t, t_new, pieces))

    def record_step(self, lane: int, t: float, t_new: float, y_new: Floats, interpolant: MakeInterpolant) -> None:
        times = np.append(t + (t_new - t) * np.append(0.0, _QUARTERS), t_new)
        states = interpolant()(times)
        begin, rise = states[:, 0], states[:, -1] - states[:, 0]
        rest = states[:, 1:-1] - begin[:, None] - rise[:, None] * _QUARTERS
        further = _BY_QUARTERS @ (rest / (_QUARTERS * (1 - _QUARTERS))).T
        pieces = np.concatenate([[begin, rise], further])[:, :, None]
        self._parts.append((np.array([lane]), np.array([t]), np.array([t_new]), pieces))

    def steps(self) -> Steps:
        """All of them so far."""
        most = max((len(pieces) for *_, pieces in self._parts), default=2)
        empty = (np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((most, self._n_states, 0)))
        lanes, begins, ends, pieces = zip(empty, *self._parts, strict=True)
        # Missing pieces of a method with fewer are zero, which changes nothing.
        full = [np.pad(some, ((0, most - len(some)), (0, 0), (0, 0))) for some in pieces]
        lane = np.concatenate(lanes)
        order = np.argsort(lane, kind="stable")
        joined = np.concatenate(full, axis=2)[:, :, order]
        return Steps(lane[order], np.concatenate(begins)[order], np.concatenate(ends)[order], joined)


class DenseOutput:
    """A solution at any time in its span, by the polynomials or scipy's interpolants of its steps."""

    def __init__(self, t: Floats, y: Floats, pieces: Floats, interpolants: list[Interpolant], direction: float) -> None:
        self.t, self.y = t, y
        """The ends of the steps (k,), and the states there (n_states, k)."""
        self._pieces = pieces
        self._interpolants = interpolants
        self._knots = t[1:-1] * direction
        self._direction = direction

    def __call__(self, times: Floats) -> Floats:
        """States (n_states, k) at times (k,) inside the span."""
        result = np.empty((self.y.shape[0], times.size))
        if self.t.size == 1:
            result[:] = self.y
            return result
        step = np.searchsorted(self._knots, times * self._direction, side="left")
        n_pieces = self._pieces.shape[2]
        mine = np.flatnonzero(step < n_pieces)
        at = step[mine]
        theta = (times[mine] - self.t[at]) / (self.t[at + 1] - self.t[at])
        result[:, mine] = extension(self._pieces[:, :, at], theta)
        for other in np.unique(step[step >= n_pieces]):
            columns = np.flatnonzero(step == other)
            result[:, columns] = self._interpolants[other - n_pieces](times[columns])
        return result
