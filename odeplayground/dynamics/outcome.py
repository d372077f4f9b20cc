"""Where, how and after how much work each of m trajectories stopped."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.batch import Result
from odeplayground.dynamics.task import Task


class Outcome(Protocol):
    """One number per trajectory, (m,), of everything but the states, (n_states, m)."""

    @property
    def endings(self) -> Integers:
        """Codes of :class:`Ending`."""

    @property
    def t(self) -> Floats:
        """The times where they stopped."""

    @property
    def y(self) -> Floats:
        """The states there."""

    @property
    def step(self) -> Floats:
        """The last step."""

    @property
    def steps(self) -> Integers:
        """Attempts."""

    @property
    def accepted(self) -> Integers:
        """Accepted steps."""

    @property
    def evaluations(self) -> Integers:
        """Of the right-hand side."""

    @property
    def jacobians(self) -> Integers:
        """Evaluations of the Jacobian."""


class Tally:
    """An outcome that scipy's solvers write down as they go."""

    def __init__(self, task: Task) -> None:
        m = task.y0.shape[1]
        self.endings = np.full(m, Ending.RUNNING, dtype=np.int64)
        self.t = np.full(m, task.t0)
        self.y = task.y0.copy()
        self.step = np.zeros(m)
        self.steps, self.accepted, self.evaluations, self.jacobians = np.zeros((4, m), dtype=np.int64)


class NativeOutcome:
    """The outcome of native kernels; counts are worked out when they are asked for."""

    def __init__(self, result: Result, implicit_from: Integers | None) -> None:
        self._result = result
        self._implicit_from = implicit_from

    @property
    def endings(self) -> Integers:
        return self._result.endings

    @property
    def t(self) -> Floats:
        return self._result.t

    @property
    def y(self) -> Floats:
        return self._result.y

    @property
    def step(self) -> Floats:
        return self._result.h

    @property
    def steps(self) -> Integers:
        return self._result.steps

    @property
    def accepted(self) -> Integers:
        return self._result.accepted

    @property
    def evaluations(self) -> Integers:
        return self._result.evaluations

    @property
    def jacobians(self) -> Integers:
        """One for each step of an implicit method."""
        steps = self._result.steps
        return np.zeros_like(steps) if self._implicit_from is None else steps - self._implicit_from


def stats_of(outcome: Outcome) -> dict[str, int]:
    """Totals over all trajectories."""
    steps, accepted = int(outcome.steps.sum()), int(outcome.accepted.sum())
    return {
        "steps": accepted,
        "rejected": steps - accepted,
        "evaluations": int(outcome.evaluations.sum()),
        "jacobians": int(outcome.jacobians.sum()),
    }
