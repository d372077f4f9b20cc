"""One dense layer of a block of trajectories: y = W x + b, with sizes that are known at run time.

x and y hold a vector per feature, W the rows of the matrix one after the other. A tile of several rows keeps its sums
in registers, so that a vector of x is loaded once for all of them, and every multiply-add takes its weight from memory.
Each sum runs over the columns from first to last, whatever the tile, so that results do not depend on the width.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

SUMS = 8
"""Registers for sums: enough to keep two multiply-add units of latency four busy, and half of what x86 has."""


def register_width(features: Features) -> int:
    """Numbers in a register of the processor, which may be fewer than there are lanes."""
    flags = features.flags.split(",")
    doubles = 8 if "+avx512f" in flags else 4 if "+avx2" in flags else 2
    return doubles * 64 // features.bits


def tile_heights(features: Features) -> list[int]:
    """Rows per tile, from the highest on to 1; powers of two."""
    height = max(1, SUMS * register_width(features) // max(features.width, register_width(features)))
    return [height >> i for i in range(height.bit_length())]


def layer(module: ir.Module, features: Features) -> ir.Function:
    """``layer(weights, bias, x, y, rows, columns)``: pointers and 64-bit integers."""
    return internal(module, features, "network.layer", [POINTER] * 4 + [I64] * 2, _layer)


def _layer(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    flow, builder = Flow(lanes), lanes.builder
    rows = arguments[4]
    first: ir.Value = I64(0)
    for height in tile_heights(lanes.features):
        tiles = builder.sdiv(builder.sub(rows, first), I64(height))
        flow.each(tiles, partial(_tile, lanes, arguments, height, first))
        first = builder.add(first, builder.mul(tiles, I64(height)))


def _tile(lanes: Lanes, arguments: Sequence[ir.Value], height: int, first: ir.Value, number: Index) -> None:
    """The rows from ``first + height * number`` on."""
    weights, bias, x, y, _, columns = arguments
    flow, builder = Flow(lanes), lanes.builder
    begin = builder.add(first, builder.mul(number, I64(height)))
    rows = [builder.add(begin, I64(i)) for i in range(height)]
    starts = [lanes.address(weights, builder.mul(row, columns)) for row in rows]
    sums = [flow.variable(lanes.load_splat(bias, row)) for row in rows]

    def add_column(column: Index) -> None:
        vector = lanes.load(x, builder.mul(column, I64(lanes.width)))
        for start, total in zip(starts, sums, strict=True):
            total.value = lanes.fma(lanes.load_splat(start, column), vector, total.value)

    flow.each(columns, add_column)
    for row, total in zip(rows, sums, strict=True):
        lanes.store(total.value, y, builder.mul(row, I64(lanes.width)))
