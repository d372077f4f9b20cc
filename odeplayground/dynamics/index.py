"""The index of closed curves in the plane: how often the field turns while one goes around once.

It is the sum of the indices of the equilibria inside: -1 for saddles, +1 for nodes, foci and centers.
Strogatz, Nonlinear Dynamics and Chaos, section 6.8; Perko, Differential Equations and Dynamical Systems, section 3.12.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.fields import BoundField, field_of
from odeplayground.spec import AnySystem

SMALL_TURN = 0.9
"""Between neighbouring points of a curve the field may turn by so many radians; otherwise points are put between."""
HALVINGS = 30
"""A turn that so many halvings do not make small is a jump."""
PER_SIDE = 40
"""Points along each side of a window, to begin with."""


def poincare_index(
    system: AnySystem, bounds: Mapping[str, tuple[float, float]], parameters: Mapping[str, float] | None = None
) -> int | None:
    """The index of the border of a window, run through counter-clockwise.

    Systems that depend on time are taken as they are at t = 0.

    Args:
        system: typed equations or a trained network with two states.
        bounds: low and high for both states.
        parameters: values that replace the system's own, by name.

    Returns:
        The index; ``None`` if it is not defined, because the field vanishes, jumps or is not finite on the border.

    Raises:
        ValueError: if the system has not two states, for unknown names, or wrong bounds.
    """
    if len(system.states) != 2:
        raise ValueError("The index is defined for systems with two states only.")
    box = arguments.box(system, bounds)
    field = field_of(system).bind(arguments.parameter_values(system, parameters))
    with np.errstate(all="ignore"):
        return index_along(field, border(box))


def border(box: Floats) -> Floats:
    """Points (2, k) around a box (2, 2), counter-clockwise and without repeating the first."""
    share = np.arange(PER_SIDE) / PER_SIDE
    zero, one = np.zeros(PER_SIDE), np.ones(PER_SIDE)
    unit = np.array(
        [
            np.concatenate([share, one, 1 - share, zero]),
            np.concatenate([zero, share, one, 1 - share]),
        ]
    )
    result: Floats = box[:, :1] + unit * (box[:, 1:] - box[:, :1])
    return result


def circle(centre: Floats, radii: Floats) -> Floats:
    """Points (2, k) around a centre (2,), counter-clockwise."""
    angle = 2 * np.pi * np.arange(PER_SIDE) / PER_SIDE
    result: Floats = centre[:, None] + radii[:, None] * np.array([np.cos(angle), np.sin(angle)])
    return result


def index_along(field: BoundField, curve: Floats) -> int | None:
    """The index of a closed polygon (2, k) at t = 0; ``None`` where it is not defined."""
    points = np.concatenate([curve, curve[:, :1]], axis=1)
    angles = _angles(field.rhs(0.0, points))
    for _ in range(HALVINGS):
        turns = wrapped(np.diff(angles))
        if not np.isfinite(turns).all():
            return None
        large = np.flatnonzero(np.abs(turns) > SMALL_TURN)
        if not large.size:
            return round(float(turns.sum()) / (2 * np.pi))
        between = 0.5 * (points[:, large] + points[:, large + 1])
        points = np.insert(points, large + 1, between, axis=1)
        angles = np.insert(angles, large + 1, _angles(field.rhs(0.0, between)))
    return None


def cell_indices(values: Floats) -> Integers:
    """The index of every cell of a grid, (rows - 1, columns - 1), from values (2, rows, columns) at its nodes.

    Not certain where the field turns much along an edge; 0 where it is not finite.
    """
    angles = _angles(values)
    across, up = wrapped(np.diff(angles, axis=1)), wrapped(np.diff(angles, axis=0))
    turns = across[:-1] + up[:, 1:] - across[1:] - up[:, :-1]
    result: Integers = np.rint(np.where(np.isfinite(turns), turns, 0.0) / (2 * np.pi)).astype(np.int64)
    return result


def wrapped(angles: Floats) -> Floats:
    """Angles in [-pi, pi]."""
    result: Floats = angles - 2 * np.pi * np.rint(angles / (2 * np.pi))
    return result


def _angles(values: Floats) -> Floats:
    """Directions of vectors; NaN where there is none."""
    moving = np.isfinite(values).all(axis=0) & (np.abs(values).max(axis=0) > 0)
    result: Floats = np.where(moving, np.arctan2(values[1], values[0]), np.nan)
    return result
