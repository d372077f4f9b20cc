"""Blocks [row, lane] as [lane, row], so that sums over lanes become products of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.network.matrix import register_width
from odeplayground.dynamics.kernels.vector import I32, I64, POINTER, Lanes


def transpose(module: ir.Module, features: Features) -> ir.Function:
    """``transpose(x, lanes, y, padded)``: y[lane, row] = x[row, lane].

    ``padded`` is the number of rows, rounded up to registers; what stands behind the last row of x is read as well.
    """
    return internal(module, features, "dense.transpose", [POINTER, I64, POINTER, I64], _transpose)


def _transpose(wide: Lanes, arguments: Sequence[ir.Value]) -> None:
    size = register_width(wide.features)
    lanes = Lanes(wide.builder, wide.module, replace(wide.features, width=size))
    x, across, y, down = arguments
    flow, builder = Flow(lanes), lanes.builder

    def tile(i: Index, j: Index) -> None:
        row, lane = builder.mul(integer(i), I64(size)), builder.mul(integer(j), I64(size))
        place = [builder.add(builder.mul(builder.add(row, I64(k)), across), lane) for k in range(size)]
        rows = _swapped(lanes, [lanes.load(x, p) for p in place])
        for k, values in enumerate(rows):
            lanes.store(values, y, builder.add(builder.mul(builder.add(lane, I64(k)), down), row))

    def rows(i: Index) -> None:
        flow.each(builder.sdiv(across, I64(size)), lambda j: tile(i, j))

    flow.each(builder.sdiv(down, I64(size)), rows)


def _swapped(lanes: Lanes, rows: list[ir.Value]) -> list[ir.Value]:
    """The transpose of a square of registers: halves change places, then halves of halves, and so on."""
    size = len(rows)
    half = size // 2
    while half:
        low = [k if not k & half else size + k - half for k in range(size)]
        high = [k + half if not k & half else size + k for k in range(size)]
        for i in range(size):
            if not i & half:
                a, b = rows[i], rows[i + half]
                rows[i], rows[i + half] = _shuffle(lanes, a, b, low), _shuffle(lanes, a, b, high)
        half //= 2
    return rows


def _shuffle(lanes: Lanes, a: ir.Value, b: ir.Value, order: list[int]) -> ir.Value:
    mask = ir.Constant(ir.VectorType(I32, len(order)), [I32(k) for k in order])
    return lanes.builder.shuffle_vector(a, b, mask)
