"""Derivatives by the weights for each lane by itself, where sensitivities are wanted instead of a gradient."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index, integer
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes


def add_separately(module: ir.Module, features: Features) -> ir.Function:
    """``add_separately(g, x, sums, rows, columns, vectors)``.

    Adds g[m] x[k] to row m * columns + k of the sums, and behind these g[m] to a row for each bias.
    """
    kinds = [POINTER] * 3 + [I64] * 3
    return internal(module, features, "dense.add_separately", kinds, _add_separately)


def _add_separately(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    g, x, sums, rows, columns, vectors = arguments
    flow, builder = Flow(lanes), lanes.builder
    size = builder.mul(vectors, I64(lanes.width))

    def lane(v: Index) -> None:
        across = builder.mul(integer(v), I64(lanes.width))

        def at(row: ir.Value) -> ir.Value:
            return builder.add(builder.mul(row, size), across)

        def of_row(m: Index) -> None:
            factor = lanes.load(g, at(integer(m)))
            start = builder.mul(integer(m), columns)

            def of_column(k: Index) -> None:
                place = at(builder.add(start, integer(k)))
                value = lanes.fma(factor, lanes.load(x, at(integer(k))), lanes.load(sums, place))
                lanes.store(value, sums, place)

            flow.each(columns, of_column)
            bias = at(builder.add(builder.mul(rows, columns), integer(m)))
            lanes.store(lanes.add(lanes.load(sums, bias), factor), sums, bias)

        flow.each(rows, of_row)

    flow.each(vectors, lane)
