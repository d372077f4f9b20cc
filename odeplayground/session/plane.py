"""The plane of the portrait: its grids, and the right-hand side on it.

States that are on no axis are held at the selected starting point. With one state it is the (t, x) plane.
"""

from __future__ import annotations

import numpy as np

from odeplayground import dynamics
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
    ranges = {window.x: window.x_range, window.y: window.y_range}
    reach = max(high - low for low, high in ranges.values())
    found = {}
    for name, value in zip(request.states, request.held, strict=True):
        low, high = ranges.get(name, (value - reach, value + reach))
        margin = _MARGIN * (high - low) if name in ranges else 0.0
        found[name] = (low - margin, high + margin)
    return found


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
