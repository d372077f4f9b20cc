"""What a kernel is given: initial value problems, as numpy arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.kernels.tableaus.form import Tableau

TOO_LARGE = 1e30
"""A trajectory this far out (relative to where it began, if it began beyond 1) has diverged. Far beyond what is
counted, as molecules are, or measured, and a number of single precision still holds it."""
PerTrajectory = float | Floats
"""One number for all, or (m,)."""


@dataclass(frozen=True, eq=False)
class Batch:
    """m initial value problems of one system. Arrays are float64, of any strides."""

    y0: Floats
    """States at the begin, (n_states, m)."""
    t0: PerTrajectory
    t1: PerTrajectory
    """The end, which may lie before the begin, and be equal to it."""
    parameters: Floats
    """(k,) or (k, m)."""
    rtol: PerTrajectory = 1e-6
    atol: float | Floats = 1e-9
    """One number, (n_states, 1) or (n_states, m)."""
    step: PerTrajectory = 0.0
    """For the fixed-step methods; positive."""
    max_step: PerTrajectory = math.inf
    """The longest step of the others; positive."""
    limit: PerTrajectory = TOO_LARGE
    """A trajectory this far out (relative to where it began, if it began beyond 1) has diverged."""
    max_steps: int = 100_000
    """Attempts per trajectory."""
    times: Floats | None = None
    """Sample times (k,), in the direction of the solution, for all trajectories."""
    box: tuple[Floats, Floats] | None = None
    """Low and high, (n_states, 1) or (n_states, m): trajectories end outside of it."""
    watch_stiffness: bool = False
    """End stiff trajectories with ``Ending.STIFF``."""
    cancel: Integers | None = None
    """(1,), looked at before every step: not zero from another thread ends all trajectories."""
    directions: tuple[float, ...] = ()
    """Of each event: 1 counts crossings from below, -1 from above, 0 both."""
    stop_after: tuple[int, ...] = ()
    """So many crossings of an event end a trajectory; 0: it goes on."""

    @property
    def size(self) -> int:
        """How many problems."""
        return int(self.y0.shape[1])

    @property
    def n_states(self) -> int:
        """States of each."""
        return int(self.y0.shape[0])


WHOLE = 4
"""Integers per trajectory in the memory of a result."""


class Result:
    """How m problems ended. What was not reached is NaN."""

    def __init__(
        self, rows: Floats, n_states: int, samples: Floats | None = None, crossed: Floats | None = None
    ) -> None:
        self._n = n_states
        self.rows = rows
        """A row per trajectory: the last state, its time, the next step, then as integers ending, attempts, accepted
        steps, and how many of the samples are done."""
        self.samples = samples
        """States at the sample times, (m, n_states, k)."""
        self.crossed = crossed
        """How often each event was met, (m, n_events)."""
        self._runs: list[tuple[Tableau, Integers | slice, Integers | int]] = []

    @classmethod
    def of(cls, batch: Batch) -> Result:
        """Room for the result of a batch."""
        n, m = batch.y0.shape
        samples = None if batch.times is None else np.empty((m, n, batch.times.size))
        crossed = np.zeros((m, len(batch.directions))) if batch.directions else None
        return cls(np.zeros((m, n + 2 + WHOLE)), n, samples, crossed)

    @property
    def y(self) -> Floats:
        """The last states, (n_states, m)."""
        return self.rows[:, : self._n].T

    @property
    def t(self) -> Floats:
        """Their times, (m,)."""
        return self.rows[:, self._n]

    @property
    def h(self) -> Floats:
        """The next step there, with its sign, (m,)."""
        return self.rows[:, self._n + 1]

    @property
    def endings(self) -> Integers:
        """Codes of ``Ending``, (m,)."""
        return self._whole(0)

    @property
    def steps(self) -> Integers:
        """Attempts, (m,)."""
        return self._whole(1)

    @property
    def accepted(self) -> Integers:
        """Accepted steps, (m,)."""
        return self._whole(2)

    @property
    def position(self) -> Integers:
        """How many of the sample times are done, (m,)."""
        return self._whole(3)

    @property
    def evaluations(self) -> Integers:
        """Of the right-hand side, (m,)."""
        count = np.zeros(len(self.rows), dtype=np.int64)
        later = self.steps
        for tableau, lanes, before in reversed(self._runs):
            starts = 2 if tableau.adaptive else 1
            count[lanes] += starts + tableau.evaluations * (later - before)[lanes]
            later = np.where(np.isin(np.arange(len(count)), np.arange(len(count))[lanes]), before, later)
        return count

    def ran(self, tableau: Tableau, lanes: Integers | slice, before: Integers | int) -> None:
        """Remember that a method went on with these trajectories, which had made so many attempts before."""
        self._runs.append((tableau, lanes, before))

    def _whole(self, number: int) -> Integers:
        return self.rows.view(np.int64)[:, self._n + 2 + number]
