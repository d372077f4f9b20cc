"""The portrait of a system with one state: its slope field over time, and the levels where it rests."""

from __future__ import annotations

import numpy as np

from odeplayground import dynamics
from odeplayground.session import plane
from odeplayground.session.request import Request
from odeplayground.session.scene import EquilibriumMark, Floats

_N_TIMES, _N_LEVELS = 121, 161


def flat_curves(request: Request) -> dict[str, list[Floats]]:
    """Curves (k, 2) in the (t, x) plane on which the state does not change.

    For an autonomous system they are the levels of its equilibria, from edge to edge; otherwise contours.
    """
    name = request.window.y
    grid = _slopes(request)
    if not _is_autonomous(grid):
        return {name: _contours(request, grid)}
    edges = np.array(request.window.x_range)
    levels = [float(point.state[0]) for point in _resting(request)]
    return {name: [np.column_stack((edges, np.full(2, level))) for level in levels]}


def marks(request: Request) -> tuple[EquilibriumMark, ...]:
    """The equilibria of an autonomous system, placed at the end of the time span; none otherwise."""
    if not _is_autonomous(_slopes(request)):
        return ()
    end = request.t_span[1]
    return tuple(
        EquilibriumMark(point.state, end, float(point.state[0]), point.kind, tuple(map(complex, point.eigenvalues)))
        for point in _resting(request)
    )


def _resting(request: Request) -> list[dynamics.Equilibrium]:
    return dynamics.equilibria(request.field.system, plane.bounds(request), request.field.parameters)


def _axes(request: Request) -> tuple[Floats, Floats]:
    return np.linspace(*request.window.x_range, _N_TIMES), np.linspace(*request.window.y_range, _N_LEVELS)


def _slopes(request: Request) -> Floats:
    """dx/dt over the window, (levels, times)."""
    t, x = (values.ravel() for values in np.meshgrid(*_axes(request)))
    return plane.slopes_at(request, request.field, t, x).reshape(_N_LEVELS, _N_TIMES)


def _is_autonomous(grid: Floats) -> bool:
    # Not exactly equal for a network, whose sums come in another order in another place of the batch.
    return bool(np.allclose(grid, grid[:, :1], rtol=1e-9, atol=1e-12, equal_nan=True))


def _contours(request: Request, grid: Floats) -> list[Floats]:
    import contourpy

    t, x = _axes(request)
    lines = contourpy.contour_generator(t, x, np.ma.masked_invalid(grid)).lines(0.0)
    return [np.asarray(line, dtype=np.float64) for line in lines]
