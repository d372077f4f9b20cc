"""Nullclines on which a component touches zero without changing its sign, such as those of (y - x^2)^2.

Contours at zero do not see them. They lie along valleys, where the derivative in any direction changes its sign.
"""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.contours import Grid
from odeplayground.dynamics.plane import Plane

DIRECTION = np.array([np.cos(0.62), np.sin(0.62)])
"""In cells of the grid; hardly any curve runs along it for long."""
SHALLOW = 0.25
"""A valley is looked at if its floor, by a parabola, is below this share of its sides."""
MULTIPLICITIES = (1, 2, 4)
"""Of the zero across a curve: that of a kink, of a square, of a fourth power."""
ITERATIONS = 4
ZERO = 1e-9
"""The component is zero if it is this much smaller than a cell further away."""
SHORTEST = 3.0
"""Shorter curves, in cells, are single points where the component is zero."""


def touching_curves(plane: Plane, axis: int, grid: Grid, values: Floats) -> list[tuple[Floats, Flags]]:
    """Curves (k, 2) along the valleys of a component on a grid (ny, nx), and which of their points are zeros."""
    valleys = _valleys(values)
    if valleys is None:
        return []
    slope = np.gradient(values, axis=1) * DIRECTION[0] + np.gradient(values, axis=0) * DIRECTION[1]
    lines = grid.zeros(slope, _grown(valleys) & np.isfinite(slope))
    if not lines:
        return []
    points, real = _refined(plane, axis, np.concatenate(lines).T, grid.cell)
    ends = np.cumsum([len(line) for line in lines])[:-1]
    return list(zip(np.split(points.T, ends), np.split(real, ends), strict=True))


def long_enough(curve: Floats, cell: Floats) -> bool:
    """Whether a curve (k, 2) is more than a point."""
    steps = np.diff(curve, axis=0) / cell.T
    return float(np.hypot(*steps.T).sum()) >= SHORTEST


def without_grazed_zeros(values: Floats, tiny: float) -> Floats:
    """The values, with zeros among neighbours of one sign moved to that side, as contours would circle each of them.

    Up to ``tiny`` they are zeros.
    """
    zero = np.abs(values) <= tiny
    if not zero.any() or zero.all():
        return values
    positive, negative = _grown(values > tiny), _grown(values < -tiny)
    side = np.where(positive & ~negative, 1.0, np.where(negative & ~positive, -1.0, 0.0))
    return np.where(zero & (side != 0) & ~_flat(values), side * max(tiny, 1e-300), values)


def _valleys(values: Floats) -> Flags | None:
    """Points of the grid whose neighbours all have one sign, and at which the size has a low minimum; if any."""
    size = np.abs(values)
    heights, columns = size.ravel(), size.shape[1]
    found = []
    for apart, slope in ((1, size[:, 1:] - size[:, :-1]), (columns, size[1:] - size[:-1])):
        at = _lowest(slope, axis=1 if apart == 1 else 0) + apart
        before, here, after = heights[at - apart], heights[at], heights[at + apart]
        floor = here - (after - before) ** 2 / (8 * (before - 2 * here + after))
        found.append(at[floor <= SHALLOW * np.maximum(before, after)])
    at = np.concatenate(found)
    at = at[~_crossed(values, at)]
    if not at.size:
        return None
    result = np.zeros(values.shape, dtype=bool)
    result.ravel()[at] = True
    result &= ~_grown(_flat(values))
    return result if result.any() else None


def _crossed(values: Floats, at: Integers) -> Flags:
    """Whether nodes, by their numbers, or their neighbours differ in sign."""
    rows, columns = values.shape
    row, column = np.divmod(at, columns)
    around = np.array([[-1], [0], [1]])
    row, column = np.clip(row + around, 0, rows - 1), np.clip(column + around, 0, columns - 1)
    near = values.ravel()[row[:, None] * columns + column[None]]
    result: Flags = (near > 0).any(axis=(0, 1)) & (near < 0).any(axis=(0, 1))
    return result


def _lowest(slope: Floats, axis: int) -> Integers:
    """Where differences along an axis turn from falling to rising, or from one of them to level ground and back: the
    numbers of the nodes before, in the whole grid.
    """
    falling, rising = slope < 0, slope > 0
    if axis == 1:
        low = (falling[:, :-1] > falling[:, 1:]) | (rising[:, 1:] > rising[:, :-1])
        row, column = np.divmod(np.flatnonzero(low), low.shape[1])
        result: Integers = row * (slope.shape[1] + 1) + column
        return result
    return np.flatnonzero((falling[:-1] > falling[1:]) | (rising[1:] > rising[:-1]))


def _flat(values: Floats) -> Flags:
    """Where the component is zero on whole cells, which have edges and no valleys."""
    zero = values == 0
    cells = zero[:-1, :-1] & zero[1:, :-1] & zero[:-1, 1:] & zero[1:, 1:]
    result = np.zeros(values.shape, dtype=bool)
    result[:-1, :-1] |= cells
    return _grown(result)


def _grown(flags: Flags) -> Flags:
    """The flags, and all neighbours, also across corners."""
    result = flags.copy()
    result[1:] |= flags[:-1]
    result[:-1] |= flags[1:]
    across = result.copy()
    result[:, 1:] |= across[:, :-1]
    result[:, :-1] |= across[:, 1:]
    return result


def _refined(plane: Plane, axis: int, points: Floats, cell: Floats) -> tuple[Floats, Flags]:
    """Points moved to where the component is smallest by Newton's method for zeros of several orders."""
    moved, value = points, plane.values(points)[axis]
    for _ in range(ITERATIONS):
        gradient = plane.gradient(axis, moved) * cell
        step = cell * gradient * (value / np.add.reduce(gradient * gradient, axis=0))
        step = np.where(np.isfinite(step), step, 0.0)
        start = moved
        for times in MULTIPLICITIES:
            trial = start - times * step
            there = plane.values(trial)[axis]
            better = np.abs(there) < np.abs(value)
            moved, value = np.where(better, trial, moved), np.where(better, there, value)
    beside = np.zeros(points.shape[1])
    for i in range(2):
        for sign in (-1.0, 1.0):
            shifted = moved.copy()
            shifted[i] += sign * cell[i, 0]
            beside = np.fmax(beside, np.abs(plane.values(shifted)[axis]))
    near = np.logical_and.reduce(np.abs(moved - points) <= 1.5 * cell, axis=0)
    result: Flags = near & (np.abs(value) <= ZERO * beside)
    return moved, result
