"""Powers good to four digits, for step sizes: short polynomials and the bits of doubles, no function calls."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.math.library import paired
from odeplayground.dynamics.kernels.math.scaling import ROUNDING, shifted
from odeplayground.dynamics.kernels.vector import Lanes

_LOG2 = (
    1.6514670883482907e-05,
    1.4414924117615442,
    -0.7064864491337192,
    0.40947029869767,
    -0.1874886045893689,
    0.043004957791727826,
)
"""The logarithm of 1 + x for x in [0, 1]: Chebyshev interpolation, wrong by at most 1.7e-5."""
_EXP2 = (0.9999245569508709, 0.6931367338836223, 0.24263947854625822, 0.0558382829462154)
"""2^x for x in [-1/2, 1/2]: Chebyshev interpolation, wrong by at most 8.1e-5."""
_TWO_52 = 2.0**52


def power(lanes: Lanes, base: ir.Value, exponent: float) -> ir.Value:
    """base^exponent for positive, normal base and moderate exponent. Never traps; of other bases, it is any number."""
    x = lanes.mul(lanes.number(exponent), log2(lanes, base))
    return exp2(lanes, lanes.at_most(lanes.number(1000.0), lanes.at_least(lanes.number(-1000.0), x)))


def log2(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The logarithm to base 2 of positive, normal numbers. Never traps; of others, it is any number."""
    builder = lanes.builder
    bits = lanes.as_integer(x)
    # The exponent, made a double by placing it in the fraction of 2^52.
    raised = builder.or_(builder.lshr(bits, lanes.whole(52)), lanes.whole(0x433 << 52))
    exponent = lanes.sub(lanes.as_real(raised), lanes.number(_TWO_52 + 1023))
    fraction = builder.or_(builder.and_(bits, lanes.whole((1 << 52) - 1)), lanes.whole(1023 << 52))
    return lanes.add(exponent, paired(lanes, lanes.sub(lanes.as_real(fraction), lanes.number(1.0)), _LOG2))


def exp2(lanes: Lanes, x: ir.Value) -> ir.Value:
    """2^x for |x| <= 1000. Never traps; of others, it is any number."""
    # Adding it rounds to a whole number, whose bits then are the lowest.
    rounding = lanes.number(ROUNDING + 1023)
    total = lanes.add(x, rounding)
    scale = lanes.as_real(shifted(lanes, total, 52))
    return lanes.mul(scale, paired(lanes, lanes.sub(x, lanes.sub(total, rounding)), _EXP2))
