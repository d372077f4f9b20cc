"""Trigonometric functions of angles from 2**26 to the largest double.

M. H. Payne and R. N. Hanek, Radian reduction for trigonometric functions, SIGNUM Newsletter 18 (1983) 19-24: of the
product with 2/pi only the bits near the point matter, so only those of 2/pi that lead there are multiplied.
"""

from __future__ import annotations

from itertools import pairwise

from llvmlite import ir

from odeplayground.dynamics.kernels.math.pairs import Pair, quick_two_sum, two_product
from odeplayground.dynamics.kernels.math.quarter import quarter_cosine, quarter_sine, tangent_of_quarters
from odeplayground.dynamics.kernels.vector import F64, I64, Lanes

_I128 = ir.IntType(128)
_WORDS = 20
_TURN = 6.283185307179586
_TURN_REST = 2.4492935982947064e-16
"""Together 2 pi."""


def sine(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The sine of a scalar; NaN if infinite."""
    angle, quarter = _reduced(lanes, x)
    value = _wave(lanes, angle, quarter)
    return _with_sign_of(lanes, value, x)


def cosine(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The cosine of a scalar; NaN if infinite."""
    angle, quarter = _reduced(lanes, x)
    value = _wave(lanes, angle, lanes.builder.add(quarter, I64(1)))
    return lanes.builder.fadd(value, lanes.builder.fsub(x, x))


def tangent(lanes: Lanes, x: ir.Value) -> ir.Value:
    """The tangent of a scalar; NaN if infinite."""
    angle, quarter = _reduced(lanes, x)
    odd = lanes.splat(lanes.builder.trunc(quarter, ir.IntType(1)))
    return _with_sign_of(lanes, lanes.extract(tangent_of_quarters(lanes, angle, odd), 0), x)


def _wave(lanes: Lanes, angle: Pair, quarter: ir.Value) -> ir.Value:
    """The sine of the angle plus so many quarter turns."""
    builder = lanes.builder
    odd = lanes.splat(builder.trunc(quarter, ir.IntType(1)))
    value = lanes.extract(lanes.select(odd, quarter_cosine(lanes, *angle), quarter_sine(lanes, *angle)), 0)
    behind = builder.trunc(builder.lshr(quarter, I64(1)), ir.IntType(1))
    return builder.select(behind, builder.fneg(value), value)


def _with_sign_of(lanes: Lanes, value: ir.Value, x: ir.Value) -> ir.Value:
    """An odd function at x, from its value at |x|; NaN if x is infinite."""
    builder = lanes.builder
    negative = builder.fcmp_ordered("<", x, F64(0.0))
    signed = builder.select(negative, builder.fneg(value), value)
    return builder.fadd(signed, builder.fsub(x, x))


def _reduced(lanes: Lanes, x: ir.Value) -> tuple[Pair, ir.Value]:
    """|x| = quarter pi/2 + angle, |angle| <= pi/4: the angle as a pair of vectors, the quarter modulo 4."""
    builder = lanes.builder
    bits = builder.bitcast(x, I64)
    exponent = builder.and_(builder.lshr(bits, I64(52)), I64(0x7FF))
    mantissa = builder.or_(builder.and_(bits, I64(2**52 - 1)), I64(2**52))
    # |x| = mantissa 2**(exponent - 1075); of turns, |x|/(2 pi) = |x| (2/pi)/4, the whole ones are left away.
    turns = _fraction_of_turns(lanes, mantissa, builder.sub(exponent, I64(1075 + 2 - 64)))
    rounding = builder.add(turns, _I128(1 << 125))
    quarter = builder.lshr(rounding, _I128(126))
    rest = builder.sub(turns, builder.shl(quarter, _I128(126)))
    return _angle(lanes, rest), builder.trunc(quarter, I64)


def _fraction_of_turns(lanes: Lanes, mantissa: ir.Value, start: ir.Value) -> ir.Value:
    """The fraction of a product as 128 bits: of the mantissa, and of 2/pi from bit ``start`` on."""
    builder = lanes.builder
    table = _table(lanes.module)
    word, offset = builder.lshr(start, I64(6)), builder.and_(start, I64(63))
    words = [builder.load(builder.gep(table, [builder.add(word, I64(k))], source_etype=I64), typ=I64) for k in range(4)]
    high, middle, low = (_funnel(lanes, a, b, offset) for a, b in pairwise(words))
    factor = builder.zext(mantissa, _I128)
    carry = builder.lshr(builder.mul(factor, builder.zext(low, _I128)), _I128(64))
    sums = builder.add(builder.mul(factor, builder.zext(middle, _I128)), carry)
    return builder.add(builder.shl(builder.mul(factor, builder.zext(high, _I128)), _I128(64)), sums)


def _funnel(lanes: Lanes, high: ir.Value, low: ir.Value, places: ir.Value) -> ir.Value:
    """The upper word of two that are shifted left together."""
    kind = ir.FunctionType(I64, [I64, I64, I64])
    shift = lanes.module.globals.get("llvm.fshl.i64") or ir.Function(lanes.module, kind, "llvm.fshl.i64")
    return lanes.builder.call(shift, [high, low, places])


def _angle(lanes: Lanes, rest: ir.Value) -> Pair:
    """A signed fraction of a turn, in units of 2**-128, as an angle."""
    builder = lanes.builder
    negative = builder.icmp_signed("<", rest, _I128(0))
    size = builder.select(negative, builder.neg(rest), rest)
    zeros = builder.ctlz(size, ir.IntType(1)(0))
    normal = builder.shl(size, zeros)
    high = builder.trunc(builder.lshr(normal, _I128(75)), I64)
    low = builder.and_(builder.trunc(builder.lshr(normal, _I128(22)), I64), I64(2**53 - 1))
    power = builder.shl(builder.sub(I64(1023 - 53), builder.trunc(zeros, I64)), I64(52))
    unit = builder.bitcast(builder.select(negative, builder.or_(power, I64(-(2**63))), power), F64)
    a = lanes.splat(builder.fmul(builder.sitofp(high, F64), unit))
    b = lanes.splat(builder.fmul(builder.sitofp(low, F64), builder.fmul(unit, F64(2.0**-53))))
    product, error = two_product(lanes, a, lanes.number(_TURN))
    error = lanes.fma(b, lanes.number(_TURN), lanes.fma(a, lanes.number(_TURN_REST), error))
    return quick_two_sum(lanes, product, error)


def _table(module: ir.Module) -> ir.GlobalVariable:
    """A word of zeros and the bits of 2/pi, the highest first."""
    found = module.globals.get("two_over_pi")
    if found is None:
        bits = _two_over_pi(64 * (_WORDS - 1))
        words = [bits >> 64 * (_WORDS - 1 - k) & 0xFFFF_FFFF_FFFF_FFFF for k in range(_WORDS)]
        kind = ir.ArrayType(I64, _WORDS)
        found = ir.GlobalVariable(module, kind, "two_over_pi")
        found.initializer, found.global_constant, found.linkage = ir.Constant(kind, words), True, "internal"
    return found


def _two_over_pi(bits: int) -> int:
    """The whole part of 2**bits 2/pi, by Machin's formula pi/4 = 4 arctan(1/5) - arctan(1/239)."""
    unit = 1 << (bits + 64)
    pi = 4 * (4 * _arctangent_of_inverse(5, unit) - _arctangent_of_inverse(239, unit))
    return (2 * unit << bits) // pi


def _arctangent_of_inverse(n: int, unit: int) -> int:
    total, power, k = 0, unit // n, 1
    while power:
        total += power // k if k % 4 == 1 else -(power // k)
        power //= n * n
        k += 2
    return total
