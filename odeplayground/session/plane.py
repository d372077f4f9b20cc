"""The plane of the portrait: its grids, and the right-hand side on it.

States that are on no axis are held, at first at the selected starting point. With one state it is the (t, x) plane.
Where an axis is an expression or the time, there is no field, but states still have a place.
"""

from __future__ import annotations

import numpy as np

from odeplayground import dynamics
from odeplayground.session import axes, views
from odeplayground.session.request import Field, Request
from odeplayground.session.scene import Floats

_MARGIN = 0.25
"""Equilibria are looked for a little outside of the window too: a saddle there has separatrices inside."""


def columns(request: Request) -> list[int]:
    """Positions of the axes among the states."""
    return [request.states.index(axis) for axis in (request.window.x, request.window.y)]


def bounds(request: Request) -> dict[str, tuple[float, float]]:
    """Where to look: around the window, and for states on no axis as far around the selected start."""
    window = request.window
    shown = ((window.x, window.x_range), (window.y, window.y_range))
    ranges = {axis: ends for axis, ends in shown if axis in request.states}
    reach = max((high - low for low, high in ranges.values()), default=0.0)
    found = {}
    for name, value in zip(request.states, request.held, strict=True):
        room = reach or views.default_range(value)[1]
        low, high = ranges.get(name, (value - room, value + room))
        margin = _MARGIN * (high - low) if name in ranges else 0.0
        found[name] = (low - margin, high + margin)
    return found


def places(request: Request, states: Floats) -> Floats:
    """Places (k, 2) in the window of states (n_states, k), in space (k, 3); NaN on an axis with the time."""
    t = np.full(states.shape[1], np.nan)
    found = np.column_stack([_coordinates(request, axis, t, states) for axis in _axes(request)])
    return found


def _axes(request: Request) -> tuple[str, ...]:
    window = request.window
    return tuple(filter(None, (window.x, window.y, window.z)))


def _coordinates(request: Request, axis: str, t: Floats, states: Floats) -> Floats:
    if axis in request.states:
        row: Floats = states[request.states.index(axis)]
        return row
    return t if request.frame is None else axes.values(request.frame, axis, t, states)


def wrapped(request: Request, curve: Floats) -> Floats:
    """A curve (k, 2) on the axes, cut at the seams of angles."""
    columns = tuple(column for column, axis in enumerate(_axes(request)) if axis in request.window.wrap)
    return axes.cut_at_seam(curve, columns) if columns else curve


def held(request: Request) -> dict[str, float]:
    """The values of the states that are on no axis."""
    axes = (request.window.x, request.window.y)
    return {name: value for name, value in zip(request.states, request.held, strict=True) if name not in axes}


def centres(request: Request, nx: int, ny: int) -> tuple[Floats, Floats]:
    """Centres of nx by ny equal cells of the window."""
    return _between(request.window.x_range, nx), _between(request.window.y_range, ny)


def _between(ends: tuple[float, float], n: int) -> Floats:
    low, high = ends
    return low + (high - low) * (np.arange(n) + 0.5) / n


def slopes_at(request: Request, field: Field, x: Floats, y: Floats) -> Floats:
    """The right-hand side (k, n_states) at points (k,) of the window."""
    if request.window.x == "t":
        return dynamics.evaluate(field.system, y[:, None], x, field.parameters)
    states = np.tile(np.array(request.held), (x.size, 1))
    states[:, columns(request)] = np.column_stack((x, y))
    return dynamics.evaluate(field.system, states, request.t_span[0], field.parameters)
