"""Weighted sums of slopes, with the step of each lane."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Flow, Index
from odeplayground.dynamics.kernels.dense.slots import Block, Slot
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes


def combine(module: ir.Module, features: Features) -> ir.Function:
    """``combine(slots, target, base, h, weights, apart, terms, slopes)``.

    target = base + h sum over j of weights[j * apart] slopes[j], for so many blocks of states one after the other.
    """
    kinds = [POINTER] * 5 + [I64, I64, POINTER]
    return internal(module, features, "dense.combine", kinds, _combine)


def _combine(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, target, base, h, weights, apart, terms, slopes = arguments
    block, flow = Block(lanes, slots), Flow(lanes)
    vectors, size = block.vectors, block.state_size

    def place(row: Index, vector: Index) -> ir.Value:
        return block.times(block.plus(block.times(row, vectors), vector), lanes.width)

    def lane(vector: Index) -> None:
        step = lanes.load(h, block.times(vector, lanes.width))

        def state(row: Index) -> None:
            at = place(row, vector)
            total = flow.variable(lanes.number(0.0))

            def term(j: Index) -> None:
                weight = lanes.load_splat(weights, block.times(j, apart))
                slope = lanes.load(slopes, block.plus(block.times(j, size), at))
                total.value = lanes.fma(weight, slope, total.value)

            flow.each(terms, term)
            lanes.store(lanes.fma(step, total.value, lanes.load(base, at)), target, at)

        flow.each(block.integer(Slot.STATES), state)

    flow.each(vectors, lane)
