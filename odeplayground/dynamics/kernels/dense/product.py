"""Products of matrices with sizes and strides that are known at run time.

The one micro-kernel that layers, their transposes and the derivatives of the weights share. A tile of several rows of
C keeps its sums in registers: a vector of B is loaded once for all of them, a number of A once for a whole vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes


def product(module: ir.Module, features: Features) -> ir.Function:
    """``product(A, row, column, B, B_row, C, C_row, bias, rows, columns, vectors, more)``.

    C[m, j] = bias[m] + sum over k of A[m * row + k * column] B[k * B_row + j], for ``rows`` rows m, ``columns``
    columns k, and ``vectors`` vectors j. With ``more`` the sum is added to C, and there is no bias.
    """
    kinds = [POINTER, I64, I64, POINTER, I64, POINTER, I64, POINTER, I64, I64, I64, I64]
    return internal(module, features, "dense.product", kinds, _product)


def heights(features: Features) -> tuple[int, ...]:
    """Rows per tile: as many as registers hold, at two for each row."""
    return (12, 6, 4, 2, 1) if "+avx512f" in features.flags.split(",") else (6, 4, 2, 1)


def _product(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    flow, builder = Flow(lanes), lanes.builder
    rows, vectors = arguments[8], arguments[10]
    first: ir.Value = I64(0)
    for height in heights(lanes.features):
        tiles = builder.sdiv(builder.sub(rows, first), I64(height))

        def panel(vector: Index, height: int = height, first: ir.Value = first, tiles: ir.Value = tiles) -> None:
            flow.each(tiles, partial(_tile, lanes, arguments, height, first, vector))

        flow.each(vectors, panel)
        first = builder.add(first, builder.mul(tiles, I64(height)))


def _tile(
    lanes: Lanes, arguments: Sequence[ir.Value], height: int, first: ir.Value, vector: Index, number: Index
) -> None:
    a, a_row, a_column, b, b_row, c, c_row, bias, _, columns, _, more = arguments
    flow, builder = Flow(lanes), lanes.builder
    begin = builder.add(first, builder.mul(number, I64(height)))
    rows = [builder.add(begin, I64(i)) for i in range(height)]
    across = builder.mul(vector, I64(lanes.width))
    starts = [lanes.address(a, builder.mul(row, a_row)) for row in rows]
    targets = [lanes.address(c, builder.add(builder.mul(row, c_row), across)) for row in rows]
    sums = [flow.variable(lanes.number(0.0)) for _ in rows]
    with builder.if_else(builder.icmp_signed("!=", more, I64(0))) as (adding, fresh):
        with adding:
            for total, target in zip(sums, targets, strict=True):
                total.value = lanes.load(target)
        with fresh:
            for total, row in zip(sums, rows, strict=True):
                total.value = lanes.load_splat(bias, row)
    place, column = flow.variable(across), flow.variable(I64(0))

    def add(_: Index) -> None:
        values = lanes.load(b, place.value)
        for start, total in zip(starts, sums, strict=True):
            total.value = lanes.fma(lanes.load_splat(start, column.value), values, total.value)
        place.value = builder.add(place.value, b_row)
        column.value = builder.add(column.value, a_column)

    flow.each(columns, add)
    for total, target in zip(sums, targets, strict=True):
        lanes.store(total.value, target)
