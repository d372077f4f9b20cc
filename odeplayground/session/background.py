"""The background of a portrait: the field, nullclines, equilibria, separatrices, and the error of a learned field."""

from __future__ import annotations

import numpy as np

from odeplayground import dynamics
from odeplayground.jobs import CancelToken
from odeplayground.session import plane, slope_field
from odeplayground.session.request import Field, Request
from odeplayground.session.scene import ArrowField, EquilibriumMark, ErrorMap, Floats, Marks
from odeplayground.session.training_choices import wholly_unknown
from odeplayground.spec import EquilibriumKind, System

ERROR_GRID = 128
"""Cells of the error map per side; the window interpolates between them."""
LINES_PER_CELL = 0.85
"""Distance of streamlines, in cells of the grid of arrows."""
_SMALLEST_ERROR = 1e-12
"""Relative errors below are drawn as this, as zero has no logarithm."""


def arrows(request: Request) -> ArrowField:
    """Directions at the centres of the cells of the grid."""
    nx, ny = request.grid
    x, y = (centres.ravel() for centres in np.meshgrid(*plane.centres(request, nx, ny)))
    u, v = _velocity(request, x, y)
    return ArrowField(x, y, u, v)


def streamlines(request: Request, cancel: CancelToken) -> tuple[Floats, ...]:
    """Streamlines (k, 2) of the field at the first moment, a little closer to each other than arrows."""
    window, field, (nx, ny) = request.window, request.field, request.grid
    lines = dynamics.streamlines(
        field.system,
        window.x,
        window.y,
        window.x_range,
        window.y_range,
        held=plane.held(request),
        parameters=field.parameters,
        t=request.t_span[0],
        separation=min(1.0, LINES_PER_CELL / nx),
        aspect=ny / nx,
        cancel=cancel,
    )
    return tuple(lines)


def error_map(request: Request, reference: Field) -> ErrorMap:
    """How far the field is from the reference, relative to the reference's root mean square over the window.

    Each component is divided by its own root mean square first, so that units do not matter.
    """
    x, y = (centres.ravel() for centres in np.meshgrid(*plane.centres(request, ERROR_GRID, ERROR_GRID)))
    true, learned = plane.slopes_at(request, reference, x, y), plane.slopes_at(request, request.field, x, y)
    with np.errstate(all="ignore"):
        scale = np.sqrt(np.nanmean(np.where(np.isfinite(true), true, np.nan) ** 2, axis=0))
        scale = np.where(scale > 0, scale, 1.0)
        error = np.sqrt((((learned - true) / scale) ** 2).mean(axis=1))
        values = np.log10(np.maximum(error, _SMALLEST_ERROR))
    return ErrorMap(values.reshape(ERROR_GRID, ERROR_GRID), request.window.x_range, request.window.y_range)


def nullclines(request: Request) -> dict[str, list[Floats]]:
    """Curves (k, 2) along which a state does not change, by state; two points each for levels of a single state."""
    window, field = request.window, request.field
    if window.x == "t":
        return slope_field.flat_curves(request)
    if not dynamics.is_autonomous(field.system):
        return {}  # they would move with the time
    return dynamics.nullclines(
        field.system,
        window.x,
        window.y,
        window.x_range,
        window.y_range,
        held=plane.held(request),
        parameters=field.parameters,
        t=request.t_span[0],
    )


def marks(request: Request, cancel: CancelToken) -> Marks:
    """Equilibria in and near the window, and the separatrices of the saddles among them.

    A state that changes with time on its own has no equilibria; see :mod:`odeplayground.session.slope_field`.
    """
    if request.window.x == "t" and request.has_field:
        return Marks(slope_field.marks(request))
    if not dynamics.is_autonomous(request.field.system):
        return Marks()  # a driven system rests nowhere, and its zeros at one moment would only look like equilibria
    system = request.field.system
    if isinstance(system, System) and wholly_unknown(system) and not any(system.terms):
        return Marks()  # nothing moves as long as nothing is learned
    field, bounds = request.field, plane.bounds(request)
    found = dynamics.equilibria(field.system, bounds, field.parameters)
    saddles = [point for point in found if point.kind is EquilibriumKind.SADDLE]
    curves: tuple[Floats, ...] = ()
    wanted = "separatrices" in request.layers and request.has_field and len(request.states) == 2
    if wanted and saddles and not cancel.cancelled:
        branches = dynamics.separatrices(field.system, saddles, bounds, field.parameters, cancel=cancel)
        # Two stable and two unstable branches per saddle: only the stable ones separate anything.
        lines = [branch for number, branch in enumerate(branches) if number % 4 < 2]
        curves = tuple(plane.wrapped(request, plane.places(request, line)) for line in lines)
    points = tuple(_mark(point, *plane.places(request, point.state[:, None])[0, :2]) for point in found)
    return Marks(points, curves, found.message)


def _mark(point: dynamics.Equilibrium, x: float, y: float) -> EquilibriumMark:
    eigenvalues = tuple(complex(value) for value in point.eigenvalues)
    return EquilibriumMark(point.state, float(x), float(y), point.kind, eigenvalues, point.degeneracy)


def _velocity(request: Request, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Velocities on the axes at points of the window."""
    slopes = plane.slopes_at(request, request.field, x, y)
    if request.window.x == "t":
        return np.ones_like(x), slopes[:, 0].copy()
    u, v = slopes[:, plane.columns(request)].T
    return u.copy(), v.copy()
