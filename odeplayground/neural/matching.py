"""Equilibria of two systems in pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from odeplayground.dynamics import Equilibrium
from odeplayground.neural.data import Floats
from odeplayground.spec import MatchedEquilibrium

REACH = 0.5
"""Partners are at most this far apart, in standard deviations of the data."""


def match(
    true: Sequence[Equilibrium], learned: Sequence[Equilibrium], deviation: Floats
) -> tuple[MatchedEquilibrium, ...]:
    """Pairs with the smallest total distance, then those without a partner: first the missing, then the spurious.

    Distances are Euclidean, in units of ``deviation`` (n_states,) per state. Kuhn 1955, the Hungarian method.
    """
    pairs = _assign(true, learned, deviation)
    taken_true, taken_learned = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    return (
        *(_row(true[i], learned[j], distance) for i, j, distance in pairs),
        *(_row(point, None, None) for i, point in enumerate(true) if i not in taken_true),
        *(_row(None, point, None) for j, point in enumerate(learned) if j not in taken_learned),
    )


def _assign(
    true: Sequence[Equilibrium], learned: Sequence[Equilibrium], deviation: Floats
) -> list[tuple[int, int, float]]:
    if not true or not learned:
        return []
    from scipy.optimize import linear_sum_assignment

    a = np.array([point.state for point in true]) / deviation
    b = np.array([point.state for point in learned]) / deviation
    distances = np.linalg.norm(a[:, None] - b[None], axis=2)
    # A pair out of reach costs as much as two lonely points, so that it never spoils a pair within reach.
    rows, columns = linear_sum_assignment(np.minimum(distances, 2 * REACH))
    found = ((int(i), int(j), float(distances[i, j])) for i, j in zip(rows, columns, strict=True))
    return [(i, j, distance) for i, j, distance in found if distance <= REACH]


def _row(true: Equilibrium | None, learned: Equilibrium | None, distance: float | None) -> MatchedEquilibrium:
    return MatchedEquilibrium(
        true_state=_numbers(true),
        learned_state=_numbers(learned),
        true_kind=true.kind if true else None,
        learned_kind=learned.kind if learned else None,
        true_eigenvalues=_eigenvalues(true),
        learned_eigenvalues=_eigenvalues(learned),
        distance=distance,
    )


def _numbers(point: Equilibrium | None) -> tuple[float, ...] | None:
    return None if point is None else tuple(float(x) for x in point.state)


def _eigenvalues(point: Equilibrium | None) -> tuple[tuple[float, float], ...]:
    return () if point is None else tuple((float(v.real), float(v.imag)) for v in point.eigenvalues.astype(complex))
