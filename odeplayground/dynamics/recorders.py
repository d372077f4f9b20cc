"""What is kept of the accepted steps: everything (one trajectory), or the states at given times (many)."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.task import Interpolant, MakeInterpolant


def quartic(pieces: Floats, theta: Floats) -> Floats:
    """A continuous extension at theta = (t - t_step) / h in [0, 1].

    The nested form of Hairer's DOPRI5: u = p0 + s(p1 + (1-s)(p2 + s(p3 + (1-s) p4))); with p4 = 0 it is the cubic
    Hermite polynomial. Pieces (5, ...) and theta broadcast against each other.
    """
    rest = 1.0 - theta
    result: Floats = pieces[0] + theta * (pieces[1] + rest * (pieces[2] + theta * (pieces[3] + rest * pieces[4])))
    return result


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

    def record(self, lanes: Integers, t: Floats, step: Floats, t_new: Floats, pieces: Floats) -> None:
        before = np.searchsorted(self._ascending, t * self._direction, side="right")
        upto = np.searchsorted(self._ascending, t_new * self._direction, side="right")
        counts = upto - before
        column = np.repeat(np.arange(lanes.size), counts)
        index = np.arange(column.size) + np.repeat(upto - counts.cumsum(), counts)
        theta = (self.times[index] - t[column]) / step[column]
        self.y[lanes[column], :, index] = quartic(pieces[:, :, column], theta).T

    def record_step(self, lane: int, t: float, t_new: float, y_new: Floats, interpolant: MakeInterpolant) -> None:
        ends = np.array([t, t_new]) * self._direction
        first, upto = np.searchsorted(self._ascending, ends, side="right")
        if upto > first:
            self.y[lane, :, first:upto] = interpolant()(self.times[first:upto])


class History:
    """Every step of a single trajectory."""

    def __init__(self, t0: float, y0: Floats, direction: float) -> None:
        self._direction = direction
        self._t = [t0]
        self._y = [y0]
        self._pieces: list[Floats] = []
        self._interpolants: list[Interpolant] = []

    def record(self, lanes: Integers, t: Floats, step: Floats, t_new: Floats, pieces: Floats) -> None:
        self._t.extend(t_new.tolist())
        self._y.extend((pieces[0] + pieces[1]).T)
        self._pieces.extend(pieces.transpose(2, 0, 1))

    def record_step(self, lane: int, t: float, t_new: float, y_new: Floats, interpolant: MakeInterpolant) -> None:
        self._t.append(t_new)
        self._y.append(y_new)
        self._interpolants.append(interpolant())

    def dense(self) -> DenseOutput:
        """The continuous solution so far."""
        n = self._y[0].size
        pieces = np.array(self._pieces).reshape(-1, 5, n)
        return DenseOutput(
            np.array(self._t), np.array(self._y).T, pieces.transpose(1, 2, 0), self._interpolants, self._direction
        )


class DenseOutput:
    """A solution at any time in its span. The first steps are polynomials, later ones may be scipy's."""

    def __init__(self, t: Floats, y: Floats, pieces: Floats, interpolants: list[Interpolant], direction: float) -> None:
        self.t, self.y = t, y
        """The ends of the steps (k,), and the states there (n_states, k)."""
        self._pieces = pieces
        self._interpolants = interpolants
        self._direction = direction

    def __call__(self, times: Floats) -> Floats:
        """States (n_states, k) at times (k,) inside the span."""
        result = np.empty((self.y.shape[0], times.size))
        if self.t.size == 1:
            result[:] = self.y
            return result
        step = np.searchsorted(self.t[1:-1] * self._direction, times * self._direction, side="left")
        n_pieces = self._pieces.shape[2]
        mine = np.flatnonzero(step < n_pieces)
        at = step[mine]
        theta = (times[mine] - self.t[at]) / (self.t[at + 1] - self.t[at])
        result[:, mine] = quartic(self._pieces[:, :, at], theta)
        for other in np.unique(step[step >= n_pieces]):
            columns = np.flatnonzero(step == other)
            result[:, columns] = self._interpolants[other - n_pieces](times[columns])
        return result
