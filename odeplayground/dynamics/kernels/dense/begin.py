"""The first point of the tape, and the first step of each lane."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.dense.point import evaluate
from odeplayground.dynamics.kernels.dense.slots import Block, Row, Setting, Slot
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import function
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

BEGIN = "dense.begin"
FEW = 1e-10
"""Mean squares in units of the tolerance that are as good as zero."""


def begin(module: ir.Module, features: Features) -> ir.Function:
    """``BEGIN(slots)``: states are in the first point. Lanes whose states or slopes are not finite end there."""
    return function(module, features, BEGIN, [POINTER], _begin)


def _begin(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    block = Block(lanes, arguments[0])
    zero = I64(0)
    z, k, h, s = (block.point(slot, zero) for slot in (Slot.Z, Slot.K, Slot.H, Slot.S))
    states, hidden = block.integer(Slot.STATES), block.integer(Slot.HIDDEN)
    block.flow.each(block.vectors, lambda v: block.set(Row.ENDING, v, lanes.number(0.0)))
    _mend(block, z, states)
    block.flow.each(block.vectors, lambda v: _clear_lost(block, z, states, v))
    lanes.builder.call(evaluate(lanes.module, lanes.features), [block.slots, z, h, s, k])
    _mend(block, k, states)

    def lane(v: Index) -> None:
        for array, rows in ((z, states), (k, states), (h, hidden), (s, hidden)):
            _clear_lost(block, array, rows, v)
        _first_step(block, z, k, v)

    block.flow.each(block.vectors, lane)
    block.put(Slot.STEPS, zero)
    block.put(Slot.NEXT, I64(1))


def _mend(block: Block, array: ir.Value, rows: ir.Value) -> None:
    """Note the lanes where a number is not finite."""
    lanes = block.lanes

    def lane(v: Index) -> None:
        def row(i: Index) -> None:
            bad = lanes.not_(lanes.is_finite(lanes.load(block.vector_of(array, i, v))))
            block.set(Row.ENDING, v, lanes.select(bad, lanes.number(Ending.UNDEFINED), block.get(Row.ENDING, v)))

        block.flow.each(rows, row)

    block.flow.each(block.vectors, lane)


def _clear_lost(block: Block, array: ir.Value, rows: ir.Value, v: Index) -> None:
    """Zeros in lanes that have ended, so that no NaN comes into sums over lanes."""
    lanes = block.lanes
    lost = lanes.compare(">", block.get(Row.ENDING, v), lanes.number(0.0))

    def row(i: Index) -> None:
        at = block.vector_of(array, i, v)
        lanes.store(lanes.select(lost, lanes.number(0.0), lanes.load(at)), at)

    block.flow.each(rows, row)


def _first_step(block: Block, z: ir.Value, k: ir.Value, v: Index) -> None:
    """A twentieth of the time in which the state changes by itself; a given one is kept."""
    lanes, flow = block.lanes, block.flow
    size, speed = flow.variable(lanes.number(0.0)), flow.variable(lanes.number(0.0))
    rtol, atol = block.setting(Setting.RTOL), block.setting(Setting.ATOL)

    def state(i: Index) -> None:
        y, slope = lanes.load(block.vector_of(z, i, v)), lanes.load(block.vector_of(k, i, v))
        scale = lanes.fma(rtol, lanes.abs(y), atol)
        a, b = lanes.div(y, scale), lanes.div(slope, scale)
        size.value = lanes.fma(a, a, size.value)
        speed.value = lanes.fma(b, b, speed.value)

    flow.each(block.integer(Slot.STATES), state)
    end, few, one = block.get(Row.END, v), lanes.number(FEW), lanes.number(1.0)
    rests = lanes.compare("<", speed.value, few)
    pace = lanes.select(rests, one, speed.value)
    lengths = lanes.at_least(lanes.number(0.04), size.value)  # at zero, in units of the tolerance
    h = lanes.mul(lanes.number(0.05), lanes.sqrt(lanes.div(lengths, pace)))
    h = lanes.select(rests, lanes.mul(lanes.number(1e-3), end), h)
    given = block.get(Row.STEP, v)
    h = lanes.select(lanes.compare(">", given, lanes.number(0.0)), given, h)
    block.set(Row.STEP, v, lanes.at_most(end, h))
    for row in (Row.T, Row.ACCEPTED, Row.TRIED, Row.FIRST):
        block.set(row, v, lanes.number(0.0))
