"""Which numbers of a solution stand on the axes of the portrait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odeplayground.gui.plots.screen import Floats
from odeplayground.session import axes
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Experiment

TIME = axes.TIME


@dataclass(frozen=True)
class Projection:
    """Two or three axes: states, ``"t"`` or expressions. Angles of ``wrap`` are drawn between -pi and pi."""

    x: str
    y: str
    states: tuple[str, ...]
    wrap: tuple[str, ...] = ()
    frame: axes.Frame | None = None
    """What expressions are computed with, if there are any."""
    z: str = ""
    """The third axis; empty: there are two."""

    @classmethod
    def of(cls, experiment: Experiment) -> Projection:
        view = experiment.view
        z = "" if view.space is None else view.space.z
        return cls(view.x, view.y, experiment.system.states, view.wrap, axes.frame_of(experiment), z)

    @property
    def names(self) -> tuple[str, ...]:
        """The axes."""
        return (self.x, self.y, self.z) if self.z else (self.x, self.y)

    def index(self, name: str) -> int:
        """Position of a name among the states, -1 for time and expressions."""
        return self.states.index(name) if name in self.states else -1

    def curve(self, t: Floats, y: Floats) -> Floats:
        """Points (k, 2) or (k, 3) of a solution with ``t`` (k,) and ``y`` (n_states, k), cut at the seams of angles."""
        points = self._points(t, y)
        columns = tuple(i for i, name in enumerate(self.names) if name in self.wrap)
        return axes.cut_at_seam(points, columns) if columns else points

    def scattered(self, t: Floats, y: Floats) -> Floats:
        """Points (k, 2) or (k, 3) that no line joins."""
        points = self._points(t, y)
        angles = [i for i, name in enumerate(self.names) if name in self.wrap]
        if angles:
            points = points.copy()
            points[:, angles] = axes.wrapped(points[:, angles])
        return points

    def forward(self, trajectory: Trajectory) -> Floats:
        """Points from the start on."""
        return self.curve(trajectory.t, trajectory.y)

    def backward(self, trajectory: Trajectory) -> Floats:
        """Points before the start; possibly none."""
        if trajectory.back_t.size == 0:
            return np.empty((0, len(self.names)))
        return self.curve(trajectory.back_t, trajectory.back_y)

    def point(self, t: float, state: Sequence[float] | Floats) -> tuple[float, ...]:
        """The place of one state at one time; NaN where the state is too short."""
        return tuple(self._coordinate(name, t, state) for name in self.names)

    def pair(self, t: float, state: Sequence[float] | Floats) -> tuple[float, float]:
        """The place of one state at one time on the first two axes."""
        return self._coordinate(self.x, t, state), self._coordinate(self.y, t, state)

    def _points(self, t: Floats, y: Floats) -> Floats:
        places = [self.index(name) for name in self.names]
        if len(places) == 2 and min(places) >= 0 and max(places) < len(y) and places[0] != places[1]:
            i, j = places
            both: Floats = y[i :: j - i][:2].T  # no copy, which counts with hundreds of curves
            return both
        points = np.empty((t.size, len(places)))
        for column, name in enumerate(self.names):
            points[:, column] = self._row(name, t, y)
        return points

    def _row(self, name: str, t: Floats, y: Floats) -> Floats:
        i = self.index(name)
        if i >= 0:
            return y[i] if i < len(y) else np.full(t.shape, np.nan)
        return t if self.frame is None or name == TIME else axes.values(self.frame, name, t, y)

    def _coordinate(self, name: str, t: float, state: Sequence[float] | Floats) -> float:
        i = self.index(name)
        if i >= len(state):
            return float("nan")
        if i >= 0:
            value = float(state[i])
        elif self.frame is None or name == TIME:
            return t
        else:
            value = float(axes.values(self.frame, name, np.array([t]), np.array(state, dtype=float)[:, None])[0])
        return float(axes.wrapped(np.array(value))) if name in self.wrap else value
