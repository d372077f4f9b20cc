"""Powers: x**y = e**(y log x), with the logarithm and the product as pairs of doubles.

The plan is that of SLEEF (N. Shibata and F. Petrogalli, IEEE Trans. Parallel Distrib. Syst. 31 (2020) 1316-1327).
"""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.kernels.math.exponential import LN2, LN2_REST, LN2_SHORT, LN2_SHORT_REST, near_exponential
from odeplayground.dynamics.kernels.math.library import function, polynomial
from odeplayground.dynamics.kernels.math.logarithm import mantissa_and_exponent
from odeplayground.dynamics.kernels.math.pairs import (
    Pair,
    constant_pair,
    pair_product,
    quick_two_sum,
    two_product,
)
from odeplayground.dynamics.kernels.math.scaling import rounded, times_any_power
from odeplayground.dynamics.kernels.vector import Lanes

# (log((1 + s)/(1 - s))/s - 2 - 2/3 s**2) / s**4 as a function of s**2, |s| <= 3 - sqrt(8); minimax (2**-66.3).
_SERIES = (
    0.40000000000002256,
    0.2857142857009966,
    0.222222225198942,
    0.18181784370783946,
    0.15386757113874294,
    0.1325682383233166,
    0.13196263652974213,
)
_TWO_THIRDS = (0.6666666666666666, 3.700743415417188e-17)


def _logarithm(lanes: Lanes, x: ir.Value) -> Pair:
    """The logarithm as a pair with a relative error of about 2**-64, for positive finite x."""
    m, k = mantissa_and_exponent(lanes, x)
    ratio = _ratio(lanes, m)
    square = pair_product(lanes, ratio, ratio)
    tail = lanes.mul(square[0], polynomial(lanes, square[0], _SERIES))
    third, third_rest = constant_pair(lanes, *_TWO_THIRDS)
    factor, error = quick_two_sum(lanes, third, tail)
    cubic = pair_product(lanes, pair_product(lanes, ratio, square), (factor, lanes.add(error, third_rest)))
    two = lanes.number(2.0)
    high, low = quick_two_sum(lanes, lanes.mul(ratio[0], two), cubic[0])
    low = lanes.add(low, lanes.fma(ratio[1], two, cubic[1]))
    whole, error = quick_two_sum(lanes, lanes.mul(k, lanes.number(LN2_SHORT)), high)
    low = lanes.add(lanes.fma(k, lanes.number(LN2_SHORT_REST), low), error)
    return quick_two_sum(lanes, whole, low)


def _ratio(lanes: Lanes, m: ir.Value) -> Pair:
    """(m - 1) / (m + 1) as a pair."""
    one = lanes.number(1.0)
    above = lanes.sub(m, one)
    below, below_rest = quick_two_sum(lanes, one, m)
    inverse = lanes.div(one, below)
    first = lanes.mul(above, inverse)
    product, error = two_product(lanes, first, below)
    left = lanes.sub(lanes.sub(lanes.sub(above, product), error), lanes.mul(first, below_rest))
    return first, lanes.mul(left, inverse)


def _size(lanes: Lanes, x: ir.Value, y: ir.Value) -> ir.Value:
    """x**y for positive finite x. Exponents beyond 1e20 give the same zero, one or infinity as 1e20."""
    y = lanes.at_most(lanes.number(1e20), lanes.at_least(lanes.number(-1e20), y))
    logarithm = _logarithm(lanes, x)
    high, low = two_product(lanes, logarithm[0], y)
    low = lanes.fma(logarithm[1], y, low)
    outside = lanes.compare(">", lanes.abs(high), lanes.number(800.0))
    low = lanes.select(outside, lanes.number(0.0), low)
    high = lanes.at_most(lanes.number(710.0), lanes.at_least(lanes.number(-746.0), high))
    _, q = rounded(lanes, high, 1 / math.log(2))
    r = _remainder(lanes, high, low, q)
    return times_any_power(lanes, near_exponential(lanes, r), q)


def _remainder(lanes: Lanes, high: ir.Value, low: ir.Value, q: ir.Value) -> ir.Value:
    """The remainder high + low - q ln 2, with an error of one rounding."""
    first, second = (LN2, LN2_REST) if lanes.features.fma else (LN2_SHORT, LN2_SHORT_REST)
    start = lanes.fma(q, lanes.number(-first), high)
    return lanes.add(start, lanes.fma(q, lanes.number(-second), low))


@function
def power(lanes: Lanes, x: ir.Value, y: ir.Value) -> ir.Value:
    """The power x**y within 2 ulp, with the special cases of C's ``pow`` (and so of ``numpy.power``)."""
    zero, one, infinite = (lanes.number(value) for value in (0.0, 1.0, float("inf")))
    size = lanes.abs(x)
    value = _size(lanes, size, y)
    grows = lanes.builder.xor(lanes.compare("==", size, zero), lanes.compare(">", y, zero))
    extreme = lanes.select(grows, infinite, zero)
    ordinary = lanes.both(lanes.compare(">", size, zero), lanes.compare("<", size, infinite))
    value = lanes.select(ordinary, value, extreme)
    value = _with_sign(lanes, x, y, value)
    value = lanes.select(lanes.either(lanes.is_nan(x), lanes.is_nan(y)), lanes.number(float("nan")), value)
    always_one = lanes.either(lanes.compare("==", y, zero), lanes.compare("==", x, one))
    return lanes.select(always_one, one, value)


def constant_power(lanes: Lanes, x: ir.Value, exponent: float) -> ir.Value | None:
    """A small constant power without logarithms, within 5 ulp; None for other exponents.

    Where it is the reciprocal of a product and subnormal, it may come out as zero.
    """
    if exponent in (-0.5, 0.5, 1.5):
        return _with_root(lanes, x, exponent)
    if exponent not in _PRODUCTS:
        return None
    product = _whole_power(lanes, x, abs(int(exponent)))
    return lanes.div(lanes.number(1.0), product) if exponent < 0 else product


_PRODUCTS = frozenset({-4, -3, -2, -1, 2, 3, 4, 5, 6, 7, 8})
"""Exponents that are written as products."""


def _whole_power(lanes: Lanes, x: ir.Value, exponent: int) -> ir.Value:
    if exponent == 1:
        return x
    half = _whole_power(lanes, x, exponent // 2)
    square = lanes.mul(half, half)
    return lanes.mul(square, x) if exponent % 2 else square


def _with_root(lanes: Lanes, x: ir.Value, exponent: float) -> ir.Value:
    infinite = lanes.number(float("inf"))
    # Unlike roots, powers of -0 are +0 and those of minus infinity infinite.
    base = lanes.select(lanes.compare("==", x, lanes.neg(infinite)), infinite, x)
    root = lanes.sqrt(lanes.add(base, lanes.number(0.0)))
    if exponent == 0.5:
        return root
    return lanes.div(lanes.number(1.0), root) if exponent < 0 else lanes.mul(lanes.abs(x), root)


def _with_sign(lanes: Lanes, x: ir.Value, y: ir.Value, size: ir.Value) -> ir.Value:
    """The power of a negative number, from that of its absolute value: NaN unless y is whole, negative if odd."""
    half = lanes.mul(y, lanes.number(0.5))
    whole = lanes.compare("==", lanes.floor(y), y)
    odd = lanes.both(whole, lanes.compare("!=", lanes.floor(half), half))
    value = lanes.select(odd, lanes.copysign(size, x), size)
    finite = lanes.compare(">", x, lanes.number(float("-inf")))
    impossible = lanes.both(lanes.both(lanes.compare("<", x, lanes.number(0.0)), finite), lanes.not_(whole))
    return lanes.select(impossible, lanes.number(float("nan")), value)
