"""Equilibria and their kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField, field_of
from odeplayground.dynamics.newton import find_roots, polish
from odeplayground.dynamics.seeds import seeds
from odeplayground.spec import AnySystem, EquilibriumKind

SAME = 1e-6
"""Roots closer than this, in widths of the box, are one."""
SAME_IF_DEGENERATE = 2e-4
"""Degenerate roots cannot be located well: rounding moves a triple root by about the cube root of 1e-16."""
MOST_DEGENERATE = 12
"""Of a line of equilibria so many points are kept."""
MOST = 400
"""And so many of all others."""
ZERO = 1e-8
"""Eigenvalues this small, relative to the size of the Jacobian, count as zero."""


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A point where nothing moves, and the linear behaviour around it."""

    state: Floats
    """(n_states,)"""
    eigenvalues: NDArray[Any]
    """(n_states,), by descending real part; complex only if one of them is."""
    eigenvectors: NDArray[Any]
    """(n_states, n_states), one per column, of length 1."""
    kind: EquilibriumKind


def equilibria(
    system: AnySystem, bounds: Mapping[str, tuple[float, float]], parameters: Mapping[str, float] | None = None
) -> list[Equilibrium]:
    """Find the equilibria inside of bounds, by Newton's method from several hundred starting points.

    Systems that depend on time are taken as they are at t = 0. Of a continuum of equilibria a dozen points are given.
    The search is thorough but no proof that there are no others.

    Args:
        system: typed equations or a trained network.
        bounds: low and high for every state.
        parameters: values that replace the system's own, by name.

    Returns:
        Equilibria sorted by their states.

    Raises:
        ValueError: for an unknown name, or bounds that are missing or empty.
    """
    box = arguments.box(system, bounds)
    field = field_of(system).bind(arguments.parameter_values(system, parameters))
    with np.errstate(all="ignore"):
        starts = seeds(box)
        roots = _inside(find_roots(field, starts, box), box)
        if not roots.size:
            return []
        speed = _typical_speed(field, starts)
        roots = _merged(field, _inside(polish(field, _thinned(roots, box, SAME), box), box), box, speed)
        # What is zero up to rounding is written as zero.
        roots = np.where(np.abs(roots) < 1e-13 * (box[:, 1:] - box[:, :1]), 0.0, roots)
        jacobians = field.jacobian(0.0, roots).transpose(2, 0, 1)
    points = [_equilibrium(state, matrix, speed) for state, matrix in zip(roots.T, jacobians, strict=True)]
    resolution = 1e-6 * (box[:, 1] - box[:, 0])
    return sorted(points, key=lambda point: tuple(np.round(point.state / resolution)))


def classify(eigenvalues: NDArray[Any], scale: float) -> EquilibriumKind:
    """The kind of an equilibrium by its eigenvalues; scale is the size below which rounding matters, times 1e8."""
    real, imaginary = np.real(eigenvalues), np.abs(np.imag(eigenvalues))
    if (np.abs(eigenvalues) <= ZERO * scale).any():
        return EquilibriumKind.DEGENERATE
    on_axis = np.abs(real) <= ZERO * np.abs(eigenvalues)
    growing, shrinking = (real > 0) & ~on_axis, (real < 0) & ~on_axis
    if growing.any() and shrinking.any():
        return EquilibriumKind.SADDLE
    if on_axis.any():
        return EquilibriumKind.CENTRE
    turning = bool((imaginary > 0).any())
    if growing.any():
        return EquilibriumKind.UNSTABLE_FOCUS if turning else EquilibriumKind.UNSTABLE_NODE
    return EquilibriumKind.STABLE_FOCUS if turning else EquilibriumKind.STABLE_NODE


def _equilibrium(state: Floats, matrix: Floats, speed: float) -> Equilibrium:
    values, vectors = np.linalg.eig(matrix)
    order = np.lexsort((-np.imag(values), -np.real(values)))
    values, vectors = values[order], vectors[:, order]
    return Equilibrium(state.copy(), values, vectors, classify(values, _scale(values, speed)))


def _scale(eigenvalues: NDArray[Any], speed: float) -> float:
    """What eigenvalues are compared with: the largest of them, or what is usual elsewhere if all vanish here."""
    return max(float(np.abs(eigenvalues).max()), speed)


def _typical_speed(field: BoundField, starts: Floats) -> float:
    """The usual size of the Jacobian's eigenvalues: the median spectral radius over some of the starting points."""
    matrices = field.jacobian(0.0, starts[:, :: max(1, starts.shape[1] // 32)]).transpose(2, 0, 1)
    matrices = matrices[np.isfinite(matrices).all(axis=(1, 2))]
    if not matrices.size:
        return 1.0
    return float(np.median(np.abs(np.linalg.eigvals(matrices)).max(axis=1)))


def _inside(roots: Floats, box: Floats) -> Floats:
    slack = 1e-9 * (box[:, 1:] - box[:, :1])
    return roots[:, ((roots >= box[:, :1] - slack) & (roots <= box[:, 1:] + slack)).all(axis=0)]


def _thinned(roots: Floats, box: Floats, distance: float) -> Floats:
    """Roots that lie further apart than this, in widths of the box."""
    width = box[:, 1:] - box[:, :1]
    place = (roots - box[:, :1]) / width
    left = np.arange(roots.shape[1])
    kept: list[int] = []
    while left.size and len(kept) < MOST:
        kept.append(int(left[0]))
        apart = np.abs(place[:, left] - place[:, left[:1]]).max(axis=0)
        left = left[apart > distance]
    return roots[:, kept]


def _merged(field: BoundField, roots: Floats, box: Floats, speed: float) -> Floats:
    """Different roots; degenerate ones are merged more generously, and lines of them thinned out."""
    values = np.linalg.eigvals(field.jacobian(0.0, roots).transpose(2, 0, 1))
    # Not yet merged roots are off by more than the final ones, and so are their eigenvalues.
    degenerate = np.abs(values).min(axis=1) <= 1e-4 * np.maximum(np.abs(values).max(axis=1), speed)
    residual = np.abs(field.rhs(0.0, roots)).max(axis=0)
    order = np.lexsort((residual, degenerate))
    roots, degenerate = roots[:, order], degenerate[order]
    simple = _thinned(roots[:, ~degenerate], box, SAME)
    flat = _thinned(roots[:, degenerate], box, SAME_IF_DEGENERATE)
    return np.concatenate([simple, _spread(flat, box, MOST_DEGENERATE)], axis=1)


def _spread(roots: Floats, box: Floats, most: int) -> Floats:
    """At most so many of the roots, far from each other: each time the one furthest from those that are chosen."""
    if roots.shape[1] <= most:
        return roots
    place = (roots - box[:, :1]) / (box[:, 1:] - box[:, :1])
    chosen = [int(np.argmin(place.sum(axis=0)))]
    distance = np.linalg.norm(place - place[:, chosen], axis=0)
    while len(chosen) < most:
        chosen.append(int(np.argmax(distance)))
        distance = np.minimum(distance, np.linalg.norm(place - place[:, chosen[-1:]], axis=0))
    return roots[:, chosen]
