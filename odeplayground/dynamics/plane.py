"""Two-dimensional views through the space of states: two of them on the axes, the others held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField, field_of
from odeplayground.dynamics.kernels.lines.program import Canvas
from odeplayground.dynamics.kernels.lines.slots import COLUMNS
from odeplayground.spec import AnySystem


class Plane:
    """The field on a plane. Points are (2, m), in units of the states."""

    def __init__(self, field: BoundField, t: float, held: Floats, axes: tuple[int, int]) -> None:
        self._field, self._t, self._held, self._axes = field, t, held, list(axes)
        self._is_all = axes == (0, 1) and held.size == 2

    def canvas(self, low: Floats, scale: Floats, size: Floats) -> Canvas:
        """The plane for machine code that draws lines on a rectangle of this size, all (2,); see :class:`Canvas`."""
        return Canvas(
            self._field.called(self._t, COLUMNS), self._held, (self._axes[0], self._axes[1]), low, scale, size
        )

    def states(self, points: Floats) -> Floats:
        """The whole states (n_states, m) of points."""
        if self._is_all:
            return points
        states = np.repeat(self._held[:, None], points.shape[1], axis=1)
        states[self._axes] = points
        return states

    def values(self, points: Floats) -> Floats:
        """Derivatives of the two states, (2, m)."""
        values = self._field.rhs(self._t, self.states(points))
        return values if self._is_all else values[self._axes]

    def gradient(self, axis: int, points: Floats) -> Floats:
        """How the derivative of one of them changes in the plane, (2, m)."""
        return self._field.jacobian(self._t, self.states(points))[self._axes[axis], self._axes]


def plane_of(
    system: AnySystem,
    x: str,
    y: str,
    held: Mapping[str, float] | None,
    parameters: Mapping[str, float] | None,
    t: float,
) -> Plane:
    """The plane of two named states.

    Raises:
        ValueError: for unknown names, or twice the same axis.
    """
    if x == y:
        raise ValueError("The axes have to be two different states.")
    for name in (x, y):
        if name not in system.states:
            raise arguments.unknown_name("state", name, system.states)
    return Plane(
        field_of(system).bind(arguments.parameter_values(system, parameters)),
        float(arguments.numbers("t", t)),
        arguments.initial_state(system, dict(held or {})),
        (system.states.index(x), system.states.index(y)),
    )


def window(x: str, y: str, x_range: Sequence[float], y_range: Sequence[float]) -> Floats:
    """Both ranges, (2, 2): low and high for each axis.

    Raises:
        ValueError: for an empty range.
    """
    return np.array([arguments.interval(x, x_range), arguments.interval(y, y_range)])
