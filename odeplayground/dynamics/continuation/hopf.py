"""Hopf points: the frequency, and whether the cycles that are born attract or repel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.family import Family


def critical(matrix: Floats) -> tuple[float, NDArray[Any], NDArray[Any]]:
    """The frequency omega and, for the eigenvalue i omega next to the axis, right and adjoint vectors (n,).

    The right vector q has length 1; the adjoint vector p of the transpose has <p, q> = 1.

    Raises:
        ValueError: there is no pair of complex eigenvalues.
    """
    values, vectors = np.linalg.eig(matrix)
    turning = np.flatnonzero(values.imag > 0)
    if not turning.size:
        raise ValueError("A Hopf point has a pair of complex eigenvalues; here there is none.")
    at = turning[np.argmin(np.abs(values[turning].real))]
    omega, q = float(values[at].imag), vectors[:, at]
    opposite, others = np.linalg.eig(matrix.T)
    p = others[:, np.argmin(np.abs(opposite - values[at].conjugate()))]
    return omega, q, p / np.conj(np.vdot(p, q))


def first_lyapunov(family: Family, point: Floats, scale: Floats) -> float:
    """The first Lyapunov coefficient at a Hopf point (n + k,), Kuznetsov, equation (5.39).

    The second and third derivatives are central differences of the exact Jacobian in real directions.
    """
    n = family.n
    matrix = family.at(point)[1][:, :n]
    omega, q, p = critical(matrix)
    tail = np.zeros(point.size - n)
    real, imaginary = np.concatenate([q.real, tail]), np.concatenate([q.imag, tail])

    def second(a: Floats, b: NDArray[Any]) -> NDArray[Any]:
        """B(a, b) with a real direction a (n + k,) and any b (n,)."""
        return family.second(point, scale, a, np.concatenate([b.real, tail])) + 1j * family.second(
            point, scale, a, np.concatenate([b.imag, tail])
        )

    def with_q(b: NDArray[Any]) -> NDArray[Any]:
        return second(real, b) + 1j * second(imaginary, b)

    def with_conjugate(b: NDArray[Any]) -> NDArray[Any]:
        return second(real, b) - 1j * second(imaginary, b)

    mean = np.linalg.solve(matrix, with_q(q.conj()))
    double = np.linalg.solve(2j * omega * np.eye(n) - matrix, with_q(q))
    # With q = r + i s, C(q, q*, q) = C(r, r, q) + C(s, s, q).
    third = sum(
        family.third(point, scale, a, real) + 1j * family.third(point, scale, a, imaginary) for a in (real, imaginary)
    )
    return float(np.vdot(p, third - 2 * with_q(mean) + with_conjugate(double)).real / (2 * omega))
