"""Whether an equilibrium in the plane with purely imaginary eigenvalues attracts, repels, or is a centre."""

from __future__ import annotations

import itertools

import numpy as np

from odeplayground.dynamics.arrays import Floats, Values
from odeplayground.dynamics.fields import BoundField

STEPS = (3e-2, 1e-2, 3e-3, 1e-3)
"""Steps of the differences, in widths of the box; the estimates of two neighbours say how far they can be trusted."""
CERTAIN = 20.0
"""A coefficient decides if it is so many times larger than its uncertainty."""
ROUNDING = 1e-6
"""Smaller ones, relative to the terms they are the sum of, are zero."""


def side(field: BoundField, state: Floats, matrix: Floats, width: Floats) -> int:
    """The sign of the first Lyapunov coefficient: -1 for a weak stable focus, 1 for a weak unstable one, 0 for neither.

    Yu. A. Kuznetsov, Elements of Applied Bifurcation Theory, third edition, formula (3.20): with A q = i w q,
    A' p = -i w p and <p, q> = 1 it is Re(i g20 g11 + w g21) / (2 w^2), where g20 = <p, B(q, q)>, g11 = <p, B(q, q*)>
    and g21 = <p, C(q, q, q*)>. The second and third derivatives B and C are differences of the Jacobian. With a
    conserved quantity, or where time can be reversed, the coefficient is zero; it also is where only derivatives of
    higher order would decide.

    Args:
        field: of two states; at t = 0.
        state: the equilibrium, (2,).
        matrix: the Jacobian there, (2, 2).
        width: of the box, (2,), by which states are measured.
    """
    scaled = matrix * width[None, :] / width[:, None]
    values, vectors = np.linalg.eig(scaled)
    k = int(np.argmax(values.imag))
    frequency, q = float(values[k].imag), vectors[:, k]
    adjoint_values, adjoint_vectors = np.linalg.eig(scaled.T)
    p = adjoint_vectors[:, int(np.argmin(adjoint_values.imag))]
    p = p / np.conj(np.vdot(p, q))
    found = [_coefficient(field, state, width, step, frequency, p, q) for step in STEPS]
    pairs = [(abs(a - b), b, size) for (a, _), (b, size) in itertools.pairwise(found)]
    uncertainty, coefficient, size = min(pairs, key=lambda pair: pair[0] if np.isfinite(pair[0]) else np.inf)
    if not abs(coefficient) > CERTAIN * uncertainty + ROUNDING * size:
        return 0
    return 1 if coefficient > 0 else -1


def _coefficient(
    field: BoundField, state: Floats, width: Floats, step: float, frequency: float, p: Values, q: Values
) -> tuple[float, float]:
    """The coefficient, times 2 w^2, and the size of its terms; by differences of fourth order."""
    directions = np.array([q.real, q.imag])
    shares = step * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    points = state[:, None, None] + width[:, None, None] * directions.T[:, :, None] * shares
    jacobians = field.jacobian(0.0, points.reshape(2, -1)).reshape(2, 2, 2, 5)
    jacobians = jacobians * width[None, :, None, None] / width[:, None, None, None]
    first = jacobians @ np.array([1.0, -8.0, 0.0, 8.0, -1.0]) / (12 * step)
    second = jacobians @ np.array([-1.0, 16.0, -30.0, 16.0, -1.0]) / (12 * step**2)
    along = [first[:, :, i] @ q for i in range(2)]  # B(Re q, q) and B(Im q, q)
    g20 = np.vdot(p, along[0] + 1j * along[1])
    g11 = np.vdot(p, along[0] - 1j * along[1])
    # C(q, q*, .) is the sum of the second derivatives along both parts of q.
    g21 = np.vdot(p, (second[:, :, 0] + second[:, :, 1]) @ q)
    terms = (1j * g20 * g11, frequency * g21)
    return float(sum(terms).real), float(sum(abs(term) for term in terms))
