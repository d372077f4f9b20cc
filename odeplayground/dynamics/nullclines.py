"""Curves on which one state does not change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats
from odeplayground.dynamics.contours import Grid, grid
from odeplayground.dynamics.plane import Plane, plane_of, window
from odeplayground.dynamics.touching import long_enough, touching_curves, without_grazed_zeros
from odeplayground.spec import AnySystem


def nullclines(
    system: AnySystem,
    x: str,
    y: str,
    x_range: Sequence[float],
    y_range: Sequence[float],
    held: Mapping[str, float] | None = None,
    parameters: Mapping[str, float] | None = None,
    t: float = 0.0,
    resolution: tuple[int, int] = (160, 160),
) -> dict[str, list[Floats]]:
    """The nullclines of the two states on the axes of a portrait.

    Found as contours on a grid and then moved onto the curve by Newton steps, which also tells true zeros from the
    changes of sign at poles and jumps. Where a derivative touches zero without changing its sign, the curve is found
    as the floor of a valley (see :mod:`odeplayground.dynamics.touching`).

    Args:
        system: typed equations or a trained network, with at least two states.
        x: name of the state on the horizontal axis.
        y: name of the state on the vertical axis.
        x_range: low and high of the horizontal axis.
        y_range: low and high of the vertical axis.
        held: values of the other states; the system's initial state where left out.
        parameters: values that replace the system's own, by name.
        t: time, for systems that depend on it.
        resolution: points of the grid along x and y.

    Returns:
        For ``x`` and for ``y`` a list of curves (k, 2), on which that state's derivative is zero.

    Raises:
        ValueError: for unknown names, empty ranges, or twice the same axis.
    """
    if min(resolution) < 2:
        raise ValueError("The grid needs at least two points along each axis.")
    plane = plane_of(system, x, y, held, parameters, t)
    (x_low, x_high), (y_low, y_high) = window(x, y, x_range, y_range).tolist()
    nodes = grid((x_low, x_high), (y_low, y_high), (int(resolution[0]), int(resolution[1])))
    with np.errstate(all="ignore"):
        values = plane.values(nodes.nodes).reshape(2, resolution[1], resolution[0])
        return {name: _curves(plane, axis, nodes, values[axis]) for axis, name in enumerate((x, y))}


def _curves(plane: Plane, axis: int, nodes: Grid, values: Floats) -> list[Floats]:
    finite = np.isfinite(values)
    largest = float(np.abs(values).max(where=finite, initial=0.0))
    if not largest:
        return []
    curves = _crossing_curves(plane, axis, nodes, without_grazed_zeros(values, 1e-14 * largest), finite)
    for line, real in touching_curves(plane, axis, nodes, values):
        curves += [part for part in _runs(line, real) if long_enough(part, nodes.cell)]
    return curves


def _crossing_curves(plane: Plane, axis: int, nodes: Grid, values: Floats, finite: Flags) -> list[Floats]:
    """Curves across which the component changes its sign."""
    lines = nodes.zeros(values, finite)
    if not lines:
        return []
    lengths = [len(line) for line in lines]
    points, real = _refined(plane, axis, np.concatenate(lines).T, nodes.cell)
    ends = np.cumsum(lengths)
    curves = []
    for end, length in zip(ends, lengths, strict=True):
        part = slice(end - length, end)
        curves += _runs(points[:, part].T, real[part])
    return curves


def _refined(plane: Plane, axis: int, points: Floats, cell: Floats) -> tuple[Floats, Flags]:
    """Points moved onto the curve, and which of them found one within their cell of the grid."""
    moved = points
    for _ in range(2):
        gradient = plane.gradient(axis, moved) * cell
        distance = plane.values(moved)[axis] / np.add.reduce(gradient * gradient, axis=0)
        moved = moved - cell * gradient * np.where(np.isfinite(distance), distance, 0.0)
    real = (np.abs(moved - points) <= cell).all(axis=0)
    before, after = np.abs(plane.values(points)[axis]), np.abs(plane.values(moved)[axis])
    real &= after <= 0.1 * before + 1e-12 * _steepness(plane, axis, moved, cell)
    return moved, real


def _steepness(plane: Plane, axis: int, points: Floats, cell: Floats) -> Floats:
    result: Floats = np.abs(plane.gradient(axis, points) * cell).sum(axis=0)
    return result


def _runs(line: Floats, real: Flags) -> list[Floats]:
    """The stretches of a line that are real, if they have two points at least."""
    if real.all():
        return [line]
    cuts = np.flatnonzero(np.diff(real.astype(np.int8))) + 1
    parts = zip(np.split(line, cuts), np.split(real, cuts), strict=True)
    return [part for part, good in parts if good[0] and len(part) > 1]
