"""Logarithms: x = 2**k m with m in [sqrt(1/2), sqrt(2)), and log m as a series in (m - 1)/(m + 1), as in fdlibm."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.math.exponential import LN2_SHORT, LN2_SHORT_REST
from odeplayground.dynamics.kernels.math.library import function, polynomial
from odeplayground.dynamics.kernels.vector import Lanes

_HALF_ROOT = 0x3FE6A09E667F3BCD
"""The bits of sqrt(1/2)."""

# (log((1 + s)/(1 - s))/s - 2) / s**2 as a function of s**2, |s| <= 3 - sqrt(8); minimax (2**-59.5).
_SERIES = (
    0.6666666666666734,
    0.3999999999941665,
    0.2857142874202561,
    0.22222198605268423,
    0.18183562843500156,
    0.15314084952030327,
    0.14795633129263205,
)

# log10(e) and log10(2), each as a sum whose first part has few bits, so that its products are exact.
_LOG10_E = 0.4342944818781689
_LOG10_E_REST = 2.5082946711645275e-11
_LOG10_2 = 0.30102999566361177
_LOG10_2_REST = 3.694239077158931e-13


def mantissa_and_exponent(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Take x = m 2**k apart, for positive finite x: m in [sqrt(1/2), sqrt(2)) and k, as doubles; else anything."""
    builder = lanes.builder
    small = lanes.compare("<", x, lanes.number(2.0**-1022))
    normal = lanes.select(small, lanes.mul(x, lanes.number(2.0**54)), x)
    bits = builder.add(lanes.as_integer(normal), lanes.whole(0x3FF0000000000000 - _HALF_ROOT))
    mantissa = builder.and_(bits, lanes.whole(2**52 - 1))
    m = lanes.as_real(builder.add(mantissa, lanes.whole(_HALF_ROOT)))
    # The bits of 2**52 + field, from which the field is a subtraction away.
    field = lanes.as_real(builder.or_(builder.lshr(bits, lanes.whole(52)), lanes.whole(0x4330000000000000)))
    bias = lanes.select(small, lanes.number(2.0**52 + 1023 + 54), lanes.number(2.0**52 + 1023))
    return m, lanes.sub(field, bias)


def _parts(lanes: Lanes, x: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value, ir.Value]:
    """(f, h, r, k) with log x = k ln 2 + f - h + r, where f = m - 1 and h = f**2/2."""
    m, k = mantissa_and_exponent(lanes, x)
    f = lanes.sub(m, lanes.number(1.0))
    s = lanes.div(f, lanes.add(f, lanes.number(2.0)))
    square = lanes.mul(s, s)
    half = lanes.mul(lanes.mul(f, f), lanes.number(0.5))
    rest = lanes.mul(s, lanes.fma(square, polynomial(lanes, square, _SERIES), half))
    return f, half, rest, k


def _with_special_cases(lanes: Lanes, x: ir.Value, value: ir.Value) -> ir.Value:
    """-inf at zero, NaN below, infinity and NaN as they are."""
    infinite, zero = lanes.number(float("inf")), lanes.number(0.0)
    usual = lanes.both(lanes.compare(">", x, zero), lanes.compare("<", x, infinite))
    other = lanes.select(lanes.compare("<", x, zero), lanes.number(float("nan")), x)
    other = lanes.select(lanes.compare("==", x, zero), lanes.number(float("-inf")), other)
    return lanes.select(usual, value, other)


@function
def log(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The natural logarithm within 1 ulp."""
    f, half, rest, k = _parts(lanes, x)
    low = lanes.fma(k, lanes.number(LN2_SHORT_REST), rest)
    value = lanes.sub(lanes.mul(k, lanes.number(LN2_SHORT)), lanes.sub(lanes.sub(half, low), f))
    return _with_special_cases(lanes, x, value)


@function
def log10(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The decimal logarithm within 2 ulp. Sums in two parts as in FreeBSD's e_log10.c."""
    f, half, rest, k = _parts(lanes, x)
    # The upper 21 bits of the mantissa, so that their product with the short log10(e) is exact.
    high = lanes.as_real(lanes.builder.and_(lanes.as_integer(lanes.sub(f, half)), lanes.whole(-(2**32))))
    low = lanes.add(lanes.sub(lanes.sub(f, high), half), rest)
    main = lanes.mul(high, lanes.number(_LOG10_E))
    whole = lanes.mul(k, lanes.number(_LOG10_2))
    small = lanes.mul(lanes.add(low, high), lanes.number(_LOG10_E_REST))
    small = lanes.fma(low, lanes.number(_LOG10_E), lanes.fma(k, lanes.number(_LOG10_2_REST), small))
    total = lanes.add(whole, main)
    small = lanes.add(small, lanes.add(lanes.sub(whole, total), main))
    return _with_special_cases(lanes, x, lanes.add(small, total))
