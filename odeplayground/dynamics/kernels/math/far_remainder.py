"""The remainder of a division whose quotient has more than 52 bits: long division of whole numbers."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.vector import F64, I64, Lanes

_DIGIT = 11
"""Bits per step of the division: what a 64-bit word has besides a mantissa."""


def remainder(lanes: Lanes, a: ir.Value, b: ir.Value) -> ir.Value:
    """|a| modulo |b| for scalars, exact, with the sign of a. Both are finite, and b is not zero."""
    builder = lanes.builder
    size_a, size_b = _size(builder, a), _size(builder, b)
    mantissa_a, exponent_a = _parts(builder, size_a)
    mantissa_b, exponent_b = _parts(builder, size_b)
    rest = _long_division(builder, mantissa_a, mantissa_b, builder.sub(exponent_a, exponent_b))
    value = _assembled(builder, rest, exponent_b)
    negative = builder.fcmp_ordered("<", a, F64(0.0))
    return builder.select(negative, builder.fneg(value), value)


def _size(builder: ir.IRBuilder, x: ir.Value) -> ir.Value:
    return builder.and_(builder.bitcast(x, I64), I64(2**63 - 1))


def _parts(builder: ir.IRBuilder, bits: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Mantissa and exponent field (1 for subnormals, as for the smallest normal numbers)."""
    field = builder.lshr(bits, I64(52))
    fraction = builder.and_(bits, I64(2**52 - 1))
    normal = builder.icmp_unsigned("!=", field, I64(0))
    mantissa = builder.select(normal, builder.or_(fraction, I64(2**52)), fraction)
    return mantissa, builder.select(normal, field, I64(1))


def _long_division(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, places: ir.Value) -> ir.Value:
    """The remainder of a 2**places by b; of a by b if places is negative."""
    before = builder.block
    first = builder.urem(a, b)
    head, body, after = (builder.append_basic_block() for _ in range(3))
    builder.branch(head)
    builder.position_at_end(head)
    rest, left = builder.phi(I64), builder.phi(I64)
    builder.cbranch(builder.icmp_signed(">", left, I64(0)), body, after)
    builder.position_at_end(body)
    digit = builder.select(builder.icmp_signed("<", left, I64(_DIGIT)), left, I64(_DIGIT))
    next_rest, next_left = builder.urem(builder.shl(rest, digit), b), builder.sub(left, digit)
    builder.branch(head)
    for phi, start, following in ((rest, first, next_rest), (left, places, next_left)):
        phi.add_incoming(start, before)
        phi.add_incoming(following, body)
    builder.position_at_end(after)
    return rest


def _assembled(builder: ir.IRBuilder, mantissa: ir.Value, exponent: ir.Value) -> ir.Value:
    """The double with this mantissa, below 2**53, and exponent field: exact, so the product below does not round."""
    high = builder.icmp_signed(">", exponent, I64(1022))
    # Two factors, since 2**(exponent - 1075) alone would be subnormal for small exponents.
    shift = builder.select(high, I64(1075 - 1023), I64(0))
    power = builder.bitcast(builder.shl(builder.sub(exponent, shift), I64(52)), F64)
    scale = builder.select(high, F64(1.0), F64(2.0**-52))
    return builder.fmul(builder.fmul(builder.sitofp(mantissa, F64), power), scale)
