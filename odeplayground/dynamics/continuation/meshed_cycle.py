"""One cycle of a branch, with the mesh that it is computed on."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.continuation.arclength import Place, correct, tangent
from odeplayground.dynamics.continuation.closed import Condensed, CycleCurve
from odeplayground.dynamics.continuation.mesh import adapted, interpolated, node_times
from odeplayground.dynamics.continuation.results import SpecialPoint

NEUTRAL = 1e-5
"""Moduli of multipliers this close to 1 are taken for 1."""


class MeshedCycle(msgspec.Struct, frozen=True, eq=False):
    """A cycle with its own mesh."""

    curve: CycleCurve
    place: Place
    multipliers: NDArray[Any]
    special: SpecialPoint | None = None

    @property
    def parameter(self) -> float:
        return float(self.place.z[-1] * self.curve.width)

    @property
    def period(self) -> float:
        return float(self.place.z[-2] * self.curve.period)

    @property
    def nodes(self) -> Floats:
        """States at the different nodes, (r, n)."""
        return self.curve.nodes(self.place.z) * self.curve.scale

    @property
    def orbit(self) -> tuple[Floats, Floats]:
        nodes = self.nodes
        return np.append(node_times(self.curve.ends), 1.0) * self.period, np.concatenate([nodes, nodes[:1]]).T

    @property
    def unstable(self) -> int:
        return int((np.abs(self.multipliers[1:]) > 1 + NEUTRAL).sum())

    @property
    def neutral(self) -> bool:
        """Whether a multiplier besides the trivial one is 1."""
        return bool((np.abs(self.multipliers[1:] - 1) <= NEUTRAL).any())


def condensed(place: Place) -> Condensed:
    """The linear equations at a place of a branch of cycles, which hold the multipliers."""
    assert isinstance(place.linear, Condensed)
    return place.linear


def turned_over(cycle: MeshedCycle, following: Place) -> bool:
    """Whether a cycle shrank through a point: then it comes out of it the other way round."""
    before, after = (cycle.curve.nodes(z) for z in (cycle.place.z, following.z))
    before, after = before - before.mean(axis=0), after - after.mean(axis=0)
    return float((before * after).sum()) < 0


def remeshed(cycle: MeshedCycle) -> MeshedCycle | None:
    """The same cycle on a mesh made for it, with itself as the reference for the phase."""
    old = cycle.curve
    ends = adapted(old.ends, old.nodes(cycle.place.z))
    if ends is old.ends:
        return cycle
    times = node_times(ends)
    nodes, along = (interpolated(old.ends, old.nodes(vector), times) for vector in (cycle.place.z, cycle.place.tangent))
    curve = CycleCurve(old.family, old.scale, cycle.period, old.width, ends, nodes)
    ratio = old.period / cycle.period
    z = np.append(nodes.ravel(), [1.0, cycle.place.z[-1]])
    direction = np.append(along.ravel(), [ratio * cycle.place.tangent[-2], cycle.place.tangent[-1]])
    row = curve.dual(direction)
    found = correct(curve, z, row, float(row @ z))
    if found is None:
        return None
    place = Place(found[0], tangent(curve, found[1], row), found[1])
    return MeshedCycle(curve, place, condensed(place).multipliers)
