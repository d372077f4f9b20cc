"""Branches, the points on them that matter, and what is told while they grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.spec import Bifurcation

DEGENERATE = 1e-9
"""A first Lyapunov coefficient below this share of the frequency is rounding: it decides nothing."""


class SpecialPoint(msgspec.Struct, frozen=True, eq=False):
    """A point of a branch where something changes."""

    kind: Bifurcation
    branch: int
    """The number of its branch."""
    parameter: float
    state: Floats
    """(n_states,); of a cycle, where it begins."""
    eigenvalues: NDArray[Any]
    """Eigenvalues of an equilibrium or multipliers of a cycle, (n_states,)."""
    period: float | None = None
    """Of cycles; at a Hopf point that of the cycles that are born, 2 pi / omega."""
    lyapunov: float | None = None
    """First Lyapunov coefficient of a Hopf point: below 0 the cycles attract within the centre manifold
    (supercritical), above 0 they repel (subcritical). Kuznetsov, equation (5.39), with an eigenvector of length 1."""

    @property
    def label(self) -> str:
        """The kind in words."""
        if self.kind is Bifurcation.HOPF and self.lyapunov is not None:
            if abs(self.lyapunov) * (self.period or 1.0) <= DEGENERATE * 2 * np.pi:
                return "degenerate Hopf point"
            side = "supercritical" if self.lyapunov < 0 else "subcritical"
            return f"{side} Hopf point"
        return self.kind.label

    def __repr__(self) -> str:
        period = "" if self.period is None else f", period {self.period:.6g}"
        return f"<{self.label} at {self.parameter:.8g}{period}>"


class Branch(msgspec.Struct, frozen=True, eq=False):
    """A branch of equilibria, from one end to the other. Special points are among its points."""

    number: int
    parameter: Floats
    """(k,)"""
    states: Floats
    """(n_states, k)"""
    eigenvalues: NDArray[Any]
    """(n_states, k), complex, by descending real part."""
    unstable: Integers
    """How many eigenvalues have a positive real part, (k,)."""
    points: tuple[SpecialPoint, ...]
    """In the order of the branch."""
    places: tuple[int, ...]
    """At which of the k points each special point lies."""
    endings: tuple[str, str]
    """Why it begins and ends where it does, in a sentence each."""

    @property
    def stable(self) -> Flags:
        """Where it attracts, (k,)."""
        result: Flags = self.unstable == 0
        return result


class Branches(msgspec.Struct, frozen=True, eq=False):
    """All branches of equilibria that were found."""

    parameter: str
    states: tuple[str, ...]
    branches: tuple[Branch, ...]
    message: str

    @property
    def points(self) -> tuple[SpecialPoint, ...]:
        """The special points of all branches."""
        return tuple(point for branch in self.branches for point in branch.points)

    def of(self, kind: Bifurcation) -> tuple[SpecialPoint, ...]:
        """The points of one kind, by ascending parameter."""
        return tuple(sorted((p for p in self.points if p.kind is kind), key=lambda p: p.parameter))

    def __repr__(self) -> str:
        points = "".join(f", {point!r}" for point in self.points)
        return f"<{len(self.branches)} branches over {self.parameter}{points}>"

    def __iter__(self) -> Iterator[Branch]:
        return iter(self.branches)

    def __len__(self) -> int:
        return len(self.branches)


class Started(msgspec.Struct, frozen=True):
    """A branch begins; its points come next."""

    branch: int


class Grown(msgspec.Struct, frozen=True, eq=False):
    """One more point of a branch, at its far end or, going backwards, at its near end."""

    branch: int
    forward: bool
    parameter: float
    state: Floats
    """(n_states,), of a cycle its maxima."""
    lowest: Floats
    """(n_states,), of a cycle its minima; of an equilibrium the same as ``state``."""
    unstable: int
    """How many directions repel; zero where it is stable."""
    special: SpecialPoint | None = None
    period: float | None = None


def unstable_count(eigenvalues: NDArray[Any]) -> int:
    """How many of the eigenvalues (n_states,) have a positive real part, as far as rounding lets one tell."""
    size = float(np.abs(eigenvalues).max(initial=0.0))
    return int((eigenvalues.real > 1e-9 * size).sum())
