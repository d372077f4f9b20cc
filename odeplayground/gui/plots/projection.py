"""Which two numbers of a solution stand on the axes of the portrait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odeplayground.gui.plots.screen import Floats
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Experiment

TIME = "t"


@dataclass(frozen=True)
class Projection:
    """Two axes, each the name of a state or ``"t"``."""

    x: str
    y: str
    states: tuple[str, ...]

    @classmethod
    def of(cls, experiment: Experiment) -> Projection:
        return cls(experiment.view.x, experiment.view.y, experiment.system.states)

    def index(self, name: str) -> int:
        """Position of a name among the states, -1 for time."""
        return self.states.index(name) if name in self.states else -1

    def curve(self, t: Floats, y: Floats) -> Floats:
        """(k, 2) points of a solution with ``t`` (k,) and ``y`` (n_states, k)."""
        i, j = self.index(self.x), self.index(self.y)
        if 0 <= i < len(y) and 0 <= j < len(y) and i != j:
            both: Floats = y[i :: j - i][:2].T  # no copy, which counts with hundreds of curves
            return both
        points = np.empty((t.size, 2))
        points[:, 0] = self._row(self.x, t, y)
        points[:, 1] = self._row(self.y, t, y)
        return points

    def forward(self, trajectory: Trajectory) -> Floats:
        """(k, 2) points from the start on."""
        return self.curve(trajectory.t, trajectory.y)

    def backward(self, trajectory: Trajectory) -> Floats:
        """(k, 2) points before the start; possibly none."""
        if trajectory.back_t.size == 0:
            return np.empty((0, 2))
        return self.curve(trajectory.back_t, trajectory.back_y)

    def point(self, t: float, state: Sequence[float] | Floats) -> tuple[float, float]:
        """The place of one state at one time; NaN where the state is too short."""

        def value(name: str) -> float:
            i = self.index(name)
            if i < 0:
                return t
            return float(state[i]) if i < len(state) else float("nan")

        return value(self.x), value(self.y)

    def _row(self, name: str, t: Floats, y: Floats) -> Floats:
        i = self.index(name)
        return t if i < 0 else y[i] if i < len(y) else np.full(t.shape, np.nan)
