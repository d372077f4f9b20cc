"""Sine, cosine and tangent."""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.kernels.math.library import function, polynomial
from odeplayground.dynamics.kernels.math.scaling import ROUNDING, rounded, shifted
from odeplayground.dynamics.kernels.vector import Lanes

# pi = the sum of these, each a double; and of those, each of 27 bits, so that multiples below 2**26 are exact.
PI = (3.141592653589793, 1.2246467991473532e-16, -2.9947698097183397e-33)
PI_SHORT = (
    3.141592651605606,
    1.9841871479187034e-09,
    1.144237741932715e-17,
    3.2892513785930414e-26,
    8.67181016052962e-35,
)

# (sin(r)/r - 1) / r**2 as a function of r**2, for |r| <= pi/2; minimax for the error relative to the sine (2**-61.5).
SINE = (
    -0.16666666666666666,
    0.008333333333333207,
    -0.00019841269841212476,
    2.7557319211568394e-06,
    -2.50521069042573e-08,
    1.6058940990273914e-10,
    -7.643018952538285e-13,
    2.7214139303419963e-15,
)


def near_sine(lanes: Lanes, r: ir.Value) -> ir.Value:
    """The sine for |r| <= pi/2."""
    square = lanes.mul(r, r)
    # The added zero makes the product +0 at r = -0, so that the sign of zero survives.
    correction = lanes.fma(square, polynomial(lanes, square, SINE), lanes.number(0.0))
    return lanes.fma(correction, r, r)


def _less_multiple(lanes: Lanes, x: ir.Value, n: ir.Value, scale: float) -> ir.Value:
    """The value x - n scale pi."""
    for part in PI if lanes.features.fma else PI_SHORT:
        x = lanes.fma(n, lanes.number(-part * scale), x)
    return x


@function
def sin(lanes: Lanes, x: ir.Value) -> ir.Value:
    """Sine."""
    total, n = rounded(lanes, x, 1 / math.pi)
    value = near_sine(lanes, _less_multiple(lanes, x, n, 1.0))
    return lanes.as_real(lanes.builder.xor(lanes.as_integer(value), shifted(lanes, total, 63)))


@function
def cos(lanes: Lanes, x: ir.Value) -> ir.Value:
    """Cosine."""
    turns = lanes.fma(x, lanes.number(1 / math.pi), lanes.number(-0.5))
    total = lanes.add(turns, lanes.number(ROUNDING))
    k = lanes.sub(total, lanes.number(ROUNDING))
    n = lanes.fma(k, lanes.number(2.0), lanes.number(1.0))
    value = near_sine(lanes, lanes.neg(_less_multiple(lanes, x, n, 0.5)))
    return lanes.as_real(lanes.builder.xor(lanes.as_integer(value), shifted(lanes, total, 63)))
