"""What trajectories end in: limit cycles, and the basins of attraction."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from odeplayground import dynamics
from odeplayground.jobs import CancelToken
from odeplayground.session import plane
from odeplayground.session.request import Request
from odeplayground.session.scene import BasinEnd, BasinMap, CycleMark

RESOLUTION = (240, 200)
"""Columns and rows of the map of basins."""


def cycles(request: Request, cancel: CancelToken) -> tuple[CycleMark, ...]:
    """Limit cycles in and near the window; none where the time matters."""
    field = request.field
    if not dynamics.is_autonomous(field.system):
        return ()
    found = dynamics.limit_cycles(field.system, plane.bounds(request), field.parameters, cancel=cancel)
    return tuple(
        CycleMark(
            plane.wrapped(request, plane.places(request, cycle.y)),
            cycle.period,
            cycle.kind,
            tuple(complex(value) for value in cycle.multipliers),
        )
        for cycle in found
    )


def basins(request: Request, cancel: CancelToken) -> Iterator[tuple[BasinMap, bool]]:
    """Maps of the basins, each finer than the one before, and whether it is the last one."""
    field, window = request.field, request.window
    if not dynamics.is_autonomous(field.system):
        columns, rows = RESOLUTION
        yield BasinMap(np.full((rows, columns), -1, dtype=np.int16), window.x_range, window.y_range), True
        return
    pictures = dynamics.basins(
        field.system,
        plane.bounds(request) | {window.x: window.x_range, window.y: window.y_range},
        field.parameters,
        x=window.x,
        y=window.y,
        held=plane.held(request),
        resolution=RESOLUTION,
        cancel=cancel,
    )
    for picture in pictures:
        ends = [_end(attractor) for attractor in picture.attractors]
        order = _order(request, ends)
        numbers = np.array([*np.argsort(order), -2, -1], dtype=np.int16)  # the last two are found from behind
        basins = BasinMap(numbers[picture.labels], window.x_range, window.y_range, tuple(ends[i] for i in order))
        yield basins, picture.spacing == 1


def _order(request: Request, ends: list[BasinEnd]) -> list[int]:
    """By place, so that neighbours get different colours, and beginning with the one nearest to the middle."""
    order = sorted(range(len(ends)), key=lambda i: tuple(ends[i].state))
    window, columns = request.window, plane.columns(request)
    ranges = np.array([window.x_range, window.y_range])

    def way(place: int) -> float:
        off = (ends[order[place]].state[columns] - ranges.mean(axis=1)) / np.ptp(ranges, axis=1)
        return round(float(np.hypot(*off)), 1)  # roughly: of two alike, a drag must not change the first

    first = min(range(len(order)), key=way, default=0)
    near_first = sorted(range(len(order)), key=lambda place: (abs(place - first), place < first))
    return [order[place] for place in near_first]


def _end(attractor: dynamics.Equilibrium | dynamics.LimitCycle) -> BasinEnd:
    if isinstance(attractor, dynamics.Equilibrium):
        return BasinEnd(attractor.state, attractor.kind.label)
    return BasinEnd(attractor.y[:, 0].copy(), attractor.kind.label, attractor.period)
