"""Pseudo-arclength continuation of any curve F(z) = 0 with one more unknown than equations.

A step goes along the tangent and back to the curve at right angles to it, so that folds are no obstacle: Keller,
Numerical solution of bifurcation and nonlinear eigenvalue problems (1977); Kuznetsov, Elements of Applied Bifurcation
Theory, 3rd ed., section 10.2; Govaerts, Numerical Methods for Bifurcations of Dynamical Equilibria, SIAM 2000.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
import numpy as np

from odeplayground.dynamics.arrays import Floats

TOLERANCE = 1e-10
"""The last Newton correction, in units of the scales."""
EXACT = 1e-14
"""Residuals of this size are rounding errors."""
ITERATIONS = 8
EASY, SLOW = 3, 6
"""So few corrections make the next step longer, so many make it shorter."""
LONGER, SHORTER = 1.5, 0.5
STRAIGHT = 0.97
"""The cosine of the angle between the tangents at both ends of a step is no less."""
SMALLEST = 1e-7
"""Shorter steps, as a share of the longest one, are not tried."""
HALVINGS = 40
BESIDE = 1e-7
"""Where a point cannot be computed since branches cross there, the one this share of the step further on is."""


class Linear(Protocol):
    """The equations at a point, linearised."""

    @property
    def residual(self) -> Floats:
        """F(z), (N,); not finite where F' is not."""

    def solve(self, row: Floats, right: Floats, last: float) -> Floats:
        """The d, (N + 1,), with F'(z) d = right and row · d = last."""


class Curve(Protocol):
    """The equations of a curve in N + 1 unknowns, each in units of its scale."""

    def linear(self, z: Floats) -> Linear:
        """The equations at a point."""

    def dual(self, direction: Floats) -> Floats:
        """The row that takes the inner product with a direction."""


class Place(msgspec.Struct, frozen=True, eq=False):
    """A point of a curve."""

    z: Floats
    tangent: Floats
    """Of length 1."""
    linear: Linear
    iterations: int = 0


def correct(curve: Curve, guess: Floats, row: Floats, target: float) -> tuple[Floats, Linear, int] | None:
    """Newton's method onto the curve where row · z = target; ``None`` where it does not converge."""
    z, before = guess, np.inf
    for iteration in range(1, ITERATIONS + 1):
        linear = curve.linear(z)
        miss = target - float(row @ z)
        try:
            change = linear.solve(row, -linear.residual, miss)
        except np.linalg.LinAlgError:
            # Right at a branch point, where the guess may be the point itself.
            at_it = max(float(np.abs(linear.residual).max()), abs(miss)) < EXACT
            return (z, linear, iteration) if at_it else None
        size = float(np.abs(change).max())
        if not np.isfinite(size) or size > max(2 * before, 1e3):
            return None
        z, before = z + change, size
        if size < TOLERANCE:
            linear = curve.linear(z)
            return (z, linear, iteration) if np.isfinite(linear.residual).all() else None
    return None


def tangent(curve: Curve, linear: Linear, row: Floats) -> Floats:
    """The direction of the curve, of length 1, on the same side as the row."""
    direction = linear.solve(row, np.zeros(linear.residual.size), 1.0)
    result: Floats = direction / np.sqrt(float(curve.dual(direction) @ direction))
    return result


def place(curve: Curve, guess: Floats, direction: Floats) -> Place | None:
    """The point of the curve beside a guess, at right angles to a direction."""
    row = curve.dual(direction)
    found = correct(curve, guess, row, float(row @ guess))
    if found is None:
        return None
    try:
        along = tangent(curve, found[1], row)
    except np.linalg.LinAlgError:
        along = direction  # at a branch point there are two
    return Place(found[0], along, *found[1:]) if np.isfinite(along).all() else None


def between(curve: Curve, start: Place, length: float) -> Place | None:
    """The point at a distance along the tangent of another."""
    return place(curve, start.z + length * start.tangent, start.tangent)


class Advance(msgspec.Struct, frozen=True, eq=False):
    """A step along a curve."""

    place: Place
    length: float
    """How far along the tangent it went."""
    following: float
    """How far the next one may go."""


def advance(curve: Curve, start: Place, length: float, longest: float) -> Advance | None:
    """The next point after a start, at most a length away; ``None`` where no step succeeds."""
    while length > SMALLEST * longest:
        found = between(curve, start, length)
        if found is None or float(curve.dual(start.tangent) @ found.tangent) < STRAIGHT:
            length *= SHORTER
            continue
        factor = LONGER if found.iterations <= EASY else SHORTER if found.iterations >= SLOW else 1.0
        return Advance(found, length, min(factor * length, longest))
    return None


def zero(
    curve: Curve,
    start: Place,
    length: float,
    test: Callable[[Place], float],
    at_start: float,
    at_end: float,
    accuracy: float,
) -> tuple[Place, float] | None:
    """Where a test function vanishes within a step, and how far along, to a share of the step.

    The Illinois method, every fourth time halving: Dowell and Jarratt, BIT 11 (1971) 168.
    """
    a, b, at_a, at_b = 0.0, length, at_start, at_end
    best = None
    for halving in range(HALVINGS):
        middle = b - at_b * (b - a) / (at_b - at_a)
        if halving % 4 == 3 or not min(a, b) < middle < max(a, b):
            middle = 0.5 * (a + b)
        found = between(curve, start, middle) or between(curve, start, middle + BESIDE * length)
        if found is None:
            break
        best, value = (found, middle), test(found)
        if value == 0 or min(abs(b - a), abs(middle - b)) <= accuracy * length:
            break
        if value * at_b < 0:
            a, at_a = b, at_b
        else:
            at_a *= 0.5
        b, at_b = middle, value
    return best
