"""Powers of two, by the bits of doubles."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.vector import Lanes

ROUNDING = 1.5 * 2.0**52
"""Adding it rounds a number below 2**51 to a whole one, which then stands in the lowest bits. Those of ``ROUNDING``
itself are zero in the lowest 51 places."""
ROUNDING_SINGLE = 1.5 * 2.0**23
"""The same for numbers of single precision, below 2**22."""


def rounded(lanes: Lanes, x: ir.Value, factor: float) -> tuple[ir.Value, ir.Value]:
    """Round x times a factor: as a whole number (the sum with ``ROUNDING``, whose low bits hold it; the number)."""
    rounding = lanes.number(ROUNDING if lanes.features.bits == 64 else ROUNDING_SINGLE)
    total = lanes.fma(x, lanes.number(factor), rounding)
    return total, lanes.sub(total, rounding)


def shifted(lanes: Lanes, total: ir.Value, places: int) -> ir.Value:
    """The whole number in the low bits of ``total``, times 2**places, as integer."""
    return lanes.builder.shl(lanes.as_integer(total), lanes.whole(places))


def times_power(lanes: Lanes, x: ir.Value, total: ir.Value) -> ir.Value:
    """Scale x by 2**q, for the whole number q in ``total``, where neither x nor the product leaves the normal range."""
    places = 52 if lanes.features.bits == 64 else 23
    return lanes.as_real(lanes.builder.add(lanes.as_integer(x), shifted(lanes, total, places)))


def times_any_power(lanes: Lanes, x: ir.Value, q: ir.Value) -> ir.Value:
    """Scale x near 1 by 2**q for whole |q| < 2000: in two steps, so that it reaches infinity and subnormals."""
    half = lanes.fma(q, lanes.number(0.5), lanes.number(ROUNDING))
    rest = lanes.add(lanes.sub(q, lanes.sub(half, lanes.number(ROUNDING))), lanes.number(ROUNDING))
    power = times_power(lanes, lanes.number(1.0), rest)
    return lanes.mul(times_power(lanes, x, half), power)
