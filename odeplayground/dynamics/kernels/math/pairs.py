"""Numbers as unevaluated sums of two doubles, for the steps that need more than 53 bits.

T. J. Dekker, A floating-point technique for extending the available precision, Numerische Mathematik 18 (1971);
D. E. Knuth, The Art of Computer Programming, vol. 2, section 4.2.2.
"""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.vector import Lanes

Pair = tuple[ir.Value, ir.Value]
"""The value rounded to a double, and what is missing."""

_SPLITTER = 2.0**27 + 1


def two_sum(lanes: Lanes, a: ir.Value, b: ir.Value) -> Pair:
    """Sum a + b without error (Knuth)."""
    total = lanes.add(a, b)
    part = lanes.sub(total, a)
    return total, lanes.add(lanes.sub(a, lanes.sub(total, part)), lanes.sub(b, part))


def quick_two_sum(lanes: Lanes, a: ir.Value, b: ir.Value) -> Pair:
    """Sum a + b without error, if |a| >= |b| or a = 0 (Dekker)."""
    total = lanes.add(a, b)
    return total, lanes.sub(b, lanes.sub(total, a))


def two_product(lanes: Lanes, a: ir.Value, b: ir.Value) -> Pair:
    """Product a b without error. Without fused multiply-add, arguments stay below 2**996."""
    product = lanes.mul(a, b)
    return product, product_error(lanes, a, b, product)


def product_error(lanes: Lanes, a: ir.Value, b: ir.Value, product: ir.Value) -> ir.Value:
    """What a b exceeds its rounded ``product`` by."""
    if lanes.features.fma:
        return lanes.fma(a, b, lanes.neg(product))
    a_high, a_low = _split(lanes, a)
    b_high, b_low = _split(lanes, b)
    rest = lanes.sub(lanes.mul(a_high, b_high), product)
    rest = lanes.add(lanes.add(rest, lanes.mul(a_high, b_low)), lanes.mul(a_low, b_high))
    return lanes.add(rest, lanes.mul(a_low, b_low))


def _split(lanes: Lanes, a: ir.Value) -> Pair:
    scaled = lanes.mul(a, lanes.number(_SPLITTER))
    high = lanes.sub(scaled, lanes.sub(scaled, a))
    return high, lanes.sub(a, high)


def pair_product(lanes: Lanes, a: Pair, b: Pair) -> Pair:
    """Product of pairs, to about 2**-102."""
    high, low = two_product(lanes, a[0], b[0])
    return high, lanes.fma(a[0], b[1], lanes.fma(a[1], b[0], low))


def constant_pair(lanes: Lanes, high: float, low: float) -> Pair:
    """The same pair in all lanes."""
    return lanes.number(high), lanes.number(low)
