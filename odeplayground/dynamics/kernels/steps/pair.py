"""Two linear equations, one matrix per lane, by the inverse: no pivots, no branches, half the waiting.

Each entry of the inverse is right up to a few roundings, since the determinant is computed by Kahan's formula
(Jeannerod, Louvet, Muller 2013), so that solutions are as good as those of elimination with pivots.
"""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.vector import Lanes


def write_inverse(frame: Frame) -> None:
    """Replace the block ``matrix`` by its inverse. A singular matrix leads to numbers that are not finite."""
    lanes, work = frame.lanes, frame.work
    a, b, c, d = (work.load("matrix", place) for place in range(4))
    reciprocal = lanes.div(lanes.number(1.0), _determinant(lanes, a, b, c, d))
    minus = lanes.neg(reciprocal)
    factors = ((d, reciprocal), (b, minus), (c, minus), (a, reciprocal))
    for place, (entry, factor) in enumerate(factors):
        work.store("matrix", lanes.mul(entry, factor), place)


def write_product(frame: Frame, block: str, row: int) -> None:
    """Replace the right-hand side, two vectors from ``row`` of the block on, by the solution."""
    lanes, work = frame.lanes, frame.work
    first, second = work.load(block, 0, row), work.load(block, 1, row)
    for i in range(2):
        left, right = work.load("matrix", 2 * i), work.load("matrix", 2 * i + 1)
        work.store(block, lanes.fma(left, first, lanes.mul(right, second)), i, row)


def _determinant(lanes: Lanes, a: ir.Value, b: ir.Value, c: ir.Value, d: ir.Value) -> ir.Value:
    """The determinant a d - b c: with fused operations the second product's rounding error is known and taken back."""
    product = lanes.mul(b, c)
    error = lanes.fma(lanes.neg(b), c, product)
    return lanes.add(lanes.fma(a, d, lanes.neg(product)), error)
