"""Hyperbolic sine, cosine and tangent, from e**x - 1 as in fdlibm's s_tanh.c and e_sinh.c."""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.kernels.math.exponential import remainder_pair
from odeplayground.dynamics.kernels.math.library import function, polynomial
from odeplayground.dynamics.kernels.math.scaling import rounded, times_power
from odeplayground.dynamics.kernels.vector import Lanes

# (e**r - 1 - r - r**2/2) / r**3 for |r| <= ln(2)/2; minimax for the error relative to e**r - 1 (2**-61.7).
_REST = (
    0.16666666666666677,
    0.04166666666666658,
    0.008333333333322169,
    0.0013888888888942655,
    0.00019841269884918417,
    2.4801587198220385e-05,
    2.7557245321122926e-06,
    2.755738707014168e-07,
    2.5108676191687096e-08,
    2.0878895602785547e-09,
)


def _exponential_parts(lanes: Lanes, x: ir.Value, scale: float) -> tuple[ir.Value, ir.Value]:
    """(p, s) with e**x = (1 + p) s / scale, |p| < 0.42 and s a power of two; ``scale`` is a power of two."""
    total, q = rounded(lanes, x, 1 / math.log(2))
    r, lost = remainder_pair(lanes, x, q)
    cubic = lanes.fma(r, polynomial(lanes, r, _REST), lanes.number(0.5))
    p = lanes.add(r, lanes.fma(lanes.mul(r, r), cubic, lost))
    return p, times_power(lanes, lanes.number(scale), total)


def _less_one(lanes: Lanes, x: ir.Value, scale: float) -> ir.Value:
    """(e**x - 1) scale, for x >= 0."""
    p, power = _exponential_parts(lanes, x, scale)
    return lanes.fma(p, power, lanes.sub(power, lanes.number(scale)))


@function
def tanh(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The hyperbolic tangent within 2.5 ulp; 1 to the last bit beyond 19.1."""
    size = lanes.at_most(lanes.number(20.0), lanes.abs(x))
    growth = _less_one(lanes, lanes.add(size, size), 1.0)
    return lanes.copysign(lanes.div(growth, lanes.add(growth, lanes.number(2.0))), x)


@function
def sinh(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The hyperbolic sine within 2.5 ulp."""
    # A quarter of e**x is finite wherever the result is.
    size = lanes.at_most(lanes.number(710.5), lanes.abs(x))
    growth = _less_one(lanes, size, 0.25)
    inverse = lanes.div(growth, lanes.fma(growth, lanes.number(4.0), lanes.number(1.0)))
    half = lanes.add(growth, inverse)
    tiny = lanes.compare("<", size, lanes.number(2.0**-30))  # a quarter of a subnormal would lose bits
    return lanes.copysign(lanes.select(tiny, size, lanes.add(half, half)), x)


@function
def cosh(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The hyperbolic cosine within 2 ulp."""
    p, power = _exponential_parts(lanes, lanes.at_most(lanes.number(710.5), lanes.abs(x)), 0.25)
    growth = lanes.fma(p, power, power)
    half = lanes.add(growth, lanes.div(lanes.number(0.0625), growth))
    return lanes.add(half, half)
