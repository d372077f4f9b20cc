"""Powers good to four digits, for step sizes: short polynomials and the bits of doubles, no function calls."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.vector import Lanes

LOG2 = (
    2.443438720245439e-06,
    1.4424535262105997,
    -0.7173127802648079,
    0.454508492199418,
    -0.2726975648521658,
    0.1176130840660221,
    -0.024568534745087942,
)
"""The logarithm of 1 + x for x in [0, 1]: Chebyshev interpolation, wrong by at most 2.5e-6."""
EXP2 = (0.9999999999999997, 0.6931210452034274, 0.24022349038021354, 0.05592197584225338, 0.009666368515338686)
"""2^x for x in [-1/2, 1/2]: Chebyshev interpolation, wrong by at most 3.5e-6."""
_TWO_52 = 2.0**52


def power(lanes: Lanes, base: ir.Value, exponent: float) -> ir.Value:
    """base^exponent for positive, normal base and moderate exponent. Never traps; of other bases, it is any number."""
    return _exp2(lanes, lanes.mul(lanes.number(exponent), _log2(lanes, base)))


def _log2(lanes: Lanes, x: ir.Value) -> ir.Value:
    builder = lanes.builder
    bits = lanes.as_integer(x)
    # The exponent, made a double by placing it in the fraction of 2^52.
    raised = builder.or_(builder.lshr(bits, lanes.whole(52)), lanes.whole(0x433 << 52))
    exponent = lanes.sub(lanes.as_real(raised), lanes.number(_TWO_52 + 1023))
    fraction = builder.or_(builder.and_(bits, lanes.whole((1 << 52) - 1)), lanes.whole(1023 << 52))
    return lanes.add(exponent, _polynomial(lanes, lanes.sub(lanes.as_real(fraction), lanes.number(1.0)), LOG2))


def _exp2(lanes: Lanes, x: ir.Value) -> ir.Value:
    builder = lanes.builder
    x = lanes.at_most(lanes.number(1000.0), lanes.at_least(lanes.number(-1000.0), x))
    whole = lanes.rint(x)
    # The other way round: the low bits of 2^52 + n are those of n.
    shifted = lanes.as_integer(lanes.add(whole, lanes.number(_TWO_52 + 1023)))
    scale = lanes.as_real(builder.shl(shifted, lanes.whole(52)))
    return lanes.mul(scale, _polynomial(lanes, lanes.sub(x, whole), EXP2))


def _polynomial(lanes: Lanes, x: ir.Value, coefficients: Sequence[float]) -> ir.Value:
    value = lanes.number(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        value = lanes.fma(value, x, lanes.number(coefficient))
    return value
