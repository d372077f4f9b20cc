"""What all animations share: they are told a state and draw the thing that is in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from odeplayground.gui.theme import theme
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Experiment

Range = tuple[float, float]
_HUGE = 1e6
"""Beyond this many pixels or units nothing sensible can be drawn."""


class ThingAnimation(QWidget):
    """A drawing of the thing itself, at one moment. Subclasses paint; nothing here knows a clock.

    Wrong input never stops the program: states that are missing or not finite are simply not drawn.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setMinimumSize(200, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.states: tuple[str, ...] = ()
        self.units: dict[str, str] = {}
        self.parameters: dict[str, float] = {}
        self.values: tuple[float, ...] = ()
        self.learned: tuple[float, ...] | None = None
        self.time = 0.0
        self.trajectory: Trajectory | None = None
        self.ranges: tuple[Range, ...] = ()
        """Smallest and largest value of every state along the trajectory."""
        self.extra: tuple[tuple[str, float, str], ...] = ()
        theme().changed.connect(self.update)

    def set_experiment(self, experiment: Experiment) -> None:
        """Names and units for what is shown."""
        self.states = experiment.system.states
        self.units = experiment.units
        self.parameters = experiment.parameters
        self.update()

    def set_trajectory(self, trajectory: Trajectory | None) -> None:
        """The trajectory that the states come from: for trails, and to know how large values become."""
        self.trajectory = trajectory
        self.ranges = () if trajectory is None else tuple(_range(row) for row in trajectory.y)
        self.update()

    def set_state(self, values: Sequence[float], learned: Sequence[float] | None = None, time: float = 0.0) -> None:
        """The state to draw, (n_states,), and if there is one that of the learned system at the same time."""
        self.values = tuple(float(value) for value in values)
        self.learned = None if learned is None else tuple(float(value) for value in learned)
        self.time = time
        self.update()

    def set_extra(self, rows: Sequence[tuple[str, float, str]]) -> None:
        """Derived numbers to show below the states, such as an energy: name, value, unit."""
        self.extra = tuple(rows)
        self.update()

    def value(self, index: int, learned: bool = False) -> float | None:
        """A state's value, or ``None`` where there is no finite one."""
        source = self.learned if learned else self.values
        if source is None or index >= len(source) or not math.isfinite(source[index]):
            return None
        return source[index]

    def share(self, index: int, learned: bool = False) -> float | None:
        """A state's value as a share of its range along the trajectory, from 0 to 1."""
        value = self.value(index, learned)
        if value is None or index >= len(self.ranges):
            return None
        low, high = self.ranges[index]
        return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5

    def parameter(self, name: str, otherwise: float) -> float:
        """A parameter's value if the system has one of this name, and it is finite."""
        value = self.parameters.get(name, otherwise)
        return value if math.isfinite(value) else otherwise

    def largest(self, index: int) -> float:
        """How far a state goes from zero along the trajectory, 1 if it does not move."""
        if index >= len(self.ranges):
            return 1.0
        found = max(map(abs, self.ranges[index]))
        return found if 0 < found < _HUGE else 1.0

    def past(self, indices: Sequence[int], duration: float, count: int) -> np.ndarray:
        """Some states over the last stretch of time up to now, (len(indices), count) from old to new.

        Without columns where there is no past, or a state is not finite.
        """
        run = self.trajectory
        nothing = np.empty((len(indices), 0))
        if run is None or run.t.size < 2 or max(indices) >= len(run.y):
            return nothing
        begin = max(self.time - duration, float(run.t[0]))
        if self.time <= begin:
            return nothing
        times = np.linspace(begin, self.time, count)
        rows = np.array([np.interp(times, run.t, run.y[i]) for i in indices])
        return rows if np.isfinite(rows).all() and np.abs(rows).max() < _HUGE else nothing

    def sizeHint(self) -> QSize:
        return QSize(336, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().color("surface"))
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Paint the thing."""
        raise NotImplementedError


def _range(row: np.ndarray) -> Range:
    finite = row[np.isfinite(row)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
