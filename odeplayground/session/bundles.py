"""Many starting points at once: those inside a region that somebody drew, and new ones that fill it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.session import axes, picking
from odeplayground.session.errors import UserError
from odeplayground.session.scene import Floats
from odeplayground.spec import Experiment, Point

MOST = 400
"""Starting points of one bundle."""
_ROW = np.sqrt(3.0) / 2
"""Distance of the rows of a triangular grid, in distances of its points."""


def inside(polygon: Floats, points: Floats) -> NDArray[np.bool_]:
    """Which points (n, 2) lie inside a closed polygon (k, 2), by the parity of crossings; (n,)."""
    x, y = points[:, 0, None], points[:, 1, None]
    x0, y0 = polygon.T
    x1, y1 = np.roll(polygon, -1, axis=0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        crosses = (y0 > y) != (y1 > y)
        left = x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    result: NDArray[np.bool_] = (crosses & left).sum(axis=1) % 2 == 1
    return result


def filling(polygon: Floats, spacing: tuple[float, float]) -> Floats:
    """Places (n, 2) on a triangular grid inside a polygon (k, 2), so far apart along x and y; at least its middle.

    Where that would be more than ``MOST``, they lie farther apart.
    """
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    dx, dy = spacing[0], spacing[1] * _ROW
    area = 0.5 * abs(float(np.sum(polygon[:, 0] * (np.roll(polygon[:, 1], -1) - np.roll(polygon[:, 1], 1)))))
    widening = max(1.0, np.sqrt(area / (dx * dy) / (0.9 * MOST)))
    dx, dy = dx * widening, dy * widening
    middle = 0.5 * (low + high)
    rows, columns = (int(np.ceil((high[k] - low[k]) / step / 2)) + 1 for k, step in ((1, dy), (0, dx)))
    j, i = np.meshgrid(np.arange(-rows, rows + 1), np.arange(-columns, columns + 1), indexing="ij")
    grid = np.column_stack(((middle[0] + dx * (i + 0.5 * (j % 2))).ravel(), (middle[1] + dy * j).ravel()))
    places = grid[inside(polygon, grid)][:MOST]
    return places if len(places) else polygon.mean(axis=0)[None]


def caught(experiment: Experiment, polygon: Floats) -> tuple[int, ...]:
    """Numbers of the starting points that are drawn inside a polygon (k, 2) of the view."""
    frame = axes.Frame(experiment.system, tuple(experiment.parameters.items()))
    starts = np.array(experiment.starts, dtype=float).T
    t = np.full(starts.shape[1], experiment.t_span[0])
    view = experiment.view
    columns = [axes.values(frame, axis, t, starts) for axis in (view.x, view.y)]
    shown = [
        axes.wrapped(row) if axis in view.wrap else row for axis, row in zip((view.x, view.y), columns, strict=True)
    ]
    return tuple(np.flatnonzero(inside(polygon, np.column_stack(shown))).tolist())


def add(experiment: Experiment, places: Iterable[tuple[float, float]]) -> Experiment:
    """A starting point at each of these places of the view; the selection stays.

    Raises:
        UserError: no state is on the axes.
    """
    points = [picking.point_at(experiment, x, y) for x, y in places]
    fresh = tuple(point for point in dict.fromkeys(points) if point not in experiment.starts)
    return msgspec.structs.replace(experiment, starts=(*experiment.starts, *fresh))


def move(experiment: Experiment, numbers: Collection[int], dx: float, dy: float) -> Experiment:
    """Move some starting points by the same way on the axes; what is no state stays."""
    view, states = experiment.view, experiment.system.states
    by = np.zeros(len(states))
    for axis, step in ((view.x, dx), (view.y, dy)):
        if axis in states:
            by[states.index(axis)] = step
    starts = tuple(_moved(start, by) if number in numbers else start for number, start in enumerate(experiment.starts))
    return msgspec.structs.replace(experiment, starts=starts)


def remove(experiment: Experiment, numbers: Collection[int]) -> Experiment:
    """Some starting points less.

    Raises:
        UserError: none would be left.
    """
    kept = [number for number in range(len(experiment.starts)) if number not in numbers]
    if not kept:
        raise UserError("The last starting point stays. Leave one out of the region.")
    selected = min(kept, key=lambda number: abs(number - experiment.selected))
    starts = tuple(experiment.starts[number] for number in kept)
    return msgspec.structs.replace(experiment, starts=starts, selected=kept.index(selected))


def _moved(start: Point, by: Floats) -> Point:
    return tuple((np.array(start) + by).tolist())
