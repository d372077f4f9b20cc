"""The result of following cycles over one parameter."""

from __future__ import annotations

from typing import Any

import msgspec
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.continuation.results import SpecialPoint
from odeplayground.spec import Bifurcation


class CycleBranch(msgspec.Struct, frozen=True, eq=False):
    """A branch of cycles. Special points are among its points."""

    parameter_name: str
    states: tuple[str, ...]
    parameter: Floats
    """(k,)"""
    period: Floats
    """(k,)"""
    highest: Floats
    """Maxima of the states along each cycle, (n_states, k)."""
    lowest: Floats
    """Minima, (n_states, k)."""
    multipliers: NDArray[Any]
    """Floquet multipliers (n_states, k), complex; the trivial 1 first, the others by descending modulus."""
    unstable: Integers
    """How many multipliers are outside of the unit circle, (k,)."""
    orbits: tuple[tuple[Floats, Floats], ...]
    """Times (r,) from 0 to the period and states (n_states, r) of each cycle, the last state the first again."""
    points: tuple[SpecialPoint, ...]
    """In the order of the branch."""
    places: tuple[int, ...]
    """At which of the k points each special point lies."""
    endings: tuple[str, str]
    """Why it begins and ends where it does, in a sentence each."""
    family: bool = False
    """Whether these are closed orbits that fill a region at one value of the parameter, and no limit cycles."""

    @property
    def stable(self) -> Flags:
        """Where it attracts, (k,)."""
        result: Flags = self.unstable == 0
        return result

    def of(self, kind: Bifurcation) -> tuple[SpecialPoint, ...]:
        """The points of one kind, in the order of the branch."""
        return tuple(point for point in self.points if point.kind is kind)

    def __len__(self) -> int:
        return self.parameter.size
