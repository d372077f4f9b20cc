"""Equilibria and their kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics import arguments, completeness
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.cells import ON_AN_AXIS, Cells
from odeplayground.dynamics.completeness import IndexCheck
from odeplayground.dynamics.degenerate import Degenerate
from odeplayground.dynamics.fields import BoundField, field_of
from odeplayground.dynamics.lyapunov_coefficient import side
from odeplayground.dynamics.newton import find_roots, polish, typical_size
from odeplayground.dynamics.roots import SAME, between, genuine, inside, merged, thinned
from odeplayground.dynamics.seeds import seeds
from odeplayground.spec import AnySystem, Degeneracy, EquilibriumKind

ON_THE_AXIS = 1e-10
"""Real parts this small, relative to their eigenvalue, count as zero."""
ROUNDING = 1e-14
"""Real parts this small, relative to the largest eigenvalue, are rounding errors."""

WEAK = {-1: EquilibriumKind.STABLE_FOCUS, 0: EquilibriumKind.CENTRE, 1: EquilibriumKind.UNSTABLE_FOCUS}
"""What the sign of the first Lyapunov coefficient makes of a centre of the linearised system."""


class Equilibrium(msgspec.Struct, frozen=True, eq=False):
    """A point where nothing moves, and the linear behaviour around it."""

    state: Floats
    """(n_states,)"""
    eigenvalues: NDArray[Any]
    """(n_states,), by descending real part; complex only if one of them is; NaN where the field is not smooth."""
    eigenvectors: NDArray[Any]
    """(n_states, n_states), one per column, of length 1."""
    kind: EquilibriumKind
    degeneracy: Degeneracy | None = None
    """Of degenerate ones, what is known about the reason."""
    index: int | None = None
    """How often the field turns around it, for one or two states; ``None`` where that is not defined."""


class Equilibria(list[Equilibrium]):
    """The equilibria that were found, and what speaks for or against there being others."""

    def __init__(self, points: Iterable[Equilibrium], check: IndexCheck) -> None:
        super().__init__(points)
        self.check = check

    def __repr__(self) -> str:
        places = ", ".join(f"{one.kind} at ({', '.join(f'{x:.6g}' for x in one.state)})" for one in self)
        return f"<{len(self)} equilibria{': ' if self else ''}{places}>"

    @property
    def message(self) -> str:
        """A sentence if equilibria are missing or if nobody can know; empty if the indices add up."""
        return self.check.message


def equilibria(
    system: AnySystem, bounds: Mapping[str, tuple[float, float]], parameters: Mapping[str, float] | None = None
) -> Equilibria:
    """Find the equilibria inside of bounds.

    Newton's method starts from several hundred points and, with one or two states, from the cells of a grid in which
    all components change their sign or around which the field turns; cells that must hold an equilibrium which
    Newton's method has not found are halved until they are points. The index along the border is then compared with
    the sum over the equilibria (see :mod:`odeplayground.dynamics.index`): if they differ, some are missing, and the
    result's ``message`` says so. If they agree, that is no proof: pairs of opposite index may be missing.

    With two states and purely imaginary eigenvalues the first Lyapunov coefficient decides between a center and a slow
    spiral (see :mod:`odeplayground.dynamics.lyapunov_coefficient`).

    Systems that depend on time are taken as they are at t = 0. Of a continuum of equilibria a dozen points are given.

    Args:
        system: typed equations or a trained network.
        bounds: low and high for every state.
        parameters: values that replace the system's own, by name.

    Returns:
        A list of equilibria sorted by their states, with ``check`` and ``message``.

    Raises:
        ValueError: for an unknown name, or bounds that are missing or empty.
    """
    box = arguments.box(system, bounds)
    field = field_of(system).bind(arguments.parameter_values(system, parameters))
    with np.errstate(all="ignore"):
        starts = seeds(box)
        degenerate = Degenerate(field, box, starts)
        roots = _roots(field, starts, box, degenerate)
        points = _described(field, roots, degenerate, box) if roots.size else []
        return Equilibria(points, completeness.check(field, box, [(p.state, p.index, p.degeneracy) for p in points]))


def classify(eigenvalues: NDArray[Any]) -> EquilibriumKind:
    """The kind of an equilibrium none of whose eigenvalues is zero, as far as they decide about it."""
    real, imaginary = np.real(eigenvalues), np.abs(np.imag(eigenvalues))
    size = np.abs(eigenvalues)
    on_axis = (imaginary > 0) & (np.abs(real) <= ON_THE_AXIS * size + ROUNDING * size.max())
    growing, shrinking = (real > 0) & ~on_axis, (real < 0) & ~on_axis
    if growing.any() and shrinking.any():
        return EquilibriumKind.SADDLE
    if on_axis.any():
        return EquilibriumKind.CENTRE
    turning = bool((imaginary > 0).any())
    if growing.any():
        return EquilibriumKind.UNSTABLE_FOCUS if turning else EquilibriumKind.UNSTABLE_NODE
    return EquilibriumKind.STABLE_FOCUS if turning else EquilibriumKind.STABLE_NODE


def _roots(field: BoundField, starts: Floats, box: Floats, degenerate: Degenerate) -> Floats:
    """All different roots that were found, (n_states, k)."""
    typical = typical_size(field.rhs(0.0, starts))
    cells = Cells(field, box) if box.shape[0] in ON_AN_AXIS else None
    if cells is not None:
        starts = np.concatenate([starts, cells.centres()], axis=1)

    def real(candidates: Floats) -> Floats:
        few = polish(field, thinned(inside(candidates, box), box, SAME), box)
        few = inside(few, box)
        return few[:, genuine(field, few, box, typical)]

    roots = real(find_roots(field, starts, box, typical))
    inner = between(roots, box)
    if inner.shape[1]:
        roots = np.concatenate([roots, real(find_roots(field, inner, box, typical))], axis=1)
    if cells is not None:
        hidden = cells.unresolved(roots)
        if hidden.shape[1]:
            roots = np.concatenate([roots, real(hidden)], axis=1)
    roots = merged(field, roots, box, degenerate.of(roots))
    # What is zero up to rounding is written as zero.
    return np.where(np.abs(roots) < 1e-13 * (box[:, 1:] - box[:, :1]), 0.0, roots)


def _described(field: BoundField, roots: Floats, degenerate: Degenerate, box: Floats) -> list[Equilibrium]:
    """The roots with their linear behaviour, sorted."""
    resolution = 1e-6 * (box[:, 1:] - box[:, :1])
    roots = roots[:, np.lexsort(np.round(roots / resolution)[::-1])]
    flat, reasons = degenerate.explained(roots)
    matrices = field.jacobian(0.0, roots).transpose(2, 0, 1)
    points = []
    for k, (state, matrix, reason) in enumerate(zip(roots.T, matrices, reasons, strict=True)):
        values, vectors = _eigen(matrix, reason)
        kind = EquilibriumKind.DEGENERATE if flat[k] else classify(values)
        if kind is EquilibriumKind.CENTRE and state.size == 2:
            kind = WEAK[side(field, state, matrix, box[:, 1] - box[:, 0])]
        index = None
        if reason is not Degeneracy.LINE:
            index = completeness.index_of(field, box, roots, k, None if flat[k] else matrix)
        points.append(Equilibrium(state.copy(), values, vectors, kind, reason, index))
    return points


def _eigen(matrix: Floats, reason: Degeneracy | None) -> tuple[NDArray[Any], NDArray[Any]]:
    if reason is Degeneracy.NOT_SMOOTH:
        return np.full(matrix.shape[0], np.nan), np.full(matrix.shape, np.nan)
    values, vectors = np.linalg.eig(matrix)
    order = np.lexsort((-np.imag(values), -np.real(values)))
    return values[order], vectors[:, order]
