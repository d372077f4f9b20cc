"""Signs, steps and remainders."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.math.far import each_lane
from odeplayground.dynamics.kernels.math.library import function, where_needed
from odeplayground.dynamics.kernels.math.pairs import two_product
from odeplayground.dynamics.kernels.vector import Lanes


@function
def sign(lanes: Lanes, x: ir.Value) -> ir.Value:
    """-1, 0 or 1; NaN stays (as ``numpy.sign``)."""
    return _three_ways(lanes, x, -1.0, 0.0)


@function
def heaviside(lanes: Lanes, x: ir.Value) -> ir.Value:
    """0 below zero, 1/2 at zero, 1 above; NaN stays."""
    return _three_ways(lanes, x, 0.0, 0.5)


def _three_ways(lanes: Lanes, x: ir.Value, below: float, at: float) -> ir.Value:
    zero = lanes.number(0.0)
    value = lanes.select(lanes.compare("==", x, zero), lanes.number(at), x)
    value = lanes.select(lanes.compare("<", x, zero), lanes.number(below), value)
    return lanes.select(lanes.compare(">", x, zero), lanes.number(1.0), value)


@function
def mod(lanes: Lanes, a: ir.Value, b: ir.Value) -> ir.Value:
    """The remainder a - b floor(a/b), exact but for one rounding where the signs differ (as ``numpy.mod``)."""
    zero, nan = lanes.number(0.0), lanes.number(float("nan"))
    possible = lanes.both(lanes.both(lanes.is_finite(a), lanes.compare("!=", b, zero)), lanes.not_(lanes.is_nan(b)))
    value = _remainder(lanes, a, b, possible)
    # Where the quotient was rounded up to a whole number, or not divided at all, the sign may differ from that of b.
    wrong = lanes.compare("<", lanes.mul(lanes.copysign(lanes.number(1.0), b), value), zero)
    value = lanes.select(wrong, lanes.add(value, b), value)
    value = lanes.select(lanes.compare("==", value, zero), lanes.copysign(zero, b), value)
    return lanes.select(possible, value, nan)


def _remainder(lanes: Lanes, a: ir.Value, b: ir.Value, possible: ir.Value) -> ir.Value:
    """Take a multiple of b from a: less than b in size, with the sign of either."""
    quotient = lanes.div(a, b)
    product, error = two_product(lanes, lanes.floor(quotient), b)
    near = lanes.sub(lanes.sub(a, product), error)
    less = lanes.compare("<", lanes.abs(a), lanes.abs(b))
    near = lanes.select(less, a, near)
    # Quotients beyond 2**52 have no exact floor; products near either end of the range are not exact.
    simple = lanes.both(lanes.compare("<", lanes.abs(quotient), lanes.number(2.0**52)), _moderate(lanes, a, b))
    far = lanes.both(possible, lanes.not_(lanes.either(less, simple)))
    one = lanes.number(1.0)
    x, y = lanes.select(far, a, one), lanes.select(far, b, one)
    return where_needed(lanes, far, near, lambda inside: each_lane(inside, "remainder", x, y))


def _moderate(lanes: Lanes, a: ir.Value, b: ir.Value) -> ir.Value:
    """Neither so large nor so small that a product or its error could leave the normal range."""
    small = lanes.compare(">", lanes.abs(b), lanes.number(2.0**-900))
    return lanes.both(small, lanes.compare("<", lanes.abs(a), lanes.number(2.0**900)))
