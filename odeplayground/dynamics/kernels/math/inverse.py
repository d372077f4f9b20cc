"""Inverse trigonometric functions; the reductions are those of fdlibm and Cephes, the polynomials our own minimax."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.math.library import function, polynomial
from odeplayground.dynamics.kernels.vector import Lanes

_HALF_PI = (1.5707963267948966, 6.123233995736766e-17)
_PI = (3.141592653589793, 1.2246467991473532e-16)

# (asin(x)/x - 1) / x**2 as a function of x**2, |x| <= 1/2; minimax for the error relative to the arcsine (2**-59.9).
_ARCSINE = (
    0.1666666666666676,
    0.07499999999970865,
    0.044642857174563136,
    0.030381942709733517,
    0.02237221494012302,
    0.017351612770765374,
    0.01398081235424467,
    0.011398973515003906,
    0.010779935710014683,
    0.003707522580386626,
    0.02170491081203286,
    -0.02099568557125696,
    0.03262662783533394,
)

# (atan(x)/x - 1) / x**2 as a function of x**2, |x| <= 1/2; minimax for the error relative to the arctangent (2**-61.9).
_ARCTANGENT = (
    -0.33333333333333315,
    0.19999999999993773,
    -0.14285714284999315,
    0.11111111070112978,
    -0.09090907707769061,
    0.07692277688838481,
    -0.06666225622848213,
    0.05877821114625261,
    -0.052300786387131155,
    0.04589662962807076,
    -0.037123383288164745,
    0.023661002631699887,
    -0.008369160726831311,
)


def _arcsine_parts(lanes: Lanes, size: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """(large, s, c): asin(size) is s + c where not large, i.e. up to 1/2, and pi/2 - 2 (s + c) beyond."""
    half = lanes.number(0.5)
    large = lanes.compare(">", size, half)
    square = lanes.select(large, lanes.fma(size, lanes.number(-0.5), half), lanes.mul(size, size))
    root = lanes.select(large, lanes.sqrt(square), size)
    return large, root, lanes.mul(lanes.mul(root, square), polynomial(lanes, square, _ARCSINE))


@function
def asin(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The arcsine within 2 ulp; NaN outside [-1, 1]."""
    large, root, rest = _arcsine_parts(lanes, lanes.abs(x))
    # The difference from pi/2 in the order that keeps roundings small against the result.
    first = lanes.fma(root, lanes.number(-2.0), lanes.number(_HALF_PI[0]))
    second = lanes.fma(rest, lanes.number(-2.0), lanes.number(_HALF_PI[1]))
    large_sum, small_sum = lanes.add(first, second), lanes.add(root, rest)
    return lanes.copysign(lanes.select(large, large_sum, small_sum), x)


@function
def acos(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The arccosine within 2 ulp; NaN outside [-1, 1]."""
    large, root, rest = _arcsine_parts(lanes, lanes.abs(x))
    negative = lanes.compare("<", x, lanes.number(0.0))
    angle = lanes.add(root, rest)
    twice = lanes.add(angle, angle)
    behind = lanes.sub(lanes.number(_PI[0]), lanes.sub(twice, lanes.number(_PI[1])))
    signed = lanes.copysign(angle, x)
    middle = lanes.sub(lanes.number(_HALF_PI[0]), lanes.sub(signed, lanes.number(_HALF_PI[1])))
    return lanes.select(large, lanes.select(negative, behind, twice), middle)


def _arctangent_of_ratio(lanes: Lanes, above: ir.Value, below: ir.Value) -> ir.Value:
    """The arctangent of above/below, both positive or zero, from an argument of at most 1/2.

    Below 1/2 it is the ratio itself; up to 2 it is (above - below)/(above + below), from pi/4; then -below/above,
    from pi/2. So each case costs one division, and its rounding is small against the result.
    """
    small = lanes.compare("<=", lanes.add(above, above), below)
    middle = lanes.compare("<", above, lanes.add(below, below))
    numerator = lanes.select(middle, lanes.sub(above, below), lanes.neg(below))
    denominator = lanes.select(middle, lanes.add(above, below), above)
    t = lanes.div(lanes.select(small, above, numerator), lanes.select(small, below, denominator))
    square = lanes.mul(t, t)
    correction = lanes.mul(lanes.mul(t, square), polynomial(lanes, square, _ARCTANGENT))
    first, second = (_chosen(lanes, small, middle, part) for part in _HALF_PI)
    return lanes.add(first, lanes.add(t, lanes.add(correction, second)))


def _chosen(lanes: Lanes, small: ir.Value, middle: ir.Value, part: float) -> ir.Value:
    beyond = lanes.select(middle, lanes.number(part * 0.5), lanes.number(part))
    return lanes.select(small, lanes.number(0.0), beyond)


@function
def atan(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The arctangent within 2 ulp."""
    return lanes.copysign(_arctangent_of_ratio(lanes, lanes.abs(x), lanes.number(1.0)), x)


@function
def atan2(lanes: Lanes, y: ir.Value, x: ir.Value) -> ir.Value:
    """The angle of the point (x, y) within 2 ulp, with the special cases of C's ``atan2``."""
    above, below = _manageable(lanes, lanes.abs(y), lanes.abs(x))
    angle = _arctangent_of_ratio(lanes, above, below)
    behind = lanes.sub(lanes.number(_PI[0]), lanes.sub(angle, lanes.number(_PI[1])))
    left = lanes.builder.icmp_signed("<", lanes.as_integer(x), lanes.whole(0))
    return lanes.copysign(lanes.select(left, behind, angle), y)


def _manageable(lanes: Lanes, above: ir.Value, below: ir.Value) -> tuple[ir.Value, ir.Value]:
    """The same ratio without overflow of the sum, and with 0/1 for 0/0 and 1/1 for two infinities."""
    zero, one, infinite = (lanes.number(value) for value in (0.0, 1.0, float("inf")))
    huge = lanes.either(
        lanes.compare(">", above, lanes.number(2.0**1000)), lanes.compare(">", below, lanes.number(2.0**1000))
    )
    scale = lanes.select(huge, lanes.number(2.0**-100), one)
    infinities = lanes.both(lanes.compare("==", above, infinite), lanes.compare("==", below, infinite))
    zeros = lanes.both(lanes.compare("==", above, zero), lanes.compare("==", below, zero))
    above = lanes.select(infinities, one, lanes.mul(above, scale))
    return above, lanes.select(lanes.either(infinities, zeros), one, lanes.mul(below, scale))
