"""Stages of Levenberg-Marquardt: the slopes of the smoothed data, then windows that grow to whole trajectories."""

from __future__ import annotations

import numpy as np

from odeplayground.neural.improver import State, loaded
from odeplayground.neural.least_squares import Marquardt
from odeplayground.neural.segments import Segments, SlopeResiduals

CALM = 2
"""Steps in a row that hardly gain anything, after which a stage has converged."""


class LeastSquares:
    """One stage. It has converged when ``CALM`` steps in a row save less than the share ``enough`` of the sum."""

    steps = (0, 0)

    def __init__(self, problem: Segments | SlopeResiduals, enough: float) -> None:
        self._problem, self._enough = problem, enough
        self.evaluations = self.backward = problem.evaluations
        self.forget()

    def forget(self) -> None:
        """Begin anew from the field's parameters as they are."""
        self._search = Marquardt(self._problem.begin())
        self._calm = 0

    @property
    def converged(self) -> bool:
        """Whether more steps would hardly change anything."""
        return self._calm >= CALM

    def epoch(self, rate: float) -> tuple[float, float]:
        """As :class:`improver.Improver`: one accepted step. There is no learning rate."""
        try:
            step = self._search.step(self._problem)
        finally:
            self._problem.write(self._search.x)
        self._calm = CALM if step.gain == 0 else self._calm + 1 if step.gain < self._enough else 0
        return step.before / self._problem.count, step.norm

    def state(self) -> State:
        """As :class:`improver.Improver`."""
        return {
            "x": self._search.x.numpy().copy(),
            "damping": np.array(self._search.damping),
            "calm": np.array(self._calm),
        }

    def restore(self, state: State) -> None:
        """As :class:`improver.Improver`."""
        tensors = loaded(state)
        self._search = Marquardt(tensors["x"], float(tensors["damping"]))
        self._calm = int(tensors["calm"])
