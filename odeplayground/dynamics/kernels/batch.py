"""What a kernel is given: initial value problems, as numpy arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers

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
    limit: PerTrajectory = 1e12
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


class Result:
    """How m problems ended. Whatever was not reached is NaN."""

    def __init__(self, batch: Batch) -> None:
        n, m = batch.n_states, batch.size
        self.rows = np.empty((m, n + 2))
        """Memory of the three that follow."""
        self.y = self.rows[:, :n].T
        """The last states, (n_states, m)."""
        self.t = self.rows[:, n]
        """Their times, (m,)."""
        self.h = self.rows[:, n + 1]
        """The next step there, with its sign."""
        self.counts = np.zeros((4, m), dtype=np.int64)
        """Memory of the four that follow."""
        self.endings, self.steps, self.accepted, self.position = self.counts
        """Codes of ``Ending`` or ``codes.EVENT``; attempts; accepted steps; how many sample times are done. (m,)"""
        self.crossed = np.zeros((m, len(batch.directions)))
        """How often each event was met, (m, n_events)."""
        self.evaluations = np.zeros(m, dtype=np.int64)
        """Of the right-hand side."""
        self.samples = None if batch.times is None else np.empty((m, n, batch.times.size))
        """States at the sample times, (m, n_states, k)."""
