"""The exponential function."""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.kernels.math.library import function, polynomial
from odeplayground.dynamics.kernels.math.pairs import Pair
from odeplayground.dynamics.kernels.math.scaling import rounded, times_any_power
from odeplayground.dynamics.kernels.vector import Lanes

LN2 = 0.6931471805599453
LN2_REST = 2.3190468138462996e-17
"""ln 2 = LN2 + LN2_REST to 107 bits."""
LN2_SHORT = 0.6931471803691238
LN2_SHORT_REST = 1.9082149292705877e-10
"""The same with 32 bits in the first part, so that products with numbers below 2**21 are exact."""

# (e**r - 1 - r - r**2/2) / r**3 for |r| <= ln(2)/2; minimax for the error relative to e**r (2**-57.4).
_REST = (
    0.16666666666666433,
    0.04166666666660399,
    0.008333333333499882,
    0.0013888888926779238,
    0.00019841269466486854,
    2.480150870602425e-05,
    2.7557640693582136e-06,
    2.7625176744815053e-07,
    2.497841192405992e-08,
)


def remainder(lanes: Lanes, x: ir.Value, q: ir.Value) -> ir.Value:
    """The remainder x - q ln 2 for whole |q| < 2**11, with an error of one rounding."""
    first, second = (LN2, LN2_REST) if lanes.features.fma else (LN2_SHORT, LN2_SHORT_REST)
    return lanes.fma(q, lanes.number(-second), lanes.fma(q, lanes.number(-first), x))


def remainder_pair(lanes: Lanes, x: ir.Value, q: ir.Value) -> Pair:
    """The same remainder, and what its rounding lost."""
    first, second = (LN2, LN2_REST) if lanes.features.fma else (LN2_SHORT, LN2_SHORT_REST)
    start = lanes.fma(q, lanes.number(-first), x)
    r = lanes.fma(q, lanes.number(-second), start)
    return r, lanes.fma(q, lanes.number(-second), lanes.sub(start, r))


def near_exponential(lanes: Lanes, r: ir.Value) -> ir.Value:
    """e**r for |r| <= ln(2)/2."""
    cubic = lanes.fma(r, polynomial(lanes, r, _REST), lanes.number(0.5))
    return lanes.add(lanes.number(1.0), lanes.fma(lanes.mul(r, r), cubic, r))


@function
def exp(lanes: Lanes, x: ir.Value) -> ir.Value:
    """e**x within 1 ulp, subnormals included. Reduction to |r| <= ln(2)/2 as in Cephes and fdlibm."""
    x = lanes.at_most(lanes.number(710.0), lanes.at_least(lanes.number(-746.0), x))
    _, q = rounded(lanes, x, 1 / math.log(2))
    return times_any_power(lanes, near_exponential(lanes, remainder(lanes, x, q)), q)
