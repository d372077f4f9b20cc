"""Shared steps: the smallest of all lanes, judged by the mean of their errors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.dense.slots import Block, Row, Slot
from odeplayground.dynamics.kernels.vector import I64


def share_steps(block: Block) -> None:
    """Where steps are shared, give all lanes that run the smallest step."""
    builder = block.builder
    with _shared(block):
        scalar = block.lanes.scalar
        least = block.flow.variable(scalar(float("inf")))

        def lane(runs: ir.Value, lane: ir.Value) -> None:
            h = _number(block, Row.STEP, lane)
            less = builder.and_(runs, builder.fcmp_ordered("<", h, least.value))
            least.value = builder.select(less, h, least.value)

        _each_lane(block, lane)
        _spread(block, Row.STEP, least.value)


def share_errors(block: Block) -> None:
    """Where steps are shared, give all lanes the mean error of those that run."""
    builder, scalar = block.builder, block.lanes.scalar
    with _shared(block):
        total, count = block.flow.variable(scalar(0.0)), block.flow.variable(scalar(0.0))

        def lane(runs: ir.Value, lane: ir.Value) -> None:
            error = _number(block, Row.ERROR, lane)
            total.value = builder.select(runs, builder.fadd(total.value, error), total.value)
            count.value = builder.select(runs, builder.fadd(count.value, scalar(1.0)), count.value)

        _each_lane(block, lane)
        _spread(block, Row.ERROR, builder.fdiv(total.value, count.value))


def _shared(block: Block) -> AbstractContextManager[None]:
    return block.flow.when(block.builder.icmp_signed("!=", block.integer(Slot.SHARED), I64(0)))


def _number(block: Block, row: Row, lane: ir.Value) -> ir.Value:
    lanes = block.lanes
    return block.builder.load(lanes.address(block.row(row, 0), lane), align=lanes.size, typ=lanes.scalar)


def _each_lane(block: Block, body: Callable[[ir.Value, ir.Value], None]) -> None:
    """``body`` of whether it runs, and its number."""
    zero = block.lanes.scalar(0.0)

    def lane(number: Index) -> None:
        runs = block.builder.fcmp_ordered("==", _number(block, Row.ENDING, number), zero)
        body(runs, number)

    block.flow.each(block.row_size, lane)


def _spread(block: Block, row: Row, value: ir.Value) -> None:
    block.flow.each(block.vectors, lambda v: block.set(row, v, block.lanes.splat(value)))
