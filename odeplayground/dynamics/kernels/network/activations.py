"""Activation functions of several vectors at once, and their derivatives.

All follow from one reduction, u = q ln(2)/2 + h with whole q and |h| <= ln(2)/4, and from e**(2h) = (B + h) / (B - h)
with B = h coth(h), which is a short polynomial in h**2. So a function costs one division, and two share it. They are
written operation by operation for all vectors, not vector by vector: the chains of dependent instructions are long,
and the processor looks ahead less far. Relative errors are below 1e-15 for the hyperbolic tangent, and for the others
below 1e-14 unless they are below 1e-17 themselves; the functions of ``kernels.math`` are more exact and slower.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llvmlite import ir

from odeplayground.dynamics.kernels.math.scaling import rounded, times_power
from odeplayground.dynamics.kernels.vector import Lanes
from odeplayground.spec import Activation

# h coth(h) as a function of h**2 for |h| <= ln(2)/4; interpolated at Chebyshev's nodes, relative error 2**-58.
COTH = (
    1.0,
    0.3333333333333332,
    -0.022222222222051523,
    0.002116402070919305,
    -0.00021163596843310663,
    2.121608335566044e-05,
)

# atanh(w)/w as a function of w**2 for |w| <= 1/3, in the same way; relative error 2**-57.
ATANH = (
    1.0,
    0.3333333333333333,
    0.20000000000007298,
    0.1428571428355253,
    0.11111111358900891,
    0.09090894708663223,
    0.07692785296456121,
    0.06657067775440581,
    0.06000577591428889,
    0.04400158825434387,
    0.08082469084735669,
)

# The same two for single precision; relative errors 2**-29 and 2**-28.
COTH_SINGLE = (1.0, 0.33333226, -0.0221272)
ATANH_SINGLE = (1.0, 0.33333161, 0.20012302, 0.13982512, 0.14079237)

ONE_TO_ROUNDING = 20.0
"""tanh is 1 to rounding from here on."""
NOTHING = 350.0
"""e**(-2u) is next to nothing from here on, and not yet subnormal."""
NOTHING_SINGLE = 43.0
"""The same for single precision."""

Vectors = Sequence[ir.Value]


def each(function: Callable[..., ir.Value], *vectors: Vectors) -> list[ir.Value]:
    """The function of the first vectors, of the second ones, ..."""
    return [function(*values) for values in zip(*vectors, strict=True)]


def polynomials(lanes: Lanes, xs: Vectors, coefficients: Sequence[float]) -> Vectors:
    """c_0 + c_1 x + c_2 x**2 + ... by Horner's scheme, which has the fewest operations."""
    totals: Vectors = [lanes.number(coefficients[-1])] * len(xs)
    for coefficient in reversed(coefficients[:-1]):
        number = lanes.number(coefficient)
        totals = [lanes.fma(total, x, number) for total, x in zip(totals, xs, strict=True)]
    return totals


@dataclass(frozen=True)
class Exponentials:
    """e**(2u) = scale (even + odd) / (even - odd), where ``scale`` may be in another unit than 1."""

    scale: Vectors
    even: Vectors
    odd: Vectors


def exponentials(lanes: Lanes, us: Vectors, low: float, high: float, unit: float = 1.0) -> Exponentials:
    """For u that are cut off at ``low`` and ``high``; NaN stays, in the odd part."""
    step = lanes.number(-math.log(2) / 2)
    us = [lanes.at_least(lanes.number(low), u) for u in us]
    us = [lanes.at_most(lanes.number(high), u) for u in us]
    wholes = [rounded(lanes, u, 2 / math.log(2)) for u in us]
    odd = [lanes.fma(q, step, u) for (_, q), u in zip(wholes, us, strict=True)]
    scale = [times_power(lanes, lanes.number(unit), total) for total, _ in wholes]
    coth = COTH if lanes.features.bits == 64 else COTH_SINGLE
    return Exponentials(scale, polynomials(lanes, each(lanes.mul, odd, odd), coth), odd)


def reciprocals(lanes: Lanes, values: Vectors) -> Vectors:
    """1/v of an even number of vectors, with one division for two: 1/a = b / (a b)."""
    first, second = values[::2], values[1::2]
    both = [lanes.div(lanes.number(1.0), product) for product in each(lanes.mul, first, second)]
    pairs = zip(each(lanes.mul, both, second), each(lanes.mul, both, first), strict=True)
    return [inverse for pair in pairs for inverse in pair]


def tanh(lanes: Lanes, xs: Vectors) -> Vectors:
    """The hyperbolic tangent, (e**2x - 1) / (e**2x + 1), with relative precision near 0, too."""
    half = lanes.number(0.5)
    e = exponentials(lanes, xs, -ONE_TO_ROUNDING, ONE_TO_ROUNDING, unit=0.5)
    excess = [lanes.sub(s, half) for s in e.scale]
    both = each(lanes.add, e.even, e.odd)
    above = each(lanes.fma, excess, both, e.odd)
    return each(lanes.mul, above, reciprocals(lanes, each(lanes.fma, excess, both, e.even)))


def logistic(lanes: Lanes, xs: Vectors) -> tuple[Vectors, Vectors]:
    """The functions e**x / (e**x + 1) and 1 / (e**x + 1), whose sum is 1."""
    halves = [lanes.mul(lanes.number(0.5), x) for x in xs]
    e = exponentials(lanes, halves, -_nothing(lanes), ONE_TO_ROUNDING)
    both, difference = each(lanes.add, e.even, e.odd), each(lanes.sub, e.even, e.odd)
    inverses = reciprocals(lanes, each(lanes.fma, e.scale, both, difference))
    return each(lanes.mul, each(lanes.mul, e.scale, both), inverses), each(lanes.mul, difference, inverses)


def silu(lanes: Lanes, xs: Vectors) -> Vectors:
    """The function x logistic(x)."""
    return each(lanes.mul, _not_below(lanes, xs), logistic(lanes, xs)[0])


def _not_below(lanes: Lanes, xs: Vectors) -> Vectors:
    """Cut off where the logistic function is."""
    return [lanes.at_least(lanes.number(-2 * _nothing(lanes)), x) for x in xs]


def _nothing(lanes: Lanes) -> float:
    return NOTHING if lanes.features.bits == 64 else NOTHING_SINGLE


def softplus(lanes: Lanes, xs: Vectors) -> Vectors:
    """log(1 + e**x) = max(x, 0) + log(1 + y) with y = e**-|x|, and log(1 + y) = 2 atanh(y / (2 + y))."""
    two, zero = lanes.number(2.0), lanes.number(0.0)
    atanh_series = ATANH if lanes.features.bits == 64 else ATANH_SINGLE
    halves = [lanes.mul(lanes.number(-0.5), lanes.abs(x)) for x in xs]
    e = exponentials(lanes, halves, -_nothing(lanes), 0.0)
    above = each(lanes.mul, e.scale, each(lanes.add, e.even, e.odd))
    differences = each(lanes.sub, e.even, e.odd)
    below = [lanes.fma(two, difference, y) for difference, y in zip(differences, above, strict=True)]
    ratios = each(lanes.mul, above, reciprocals(lanes, below))
    atanhs = each(lanes.mul, ratios, polynomials(lanes, each(lanes.mul, ratios, ratios), atanh_series))
    return [lanes.fma(two, atanh, lanes.at_least(zero, x)) for atanh, x in zip(atanhs, xs, strict=True)]


def tanh_slope(lanes: Lanes, xs: Vectors) -> tuple[Vectors, Vectors]:
    """Values, and slopes 1 - tanh**2."""
    values = tanh(lanes, xs)
    return values, [lanes.fma(lanes.neg(v), v, lanes.number(1.0)) for v in values]


def silu_slope(lanes: Lanes, xs: Vectors) -> tuple[Vectors, Vectors]:
    """Values, and slopes s (1 + x (1 - s)) for the logistic function s."""
    one, most = lanes.number(1.0), lanes.number(2 * ONE_TO_ROUNDING)
    logistics, rests = logistic(lanes, xs)
    xs = _not_below(lanes, xs)
    factors = [lanes.fma(lanes.at_most(most, x), rest, one) for x, rest in zip(xs, rests, strict=True)]
    return each(lanes.mul, xs, logistics), each(lanes.mul, logistics, factors)


def softplus_slope(lanes: Lanes, xs: Vectors) -> tuple[Vectors, Vectors]:
    """Values, and slopes, which are the logistic function."""
    return softplus(lanes, xs), logistic(lanes, xs)[0]


Values = Callable[[Lanes, Vectors], Vectors]
Slopes = Callable[[Lanes, Vectors], tuple[Vectors, Vectors]]

ACTIVATIONS: dict[Activation, tuple[Values, Slopes]] = {
    Activation.TANH: (tanh, tanh_slope),
    Activation.SILU: (silu, silu_slope),
    Activation.SOFTPLUS: (softplus, softplus_slope),
}
"""Each activation alone, and with its derivative; of an even number of vectors."""
