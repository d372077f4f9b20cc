"""A bifurcation diagram as far as it is, as frozen arrays for drawing."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from odeplayground.spec import Bifurcation

Floats = NDArray[np.float64]


class Curve(msgspec.Struct, frozen=True, eq=False):
    """A branch of equilibria, or of cycles, of which maxima and minima are drawn."""

    cycles: bool
    parameter: Floats
    """(k,)"""
    high: Floats
    """(n_states, k); of a cycle its maxima."""
    low: Floats
    """(n_states, k); of a cycle its minima, of an equilibrium the same as ``high``."""
    unstable: NDArray[np.int64]
    """How many directions repel, (k,)."""
    special: NDArray[np.bool_]
    """Where bifurcations lie, (k,). What they say about stability is rounding."""
    period: Floats | None = None
    """(k,), of cycles."""
    eigenvalues: NDArray[Any] | None = None
    """(n_states, k), of equilibria whose branch is complete."""


class Mark(msgspec.Struct, frozen=True, eq=False):
    """A bifurcation on a branch."""

    kind: Bifurcation
    label: str
    parameter: float
    high: Floats
    """(n_states,)"""
    low: Floats
    """(n_states,)"""
    eigenvalues: tuple[complex, ...]
    """Of an equilibrium; of a cycle the Floquet multipliers."""
    period: float | None
    """Of a cycle, or at a Hopf point of those that are born."""
    lyapunov: float | None
    """First Lyapunov coefficient of a Hopf point."""

    @property
    def on_cycles(self) -> bool:
        """Whether it lies on a branch of cycles."""
        return bool((self.high != self.low).any())


class Picture(msgspec.Struct, frozen=True, eq=False):
    """What there is of a diagram now."""

    parameter: str
    states: tuple[str, ...]
    bounds: tuple[float, float]
    """Low and high of the parameter."""
    curves: tuple[Curve, ...] = ()
    marks: tuple[Mark, ...] = ()
    observed: str = ""
    """The state whose orbits are drawn; empty for branches."""
    orbits: Floats | None = None
    """(k, 2) pairs of parameter and value."""
    message: str = ""
    """What was found, or what is being done."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.curves and (self.orbits is None or not len(self.orbits))
