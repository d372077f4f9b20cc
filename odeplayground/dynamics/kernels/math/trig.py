"""Sine, cosine and tangent.

Reduction by multiples of pi (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980), exact enough
up to 2**26; beyond that, lane by lane, in ``far``.
"""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.kernels.math.far import each_lane
from odeplayground.dynamics.kernels.math.library import function, polynomial, where_needed
from odeplayground.dynamics.kernels.math.pairs import Pair, product_error, two_sum
from odeplayground.dynamics.kernels.math.quarter import tangent_of_quarters
from odeplayground.dynamics.kernels.math.scaling import ROUNDING, rounded, shifted
from odeplayground.dynamics.kernels.vector import Lanes

LIMIT = 2.0**26
"""Up to here multiples of pi have at most 26 bits."""

# pi is the sum of these doubles. Fused multiply-add needs full ones: the first remainder is exact, and of the others
# only the last rounding counts; they are positive, so that -0 stays -0. Without it, products are exact only for parts
# of 27 bits.
_PI = (3.141592653589793, 1.224646799147353e-16, 2.165713347843828e-32)
_PI_SHORT = (
    3.141592651605606,
    1.9841871479187034e-09,
    1.144237741932715e-17,
    3.2892513785930414e-26,
    8.671810160529e-35,
)

# (sin(r)/r - 1) / r**2 as a function of r**2, for |r| <= pi/2; minimax for the error relative to the sine (2**-61.5).
_SINE = (
    -0.16666666666666666,
    0.008333333333333207,
    -0.00019841269841212476,
    2.7557319211568394e-06,
    -2.50521069042573e-08,
    1.6058940990273914e-10,
    -7.643018952538285e-13,
    2.7214139303419963e-15,
)


@function
def sin(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The sine of x within 2 ulp, never beyond 1."""
    total, n = rounded(lanes, x, 1 / math.pi)
    near = _half_turn_sine(lanes, *_remainders(lanes, x, n, -1.0), total)
    near = near if lanes.features.fma else _keeping_zero(lanes, x, near)
    return _or_far(lanes, "sine", x, near)


@function
def cos(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The cosine of x within 2 ulp, never beyond 1.

    Reduced by odd multiples of pi/2, where its zeros are.
    """
    turns = lanes.fma(x, lanes.number(1 / math.pi), lanes.number(-0.5))
    total = lanes.add(turns, lanes.number(ROUNDING))
    n = lanes.fma(lanes.sub(total, lanes.number(ROUNDING)), lanes.number(2.0), lanes.number(1.0))
    r, rough = _remainders(lanes, x, n, -0.5)
    near = _half_turn_sine(lanes, lanes.neg(r), rough, total)
    return _or_far(lanes, "cosine", x, near)


@function
def tan(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The tangent of x within 2 ulp."""
    total, n = rounded(lanes, x, 2 / math.pi)
    odd = lanes.builder.trunc(lanes.as_integer(total), lanes.mask)
    near = tangent_of_quarters(lanes, _remainder_pair(lanes, x, n), odd)
    return _or_far(lanes, "tangent", x, _keeping_zero(lanes, x, near))


def _half_turn_sine(lanes: Lanes, r: ir.Value, rough: ir.Value, total: ir.Value) -> ir.Value:
    """The sine for |r| <= pi/2, its sign changed if the whole number in ``total`` is odd.

    ``rough`` is r, known earlier, but for its last digits or its sign: it will do for all terms but the first.
    """
    square = lanes.mul(rough, rough)
    cube = lanes.mul(square, r)
    size = lanes.abs(lanes.fma(cube, polynomial(lanes, square, _SINE), r))
    size = lanes.at_most(lanes.number(1.0), size)
    # The sign is that of r, also of zero.
    turned = lanes.builder.xor(lanes.as_integer(r), shifted(lanes, total, 63))
    sign = lanes.builder.and_(turned, lanes.whole(1 << 63))
    return lanes.as_real(lanes.builder.or_(lanes.as_integer(size), sign))


def _remainders(lanes: Lanes, x: ir.Value, n: ir.Value, scale: float) -> Pair:
    """The remainder x + n scale pi, for |n| < 2**26, with an error of one rounding (scale is a power of two), and what
    it was before the last correction, which only counts where the remainder is tiny.
    """
    if lanes.features.fma:
        first, second, third = (lanes.number(part * scale) for part in _PI)
        rough = lanes.fma(n, second, lanes.fma(n, first, x))
        return lanes.fma(n, third, rough), rough
    high, low = _short_remainder(lanes, x, n, scale)
    r = lanes.add(high, low)
    return r, r


def _remainder_pair(lanes: Lanes, x: ir.Value, n: ir.Value) -> Pair:
    """The remainder x - n pi/2 as a pair."""
    if not lanes.features.fma:
        return _short_remainder(lanes, x, n, -0.5)
    first, second, third = (lanes.number(part * 0.5) for part in _PI)
    start = lanes.fma(lanes.neg(n), first, x)
    product = lanes.mul(n, second)
    high, low = two_sum(lanes, start, lanes.neg(product))
    low = lanes.sub(low, product_error(lanes, n, second, product))
    return high, lanes.fma(lanes.neg(n), third, low)


def _short_remainder(lanes: Lanes, x: ir.Value, n: ir.Value, scale: float) -> Pair:
    high, low = x, lanes.number(0.0)
    for part in _PI_SHORT:
        high, error = two_sum(lanes, high, lanes.mul(n, lanes.number(part * scale)))
        low = lanes.add(low, error)
    return high, low


def _keeping_zero(lanes: Lanes, x: ir.Value, value: ir.Value) -> ir.Value:
    """The value, but x itself where it is zero, for its sign."""
    return lanes.select(lanes.compare("==", x, lanes.number(0.0)), x, value)


def _or_far(lanes: Lanes, name: str, x: ir.Value, near: ir.Value) -> ir.Value:
    limit = lanes.number(LIMIT)
    far = lanes.compare(">", lanes.abs(x), limit)
    return where_needed(lanes, far, near, lambda inside: each_lane(inside, name, inside.select(far, x, limit)))
