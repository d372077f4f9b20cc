"""Field lines in the plane, many at once, by equal steps along their arc. No spacing here."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.task import defined

Directions = Callable[[Floats], Floats]
"""Unit vectors (2, m) at points (2, m); not finite where there is none."""
TIDY_EVERY = 8
"""After so many steps the lines that have ended are taken out of the arrays."""


class Traces(msgspec.Struct, frozen=True, eq=False):
    """m lines with up to k points each, ``spacing`` apart along the arc."""

    points: Floats
    """(k, 2, m); NaN after the end of a line. The first points are the starts."""
    lengths: Integers
    """Points per line, (m,)."""


def trace(
    directions: Directions,
    starts: Floats,
    signs: Floats,
    step: float,
    most: int,
    stops: Callable[[Floats], Flags],
    size: Floats,
) -> Traces:
    """Follow the directions from starts (2, m) for at most so many steps, with two points per step.

    Signs (m,) are 1 for lines along the directions and -1 for lines against them.

    The classical Runge-Kutta method with the arc length as time; the point in the middle of a step is that of the
    cubic Hermite polynomial. Lines end at the rim of the window [0, size], where ``stops`` says so for new points,
    and where the direction turns by more than a right angle within one step, as at equilibria and jumps.
    """
    m = starts.shape[1]
    points = np.full((2 * most + 1, 2, m), np.nan)
    points[0] = starts
    lengths = np.ones(m, dtype=np.int64)
    lanes, at = np.arange(m), starts
    heading = signs * directions(at)
    alive = defined(heading)
    for k in range(most):
        if k % TIDY_EVERY == 0:
            lanes, at, heading, signs = lanes[alive], at[:, alive], heading[:, alive], signs[alive]
            alive = alive[alive]
            if not lanes.size:
                break
        new = _runge_kutta(directions, at, heading, signs * step)
        turned = signs * directions(new)
        # A comparison with NaN is false: lines end where there is no direction.
        alive &= turned[0] * heading[0] + turned[1] * heading[1] > 0
        outside = (new < 0) | (new > size)
        leaving = alive & (outside[0] | outside[1])
        alive &= ~(leaving | stops(new))
        middle = 0.5 * (at + new) + (step / 8) * (heading - turned)
        going = lanes[alive]
        points[2 * k + 1][:, going], points[2 * k + 2][:, going] = middle[:, alive], new[:, alive]
        lengths[going] += 2
        if leaving.any():
            out = lanes[leaving]
            points[2 * k + 1][:, out] = _at_the_rim(at[:, leaving], new[:, leaving], size)
            lengths[out] += 1
        at, heading = new, turned
    return Traces(points, lengths)


def _runge_kutta(directions: Directions, at: Floats, heading: Floats, signed: Floats) -> Floats:
    """One step; the heading has the sign already that the signed steps (m,) carry."""
    along = np.abs(signed) * heading
    second = signed * directions(at + 0.5 * along)
    third = signed * directions(at + 0.5 * second)
    fourth = signed * directions(at + third)
    result: Floats = at + (along + 2 * second + 2 * third + fourth) / 6
    return result


def _at_the_rim(before: Floats, after: Floats, size: Floats) -> Floats:
    """Where the straight lines between points inside and outside of the window cross its rim."""
    goal = np.where(after < 0, 0.0, size)
    crossing = (after < 0) | (after > size)
    ratio = np.where(crossing, (goal - before) / np.where(crossing, after - before, 1.0), 1.0).min(axis=0)
    result: Floats = np.clip(before + ratio * (after - before), 0.0, size)
    return result
