"""The variational equation along a known trajectory: how small deviations grow, Phi' = J(t, y(t)) Phi.

Each piece of time is solved on its own, from Phi = 1, so that all pieces are solved at once. The fourth-order Magnus
method: Phi = exp(Omega) with Omega = h (J1 + J2) / 2 - sqrt(3) h^2 [J1, J2] / 12, J1 and J2 at the two Gauss points.
Hairer, Lubich, Wanner, Geometric Numerical Integration, 2nd ed., section IV.7; exact where J is constant.
"""

from __future__ import annotations

import math

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField

GAUSS = np.array([0.5 - np.sqrt(3.0) / 6, 0.5 + np.sqrt(3.0) / 6])
"""Where the trajectory has to be known, as shares of each piece."""
NORM = 0.25
"""Matrices are halved until their norm is below this: the rest of the series is then below rounding errors."""
SERIES = 1.0 / np.array([math.factorial(k) for k in range(12)]).reshape(4, 3)
"""The coefficients of the exponential, three by three."""


def divided(ends: Floats, pieces: int) -> Floats:
    """The times (k + 1,) with each interval divided into so many equal pieces."""
    inner = ends[:-1, None] + np.diff(ends)[:, None] * np.linspace(0, 1, pieces, endpoint=False)
    result: Floats = np.append(inner.ravel(), ends[-1])
    return result


def gauss_times(ends: Floats) -> Floats:
    """The two Gauss points of each piece between the ends (k + 1,), in order, (2 k,)."""
    result: Floats = (ends[:-1, None] + np.diff(ends)[:, None] * GAUSS).ravel()
    return result


def propagators(field: BoundField, t: Floats, y: Floats, h: Floats | float) -> Floats:
    """How deviations grow over pieces of length h, (k, n, n), from states y (n, 2 k) at the Gauss points t (2 k,)."""
    matrices = field.jacobian(t, y).transpose(2, 0, 1)
    first, second = matrices[::2], matrices[1::2]
    step = np.broadcast_to(h, first.shape[:1])[:, None, None]
    commutator = first @ second - second @ first
    return exponentials(0.5 * step * (first + second) - (np.sqrt(3.0) / 12) * step**2 * commutator)


def exponentials(matrices: Floats) -> Floats:
    """Matrix exponentials of (k, n, n): the series for a matrix halved often enough, then squared as often.

    Golub and van Loan, Matrix Computations, 4th ed., sections 9.2.4 (the series with few products) and 9.3.
    """
    largest = float(np.abs(matrices).sum(axis=2).max(initial=0.0))
    if not np.isfinite(largest):
        return np.full_like(matrices, np.nan)
    squarings = max(0, int(np.ceil(np.log2(max(largest, 1e-300) / NORM))))
    first = matrices / 2.0**squarings
    second = first @ first
    third = second @ first
    parts = [a * np.eye(matrices.shape[1]) + b * first + c * second for a, b, c in SERIES]
    result: Floats = parts[-1]
    for part in parts[-2::-1]:
        result = part + third @ result
    for _ in range(squarings):
        result = result @ result
    return result


def in_turn(factors: Floats) -> Floats:
    """The product (n, n) of matrices (k, n, n) that act one after the other, the first one first."""
    while factors.shape[0] > 1:
        if factors.shape[0] % 2:
            factors = np.concatenate([factors, np.eye(factors.shape[1])[None]])
        factors = factors[1::2] @ factors[::2]
    product: Floats = factors[0]
    return product
