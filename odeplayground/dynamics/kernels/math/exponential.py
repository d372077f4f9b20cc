"""The exponential function."""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.kernels.math.library import function, polynomial
from odeplayground.dynamics.kernels.math.scaling import rounded, times_any_power
from odeplayground.dynamics.kernels.vector import Lanes

LN2 = 0.6931471805599453
LN2_REST = 2.3190468138462996e-17
"""ln 2 = LN2 + LN2_REST to 107 bits."""
LN2_HIGH = 0.693147180369123816490
LN2_LOW = 1.90821492927058770002e-10
"""The same with 32 bits in the first part, so that small multiples are exact without fused multiply-add."""

# (e**r - 1 - r - r**2/2) / r**3 for |r| <= ln(2)/2, minimax for the error relative to e**r - 1 (2**-55.2).
REST = (
    0.16666666666666602,
    0.041666666666620035,
    0.008333333333388308,
    0.001388888892048132,
    0.00019841269709511625,
    2.480151638873153e-05,
    2.755742493597956e-06,
    2.762220861293238e-07,
    2.504593785467263e-08,
)


def remainder(lanes: Lanes, x: ir.Value, q: ir.Value) -> ir.Value:
    """The value x - q ln 2, exactly but for the last rounding."""
    high, low = (LN2, LN2_REST) if lanes.features.fma else (LN2_HIGH, LN2_LOW)
    return lanes.fma(q, lanes.number(-low), lanes.fma(q, lanes.number(-high), x))


def exponential_rest(lanes: Lanes, r: ir.Value) -> ir.Value:
    """e**r - 1 for |r| <= ln(2)/2."""
    square = lanes.mul(r, r)
    return lanes.add(r, lanes.mul(square, lanes.fma(r, polynomial(lanes, r, REST), lanes.number(0.5))))


@function
def exp(lanes: Lanes, x: ir.Value) -> ir.Value:
    """e**x within 1 ulp. Reduction to |r| <= ln(2)/2 as in Cephes and fdlibm; the polynomial is our own minimax."""
    x = lanes.at_most(lanes.number(710.0), lanes.at_least(lanes.number(-746.0), x))
    _, q = rounded(lanes, x, 1 / math.log(2))
    near = lanes.add(lanes.number(1.0), exponential_rest(lanes, remainder(lanes, x, q)))
    return times_any_power(lanes, near, q)
