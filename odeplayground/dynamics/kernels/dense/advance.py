"""The way forth: steps of a block of trajectories, written on the tape.

All lanes are worked on together, each with a time and a step of its own, or with shared steps. Lanes that have ended,
and those whose step was refused, rest: their step is zero, and nothing comes back from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.control import Flow, Index
from odeplayground.dynamics.kernels.dense.combine import combine
from odeplayground.dynamics.kernels.dense.outputs import write_outputs
from odeplayground.dynamics.kernels.dense.point import evaluate
from odeplayground.dynamics.kernels.dense.rate import bound_steps
from odeplayground.dynamics.kernels.dense.slots import ERROR, STAGES, Block, Plane, Row, Setting, Slot
from odeplayground.dynamics.kernels.dense.together import share_errors, share_steps
from odeplayground.dynamics.kernels.features import Features
from odeplayground.dynamics.kernels.network.functions import function, internal
from odeplayground.dynamics.kernels.vector import I64, POINTER, Lanes

ADVANCE = "dense.advance"
DONE, FULL = 0, 1
"""What the code answers: all lanes have ended; the tape is full."""


def advance(module: ir.Module, features: Features) -> ir.Function:
    """``ADVANCE(slots)``: steps until all lanes have ended or the tape is full."""
    return function(module, features, ADVANCE, [POINTER], _advance)


def _advance(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    block, builder, flow = Block(lanes, arguments[0]), lanes.builder, Flow(lanes)
    recording = builder.icmp_signed("!=", block.integer(Slot.RECORD), I64(0))
    routines = [write(lanes.module, lanes.features) for write in (_choose, _stages, _judge, _mend)]
    choose, stages, judge, mend = routines
    outputs = write_outputs(lanes.module, lanes.features)
    call, slots = builder.call, block.slots
    with flow.loop() as loop:
        running = flow.variable(I64(0))

        def look(v: Index) -> None:
            runs = lanes.compare("==", block.get(Row.ENDING, v), lanes.number(0.0))
            running.value = builder.or_(running.value, builder.zext(lanes.any(runs), I64))

        running.value = I64(0)
        flow.each(block.vectors, look)
        block.put(Slot.ANSWER, I64(DONE))
        loop.leave_if(builder.icmp_signed("==", running.value, I64(0)))
        step = block.integer(Slot.STEPS)
        block.put(Slot.ANSWER, I64(FULL))
        loop.leave_if(builder.icmp_signed(">=", step, block.integer(Slot.CAPACITY)))
        kept = builder.select(recording, step, I64(0))
        point = builder.mul(kept, I64(STAGES))
        call(choose, [slots, kept])
        call(stages, [slots, kept, point])
        call(judge, [slots, kept, point])
        loop.again_if(builder.icmp_signed("==", block.integer(Slot.ANSWER), I64(0)))
        call(mend, [slots, point])
        call(outputs, [slots, kept, point])
        with builder.if_else(recording) as (on, off):
            with on:
                block.put(Slot.STEPS, builder.add(step, I64(1)))
            with off:
                _copy_last(block)
        call(bound_steps(lanes.module, lanes.features), [slots, builder.select(recording, point, I64(-STAGES))])


def _copy_last(block: Block) -> None:
    """Without a tape the end of the step takes the place of its begin."""
    lanes = block.lanes
    count = block.builder.sdiv(block.state_size, I64(lanes.width))
    for slot in (Slot.Z, Slot.K):
        source, target = block.point(slot, STAGES), block.pointer(slot)

        def vector(i: Index, source: ir.Value = source, target: ir.Value = target) -> None:
            place = block.times(i, lanes.width)
            lanes.store(lanes.load(source, place), target, place)

        block.flow.each(count, vector)


def _choose(module: ir.Module, features: Features) -> ir.Function:
    """``choose(slots, step)``: where the step begins and how long it is, in each lane."""
    return internal(module, features, "dense.choose", [POINTER, I64], _write_choose)


def _write_choose(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    block, step = Block(lanes, arguments[0]), arguments[1]
    share_steps(block)

    def lane(v: Index) -> None:
        t, end, h = (block.get(row, v) for row in (Row.T, Row.END, Row.STEP))
        rest = lanes.sub(end, t)
        # Nothing is left over for a step that is next to nothing.
        h = lanes.select(lanes.compare(">=", lanes.mul(h, lanes.number(1.00001)), rest), rest, h)
        runs = lanes.compare("==", block.get(Row.ENDING, v), lanes.number(0.0))
        h = lanes.select(runs, h, lanes.number(0.0))
        lanes.store(t, block.vector_of(block.pointer(Slot.STEP_T), step, v))
        lanes.store(h, block.vector_of(block.pointer(Slot.STEP_H), step, v))

    block.flow.each(block.vectors, lane)


def _stages(module: ir.Module, features: Features) -> ir.Function:
    """``stages(slots, step, point)``: the points of the step, the last being where it ends; and its error."""
    return internal(module, features, "dense.stages", [POINTER, I64, I64], _write_stages)


def _write_stages(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, step, point = arguments
    block, builder = Block(lanes, slots), lanes.builder
    add, compute = combine(lanes.module, lanes.features), evaluate(lanes.module, lanes.features)
    h = lanes.address(block.pointer(Slot.STEP_H), block.times(step, block.row_size))
    base, slopes, tableau = block.point(Slot.Z, point), block.point(Slot.K, point), block.pointer(Slot.TABLEAU)

    def stage(i: Index) -> None:
        number = builder.add(point, i)
        z, hidden, s, k = (block.point(slot, number) for slot in (Slot.Z, Slot.H, Slot.S, Slot.K))
        weights = lanes.address(tableau, block.times(i, 7))
        builder.call(add, [slots, z, base, h, weights, I64(1), i, slopes])
        builder.call(compute, [slots, z, hidden, s, k])

    block.flow.each(STAGES + 1, stage, start=1)
    error, nothing = block.plane(Plane.ERROR), block.plane(Plane.NOTHING)
    weights = lanes.address(tableau, ERROR)
    builder.call(add, [slots, error, nothing, h, weights, I64(1), I64(7), slopes])


def _judge(module: ir.Module, features: Features) -> ir.Function:
    """``judge(slots, step, point)``: which lanes have made their step, and the next one. Answers whether any has."""
    return internal(module, features, "dense.judge", [POINTER, I64, I64], _write_judge)


def _write_judge(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, step, point = arguments
    block, builder, flow = Block(lanes, slots), lanes.builder, Flow(lanes)
    flow.each(block.vectors, lambda v: _measure(block, point, v))
    share_errors(block)
    moved = flow.variable(I64(0))

    def lane(v: Index) -> None:
        accepted = _accept(block, step, v)
        moved.value = builder.or_(moved.value, builder.zext(lanes.any(accepted), I64))

    flow.each(block.vectors, lane)
    block.put(Slot.ANSWER, moved.value)


def _measure(block: Block, point: ir.Value, v: Index) -> None:
    lanes = block.lanes
    total = block.flow.variable(lanes.number(0.0))
    states, rtol, atol = block.integer(Slot.STATES), block.setting(Setting.RTOL), block.setting(Setting.ATOL)
    old, new, error = (
        block.point(Slot.Z, point),
        block.point(Slot.Z, block.plus(point, STAGES)),
        block.plane(Plane.ERROR),
    )

    def state(i: Index) -> None:
        a, b, e = (lanes.load(block.vector_of(array, i, v)) for array in (old, new, error))
        size = lanes.max(lanes.abs(a), lanes.abs(b))
        ratio = lanes.div(e, lanes.fma(rtol, size, atol))
        total.value = lanes.fma(ratio, ratio, total.value)

    block.flow.each(states, state)
    count = lanes.splat(block.builder.sitofp(states, lanes.scalar))
    block.set(Row.ERROR, v, lanes.div(total.value, count))


def _accept(block: Block, step: ir.Value, v: Index) -> ir.Value:
    lanes = block.lanes
    zero, one = lanes.number(0.0), lanes.number(1.0)
    error, ending = block.get(Row.ERROR, v), block.get(Row.ENDING, v)
    here = block.vector_of(block.pointer(Slot.STEP_H), step, v)
    h, t, end = lanes.load(here), block.get(Row.T, v), block.get(Row.END, v)
    runs = lanes.compare("==", ending, zero)
    accepted = lanes.both(runs, lanes.compare("<=", error, one))
    refused = lanes.both(runs, lanes.not_(accepted))
    factor = lanes.mul(lanes.number(0.9), _tenth_root_below(lanes, error))
    factor = lanes.select(accepted, lanes.at_most(lanes.number(10.0), factor), lanes.at_most(lanes.number(0.9), factor))
    factor = lanes.at_least(lanes.number(0.2), factor)
    wild = lanes.not_(lanes.is_finite(error))
    factor = lanes.select(wild, lanes.number(0.1), factor)
    last = lanes.compare(">=", lanes.add(t, h), end)
    last = lanes.either(last, lanes.compare("==", h, lanes.sub(end, t)))
    now = lanes.select(accepted, lanes.select(last, end, lanes.add(t, h)), t)
    following = lanes.select(runs, lanes.mul(h, factor), zero)
    block.set(Row.T, v, now)
    lanes.store(now, block.vector_of(block.pointer(Slot.STEP_T), block.plus(step, 1), v))
    block.set(Row.STEP, v, following)
    lanes.store(lanes.select(accepted, h, zero), here)
    count = lanes.add(block.get(Row.ACCEPTED, v), lanes.select(accepted, one, zero))
    tried = lanes.add(block.get(Row.TRIED, v), lanes.select(runs, one, zero))
    block.set(Row.ACCEPTED, v, count)
    block.set(Row.TRIED, v, tried)
    block.set(Row.MENDED, v, lanes.select(accepted, zero, one))
    first = lanes.both(accepted, lanes.compare("==", block.get(Row.FIRST, v), zero))
    block.set(Row.FIRST, v, lanes.select(first, h, block.get(Row.FIRST, v)))
    # The later ones go before the earlier ones.
    limit = lanes.both(runs, lanes.compare(">=", tried, block.setting(Setting.MOST_STEPS)))
    ending = lanes.select(limit, lanes.number(Ending.STEP_LIMIT), ending)
    precision = 2.0**-52 if lanes.features.bits == 64 else 2.0**-23
    tiny = lanes.both(refused, lanes.compare("<=", following, lanes.mul(lanes.number(precision), end)))
    ending = lanes.select(tiny, lanes.number(Ending.STEP_TOO_SMALL), ending)
    ending = lanes.select(lanes.both(tiny, wild), lanes.number(Ending.UNDEFINED), ending)
    finished = lanes.both(accepted, lanes.compare(">=", now, end))
    block.set(Row.ENDING, v, lanes.select(finished, lanes.number(Ending.FINISHED), ending))
    return accepted


def _tenth_root_below(lanes: Lanes, x: ir.Value) -> ir.Value:
    """x**(-1/10) to three digits for x in [1e-20, 1e20], which x is cut off to: a guess by the bits, and Newton."""
    builder = lanes.builder
    x = lanes.at_most(lanes.number(1e20), lanes.at_least(lanes.number(1e-20), x))
    x = lanes.select(lanes.is_nan(x), lanes.number(1e20), x)
    fraction, bias = (52, 1023) if lanes.features.bits == 64 else (23, 127)
    logarithm = builder.sitofp(lanes.as_integer(x), lanes.real)  # in units of 2**-fraction, and biased
    guess = lanes.fma(logarithm, lanes.number(-0.1), lanes.number(1.1 * bias * 2.0**fraction))
    root = lanes.as_real(builder.fptosi(guess, lanes.integer))
    for _ in range(2):
        square = lanes.mul(root, root)
        fourth = lanes.mul(square, square)
        tenth = lanes.mul(lanes.mul(fourth, fourth), square)
        root = lanes.mul(root, lanes.fma(lanes.mul(x, tenth), lanes.number(-0.1), lanes.number(1.1)))
    return root


def _mend(module: ir.Module, features: Features) -> ir.Function:
    """``mend(slots, point)``: points of lanes that did not move become copies of the one where the step began."""
    return internal(module, features, "dense.mend", [POINTER, I64], _write_mend)


def _write_mend(lanes: Lanes, arguments: Sequence[ir.Value]) -> None:
    slots, point = arguments
    block, flow = Block(lanes, slots), Flow(lanes)
    states, hidden = block.integer(Slot.STATES), block.integer(Slot.HIDDEN)

    def lane(v: Index) -> None:
        rests = lanes.compare(">", block.get(Row.MENDED, v), lanes.number(0.0))
        with flow.when(lanes.any(rests)):
            for slot, rows in ((Slot.Z, states), (Slot.K, states), (Slot.H, hidden), (Slot.S, hidden)):
                _copy(block, slot, rows, point, v, rests)

    flow.each(block.vectors, lane)


def _copy(block: Block, slot: Slot, rows: ir.Value, point: ir.Value, v: Index, rests: ir.Value) -> None:
    lanes, source = block.lanes, block.point(slot, point)

    def row(i: Index) -> None:
        value = lanes.load(block.vector_of(source, i, v))

        def later(j: Index) -> None:
            at = block.vector_of(block.point(slot, block.plus(point, j)), i, v)
            lanes.store(lanes.select(rests, value, lanes.load(at)), at)

        block.flow.each(STAGES + 1, later, start=1)

    block.flow.each(rows, row)
