"""Newton's method from many starting points at once."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField

ITERATIONS = 60
"""Enough for a triple root, which Newton's method approaches by a factor of 2/3 per iteration."""
CLOSE_ENOUGH = 1e-9
"""A step this small, relative to the box, ends the iteration."""
NEARLY_SINGULAR = 1e-10
DAMPED_STARTS = 48
"""So many of the starts that led nowhere are tried again with damping."""
DAMPED_ITERATIONS = 45
DAMPING = np.array([1.0, 0.5, 0.25, 0.125])
"""The shares of a step that are tried, the longest first."""
SMALL = 1e-2
"""Where the residual, relative to what is usual, stays above this, there is no root."""


def find_roots(field: BoundField, starts: Floats, box: Floats, typical: Floats) -> Floats:
    """Candidates for roots of the right-hand side at t = 0, (n_states, k), with repetitions, from starts (n_states, m).

    States are measured in widths of the box (n_states, 2), rates by their ``typical`` size (n_states, 1). No step is
    longer than a quarter of the box, and points that leave it by more than its own width are given up. The best of
    those that did not converge are tried again with steps that make the residual smaller, as at a root with an
    infinite slope Newton's own steps are too long.
    """
    low, width = box[:, :1], box[:, 1:] - box[:, :1]
    y, lanes = starts, np.arange(starts.shape[1])
    lost = np.ones(starts.shape[1], dtype=bool)
    found = []
    for _ in range(ITERATIONS):
        value, step = _newton_step(field, y, width)
        length = np.abs(step).max(axis=0)
        y = y + width * step * np.minimum(1.0, 0.25 / np.maximum(length, 1e-300))
        converged = length < CLOSE_ENOUGH
        real = converged & (np.abs(value) <= 1e-6 * typical).all(axis=0)
        found.append(y[:, real])
        lost[lanes[real]] = False
        place = (y - low) / width
        with_hope = ~converged & np.isfinite(length) & (place > -1).all(axis=0) & (place < 2).all(axis=0)
        if not with_hope.any():
            break
        y, lanes = y[:, with_hope], lanes[with_hope]
    found.append(_damped(field, starts[:, lost], width, typical))
    return np.concatenate(found, axis=1)


def polish(field: BoundField, roots: Floats, box: Floats) -> Floats:
    """Two more iterations, kept where they make the residual smaller."""
    width = box[:, 1:] - box[:, :1]
    for _ in range(2):
        value, step = _newton_step(field, roots, width)
        better = roots + width * step
        residual = np.abs(field.rhs(0.0, better)).max(axis=0)
        roots = np.where(residual < np.abs(value).max(axis=0), better, roots)
    return roots


def typical_size(values: Floats) -> Floats:
    """The size of each component over the starting points, (n_states, 1)."""
    sizes = np.where(np.isfinite(values), np.abs(values), 0.0)
    result: Floats = np.maximum(np.median(sizes, axis=1, keepdims=True), 1e-6 * sizes.max(axis=1, keepdims=True))
    return result


def _damped(field: BoundField, starts: Floats, width: Floats, typical: Floats) -> Floats:
    """Where the residual becomes small by damped steps, (n_states, k). Deuflhard, Newton Methods, section 3.1."""
    scale = np.where(typical > 0, typical, 1.0)
    residual = _residual(field, starts, scale)
    chosen = np.argsort(residual)[:DAMPED_STARTS]
    chosen = chosen[np.isfinite(residual[chosen])]
    y, residual = starts[:, chosen], residual[chosen]
    ended = [np.empty((starts.shape[0], 0))]
    for _ in range(DAMPED_ITERATIONS):
        if not y.shape[1]:
            break
        _, step = _newton_step(field, y, width)
        step = step * np.minimum(1.0, 0.25 / np.maximum(np.abs(step).max(axis=0), 1e-300))
        trials = y[:, None] + (width * step)[:, None] * DAMPING[:, None]
        values = _residual(field, trials.reshape(y.shape[0], -1), scale).reshape(DAMPING.size, -1)
        better = values < 0.9 * residual
        going = better.any(axis=0)
        ended.append(y[:, ~going & (residual < SMALL)])
        at = np.flatnonzero(going)
        first = better[:, at].argmax(axis=0)
        y, residual = trials[:, first, at], values[first, at]
    return np.concatenate([*ended, y[:, residual < SMALL]], axis=1)


def _residual(field: BoundField, y: Floats, scale: Floats) -> Floats:
    result: Floats = np.abs(field.rhs(0.0, y) / scale).max(axis=0)
    return result


def _newton_step(field: BoundField, y: Floats, width: Floats) -> tuple[Floats, Floats]:
    """The right-hand side and the Newton steps in widths of the box, both (n_states, m)."""
    value = field.rhs(0.0, y)
    matrices = field.jacobian(0.0, y) * width
    rows = np.maximum.reduce(np.abs(matrices), axis=1)
    rows[rows == 0] = 1.0
    return value, _solved(matrices / rows[:, None], -value / rows)


def _solved(matrices: Floats, wanted: Floats) -> Floats:
    """Solutions (n, m) of equations with matrices (n, n, m), the shortest ones where they are singular.

    NaN where something is not finite.
    """
    if len(matrices) == 2:
        (a, b), (c, d) = matrices
        determinant = a * d - b * c
        result: Floats = np.array([d * wanted[0] - b * wanted[1], a * wanted[1] - c * wanted[0]]) / determinant
    else:
        result, determinant = _solved_by_lapack(matrices, wanted)
    # On a line of equilibria each start goes to a point near to it.
    rest = np.flatnonzero(~(np.abs(determinant) > NEARLY_SINGULAR) | ~np.isfinite(determinant))
    if rest.size:
        of_rest, goal = matrices[:, :, rest].transpose(2, 0, 1), wanted[:, rest].T[:, :, None]
        good = np.isfinite(of_rest).all(axis=(1, 2)) & np.isfinite(goal).all(axis=(1, 2))
        result[:, rest[~good]] = np.nan
        inverses = np.linalg.pinv(of_rest[good], rcond=NEARLY_SINGULAR)
        result[:, rest[good]] = (inverses @ goal[good])[:, :, 0].T
    return result


def _solved_by_lapack(matrices: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """The solutions, and the determinants (m,): where one of these is not above ``NEARLY_SINGULAR``, any numbers."""
    stacked = matrices.transpose(2, 0, 1)
    determinant = np.linalg.det(stacked)
    regular = np.abs(determinant) > NEARLY_SINGULAR
    regular &= np.isfinite(wanted).all(axis=0)
    result = np.full(wanted.shape, np.nan)
    result[:, regular] = np.linalg.solve(stacked[regular], wanted[:, regular].T[:, :, None])[:, :, 0].T
    return result, determinant
