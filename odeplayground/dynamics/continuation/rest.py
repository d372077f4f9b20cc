"""The curve of equilibria f(x, p) = 0 in units of scales, and the functions whose zeros are bifurcations on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.continuation.arclength import Curve, Linear, Place
from odeplayground.dynamics.continuation.family import Family
from odeplayground.spec import Bifurcation

TESTS = (Bifurcation.FOLD, Bifurcation.BRANCH_POINT, Bifurcation.HOPF)
NOTHING = np.array([1e-9, 1e-13, 1e-12])
"""Test functions of this size are zero as far as rounding lets one tell."""


class Rest(Linear):
    """The equations at a point, in units of the scales (n + 1,) and of usual rates."""

    def __init__(self, family: Family, point: Floats, scale: Floats) -> None:
        value, derivative = family.at(point)
        self.jacobian = derivative[:, : family.n]
        """d f / d x, (n, n)."""
        matrix = derivative * scale
        rows = np.abs(matrix).max(axis=1)
        rows = np.where(rows > 0, rows, 1.0)
        self.matrix = matrix / rows[:, None]
        """(n, n + 1), each row of size 1."""
        self.finite = bool(np.isfinite(matrix).all())
        """Whether f has derivatives there."""
        self._residual: Floats = value / rows if self.finite else np.full(family.n, np.nan)

    @property
    def residual(self) -> Floats:
        return self._residual

    def bordered(self, row: Floats) -> Floats:
        """The square matrix (n + 1, n + 1) with a row below."""
        result: Floats = np.concatenate([self.matrix, row[None]])
        return result

    def solve(self, row: Floats, right: Floats, last: float) -> Floats:
        result: Floats = np.linalg.solve(self.bordered(row), np.append(right, last))
        return result

    @property
    def eigenvalues(self) -> NDArray[Any]:
        """Of the Jacobian, (n,), by descending real part."""
        values = np.linalg.eigvals(self.jacobian).astype(complex)
        return values[np.lexsort((-values.imag, -values.real))]


class RestCurve(Curve):
    """Equilibria of a family with one parameter that varies. Unknowns are (x, p) in units of the scale (n + 1,)."""

    def __init__(self, family: Family, scale: Floats) -> None:
        self.family, self.scale = family, scale

    def linear(self, z: Floats) -> Rest:
        return Rest(self.family, z * self.scale, self.scale)

    def dual(self, direction: Floats) -> Floats:
        return direction


def tests(place: Place, eigenvalues: NDArray[Any]) -> Floats:
    """For each of ``TESTS`` a number that changes its sign there, (3,)."""
    rest = place.linear
    assert isinstance(rest, Rest)
    determinant = float(np.linalg.det(rest.bordered(place.tangent)))
    return np.array([place.tangent[-1], determinant, pair_sums(eigenvalues)])


@lru_cache(maxsize=16)
def pairs(count: int) -> tuple[Integers, Integers]:
    """All pairs i < j below a count."""
    i, j = np.triu_indices(count, 1)
    return i, j


def pair_sums(values: NDArray[Any]) -> float:
    """The product of the sums of all pairs of eigenvalues, each relative to their sizes.

    It changes its sign where a complex pair crosses the imaginary axis, or two real ones cancel.
    """
    i, j = pairs(values.size)
    sizes = np.abs(values[i]) + np.abs(values[j])
    return float(np.prod((values[i] + values[j]) / np.where(sizes > 0, sizes, 1.0)).real)


def crossing_turns(values: NDArray[Any]) -> bool:
    """Whether the two eigenvalues whose sum is nearest to zero are a complex pair: a Hopf point, no neutral saddle."""
    i, j = pairs(values.size)
    at = int(np.argmin(np.abs(values[i] + values[j])))
    size = max(abs(values[i[at]]), abs(values[j[at]]))
    return bool(abs(values[i[at]].imag) > 1e-6 * size)
