"""Sine, cosine and tangent for angles up to a quarter of pi, given as pairs.

Layout of the sums as in fdlibm's k_sin.c and k_cos.c; the polynomials are our own minimax approximations.
"""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.math.library import polynomial
from odeplayground.dynamics.kernels.math.pairs import Pair
from odeplayground.dynamics.kernels.vector import Lanes

# (sin(r)/r - 1) / r**2 and (cos(r) - 1 + r**2/2) / r**4 as functions of r**2, |r| <= pi/4 (2**-57.9 and 2**-63.9).
_SINE = (
    -0.1666666666666663,
    0.00833333333332184,
    -0.0001984126982935851,
    2.755731353854371e-06,
    -2.5050734406803053e-08,
    1.589543546316333e-10,
)
_COSINE = (
    0.041666666666666595,
    -0.0013888888888873342,
    2.4801587289002076e-05,
    -2.755731421703243e-07,
    2.087570539398869e-09,
    -1.1358749062731796e-11,
)


def quarter_sine(lanes: Lanes, high: ir.Value, low: ir.Value) -> ir.Value:
    """The sine of the pair, |high| <= pi/4."""
    square = lanes.mul(high, high)
    # The added zero makes the product +0 at -0, so that the sign of zero survives.
    factor = lanes.fma(square, polynomial(lanes, square, _SINE), lanes.number(0.0))
    slope = lanes.fma(square, lanes.number(-0.5), lanes.number(1.0))
    return lanes.add(high, lanes.fma(low, slope, lanes.mul(high, factor)))


def quarter_cosine(lanes: Lanes, high: ir.Value, low: ir.Value) -> ir.Value:
    """The cosine of the pair, |high| <= pi/4."""
    square = lanes.mul(high, high)
    half = lanes.mul(square, lanes.number(0.5))
    near = lanes.sub(lanes.number(1.0), half)
    lost = lanes.sub(lanes.sub(lanes.number(1.0), near), half)
    rest = lanes.mul(lanes.mul(square, square), polynomial(lanes, square, _COSINE))
    return lanes.add(near, lanes.add(lost, lanes.sub(rest, lanes.mul(high, low))))


def tangent_of_quarters(lanes: Lanes, angle: Pair, odd: ir.Value) -> ir.Value:
    """The tangent of the angle, turned by pi/2 where ``odd``."""
    sine, cosine = quarter_sine(lanes, *angle), quarter_cosine(lanes, *angle)
    return lanes.div(lanes.select(odd, lanes.neg(cosine), sine), lanes.select(odd, sine, cosine))
