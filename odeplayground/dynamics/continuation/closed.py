"""The curve of closed orbits y' = T f(y, p), y(0) = y(1), by orthogonal collocation at Gauss points.

Doedel, Keller and Kernevez, Numerical analysis and control of bifurcation problems II, Int. J. Bifurcation and Chaos
1 (1991) 745. The phase is fixed by the integral of y · r' = 0 with the orbit r before. Linear systems are solved by
condensation: in each interval the inner nodes are eliminated, all intervals at once, and what remains has the size of
the mesh. The matrices that take one end of an interval to the other are at the same time the monodromy matrix in
factors (Fairgrieve and Jepson, SIAM Journal on Numerical Analysis 28 (1991) 1446).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.arclength import Curve, Linear
from odeplayground.dynamics.continuation.chain import Chain, solved
from odeplayground.dynamics.continuation.family import Family
from odeplayground.dynamics.continuation.mesh import DEGREE, SLOPES, VALUES, WEIGHTS, places
from odeplayground.dynamics.variational import in_turn

PERIOD_WEIGHT = 0.1
"""How much a relative change of the period counts in the length of a step."""


class CycleCurve(Curve):
    """Cycles of a family with one parameter.

    Unknowns are the nodes (N * DEGREE, n) in turn, the period and the parameter, in units of the scale of states (n,),
    of a typical period and of the range of the parameter.
    """

    def __init__(
        self, family: Family, scale: Floats, period: float, width: float, ends: Floats, reference: Floats
    ) -> None:
        self.family, self.scale, self.period, self.width, self.ends = family, scale, period, width, ends
        self.places = places(ends.size - 1)
        self.h = np.diff(ends)
        slopes = np.einsum("kj,ijn->ikn", SLOPES, reference.reshape(-1, family.n)[self.places])
        # h cancels: the derivative of the reference is divided by it, the integral over the interval multiplies.
        phase = np.einsum("k,kj,ikn->ijn", WEIGHTS, VALUES, slopes)
        self.phase = np.append(self.gathered(phase), [0.0, 0.0])
        size = float(np.linalg.norm(self.phase))
        self.phase /= size if size > 0 else 1.0

    def nodes(self, z: Floats) -> Floats:
        """The different nodes (N * DEGREE, n), in units of the scale."""
        return z[:-2].reshape(-1, self.family.n)

    def gathered(self, parts: Floats) -> Floats:
        """What belongs to each node, from what belongs to the nodes of each interval (N, DEGREE + 1, n); flat."""
        result = parts[:, :-1].copy()
        result[1:, 0] += parts[:-1, -1]
        result[0, 0] += parts[-1, -1]
        return result.ravel()

    def dual(self, direction: Floats) -> Floats:
        inner = np.einsum("kj,ijn->ikn", VALUES, self.nodes(direction)[self.places])
        weighted = np.einsum("i,k,kj,ikn->ijn", self.h, WEIGHTS, VALUES, inner)
        return np.append(self.gathered(weighted), [PERIOD_WEIGHT * direction[-2], direction[-1]])

    def linear(self, z: Floats) -> Condensed:
        return Condensed(self, z)


class Condensed(Linear):
    """The equations at a cycle, with the inner nodes of each interval eliminated."""

    def __init__(self, curve: CycleCurve, z: Floats) -> None:
        n, count = curve.family.n, curve.h.size
        self._curve, self._n, self._count = curve, n, count
        nodes = curve.nodes(z)[curve.places]
        inner = np.einsum("kj,ijn->ikn", VALUES, nodes)
        period = z[-2] * curve.period
        points = np.empty((n + 1, count * DEGREE))
        points[:n] = (inner * curve.scale).reshape(-1, n).T
        points[n] = z[-1] * curve.width
        rate, slope = curve.family.values(points)
        rate = rate.T.reshape(count, DEGREE, n) / curve.scale
        slope = slope.transpose(2, 0, 1).reshape(count, DEGREE, n, n + 1).copy()
        traces = np.trace(slope[..., :n], axis1=2, axis2=3)
        slope /= curve.scale[:, None]
        self._growth = float(period * (curve.h * (traces @ WEIGHTS)).sum())
        self._starts, self._number = nodes[:, 0], z[-1]
        h = curve.h[:, None, None]
        value = np.einsum("kj,ijn->ikn", SLOPES, nodes) - h * period * rate
        self._residual = np.append(value.ravel(), curve.phase @ z)
        blocks = np.einsum("kj,ab->kajb", SLOPES, np.eye(n))[None] - period * h[..., None, None] * np.einsum(
            "kj,ikab->ikajb", VALUES, slope[..., :n] * curve.scale
        )
        blocks = blocks.reshape(count, DEGREE * n, (DEGREE + 1) * n)
        by_numbers = np.stack([-h * curve.period * rate, -h * period * slope[..., n] * curve.width], axis=-1)
        self._inverse = np.linalg.inv(blocks[:, :, n:])
        self._from_start = self._inverse @ blocks[:, :, :n]
        self._from_numbers = self._inverse @ by_numbers.reshape(count, DEGREE * n, 2)

    @property
    def residual(self) -> Floats:
        return self._residual

    @cached_property
    def multipliers(self) -> NDArray[Any]:
        """Floquet multipliers (n,), the trivial 1 first and the others by descending modulus.

        The direction of the flow is taken out at every end of an interval. What is left are the other multipliers,
        which stay exact where the trivial one would drown in the rounding errors of a large one.
        """
        if self._n == 2:
            # In the plane the mean trace tells the other one exactly (Liouville's formula).
            return np.array([1.0, np.exp(self._growth)], dtype=complex)
        factors = -self._from_start[:, -self._n :]
        across = _complements(self._flow)
        reduced = np.roll(across, -1, axis=0).transpose(0, 2, 1) @ factors @ across
        others = np.linalg.eigvals(in_turn(reduced)).astype(complex)
        others = others[np.lexsort((-others.imag, -np.abs(others)))]
        if others.size == 2 and abs(others[1]) < 1e-8 * abs(others[0]):
            others[1] = np.prod(np.linalg.det(reduced)) / others[0]
        return np.concatenate([[1.0], others])

    @property
    def _flow(self) -> Floats:
        """Directions of the flow at the beginnings of the intervals, (N, n)."""
        curve = self._curve
        points = np.empty((self._n + 1, self._count))
        points[: self._n] = (self._starts * curve.scale).T
        points[self._n] = self._number * curve.width
        return curve.family.values(points)[0].T / curve.scale

    def solve(self, row: Floats, right: Floats, last: float) -> Floats:
        n, count = self._n, self._count
        known = (self._inverse @ right[:-1].reshape(count, DEGREE * n, 1))[:, :, 0]
        reduced = [self._reduced(extra, value, known) for extra, value in ((self._curve.phase, right[-1]), (row, last))]
        chain = Chain(
            self._from_start[:, -n:],
            np.broadcast_to(np.eye(n), (count, n, n)),
            self._from_numbers[:, -n:],
            known[:, -n:],
            np.stack([of_start for of_start, _, _ in reduced], axis=1),
            np.stack([of_numbers for _, of_numbers, _ in reduced]),
            np.array([value for _, _, value in reduced]),
        )
        first, numbers = solved(chain)
        others = known - (self._from_start @ first[:, :, None])[:, :, 0] - self._from_numbers @ numbers
        nodes = np.concatenate([first, others[:, :-n]], axis=1)
        return np.append(nodes.ravel(), numbers)

    def _reduced(self, row: Floats, value: float, known: Floats) -> tuple[Floats, Floats, float]:
        """A row of the whole system without the inner nodes: for the first ones (N, n), for the two numbers, right."""
        n, count = self._n, self._count
        parts = row[:-2].reshape(count, DEGREE * n)
        inner = parts[:, n:]
        of_start = parts[:, :n] - (inner[:, None, :] @ self._from_start[:, :-n])[:, 0]
        of_numbers = row[-2:] - (inner[:, None, :] @ self._from_numbers[:, :-n])[:, 0].sum(axis=0)
        return of_start, of_numbers, value - float((inner * known[:, :-n]).sum())


def _complements(directions: Floats) -> Floats:
    """Orthonormal bases (N, n, n - 1), as columns, of what is at right angles to directions (N, n).

    By Householder reflections that take the last axis to the direction, up to its sign.
    """
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    mirror = directions / np.where(lengths > 0, lengths, 1.0)
    mirror[:, -1] += np.where(mirror[:, -1] >= 0, 1.0, -1.0)
    square = (mirror * mirror).sum(axis=1)[:, None, None]
    reflections = np.eye(directions.shape[1]) - 2 * mirror[:, :, None] * mirror[:, None, :] / square
    result: Floats = reflections[:, :, :-1]
    return result
