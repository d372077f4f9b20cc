"""The right-hand side and its derivative at given states."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField, field_of
from odeplayground.spec import AnySystem


def evaluate(
    system: AnySystem, states: ArrayLike, t: ArrayLike = 0.0, parameters: Mapping[str, ArrayLike] | None = None
) -> Floats:
    """The right-hand side dx/dt, (m, n_states), at states (m, n_states).

    Times are one number or (m,), parameters too. Where the equations are undefined, the result is not finite.

    Raises:
        ValueError: for a wrong shape, an unknown name, or a number that is not finite.
    """
    return _applied(system, states, t, parameters, lambda field, time, y: field.rhs(time, y)).T


def jacobian(
    system: AnySystem, states: ArrayLike, t: ArrayLike = 0.0, parameters: Mapping[str, ArrayLike] | None = None
) -> Floats:
    """The exact derivatives d rhs_i / d state_j, (m, n_states, n_states), at states (m, n_states).

    Raises:
        ValueError: for a wrong shape, an unknown name, or a number that is not finite.
    """
    values = _applied(system, states, t, parameters, lambda field, time, y: field.jacobian(time, y))
    return values.transpose(2, 0, 1)


def _applied(
    system: AnySystem,
    states: ArrayLike,
    t: ArrayLike,
    parameters: Mapping[str, ArrayLike] | None,
    function: Callable[[BoundField, float | Floats, Floats], Floats],
) -> Floats:
    rows = arguments.state_rows(system, "states", states)
    times = arguments.numbers("t", t)
    if times.shape not in {(), (rows.shape[0],)}:
        raise ValueError(f"t takes one number or {rows.shape[0]} numbers.")
    values = arguments.parameter_values(system, parameters, rows.shape[0])
    with np.errstate(all="ignore"):
        return function(field_of(system).bind(values), times, np.ascontiguousarray(rows.T))
