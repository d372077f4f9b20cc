"""Between trajectories: results are written, and the lane takes the next one from the queue."""

from __future__ import annotations

import math
from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index, integer
from odeplayground.dynamics.kernels.draft import Draft, Frame
from odeplayground.dynamics.kernels.memory import Header
from odeplayground.dynamics.kernels.slots import ARRAY_AT, Array, Slot
from odeplayground.dynamics.kernels.vector import F64, I64

_PER_LANE = (
    *("fresh", "ending", "t", "t0", "t1", "direction", "h", "longest", "rtol", "gain", "growth", "strikes"),
    *("steps", "good", "planned", "due"),
)


def reserve_lanes(draft: Draft) -> None:
    """Memory for what a lane knows of its trajectory. All but the first three blocks make sense for idle lanes."""
    layout, n = draft.layout, draft.n_states
    for name in ("live", "index", "position"):
        layout.add(name)
    for name in _PER_LANE:
        layout.add(name)
    layout.add("parameters", draft.n_parameters)
    layout.add("constants", draft.n_constants)
    for name in ("y", "slope", "atol", "low", "high"):
        layout.add(name, n)
    layout.add("g", draft.n_events)
    layout.add("counts", draft.n_events)
    layout.add("end of lanes", 0)


def write_finish(frame: Frame) -> None:
    """Write down where and why the trajectory of the lane ended."""
    work, arguments, lane, builder = frame.work, frame.arguments, frame.lane, frame.builder
    row = work.get_integer("index", lane)

    def put_whole(array: Array, name: str) -> None:
        arguments.put(array, row, builder.fptosi(work.get(name, lane), I64))

    frame.flow.each(frame.draft.n_states, lambda j: arguments.put(Array.Y, row, work.get("y", lane, j), j))
    arguments.put(Array.T, row, work.get("t", lane))
    arguments.put(Array.H, row, work.get("h", lane))
    put_whole(Array.ENDING, "ending")
    put_whole(Array.STEPS, "steps")
    put_whole(Array.ACCEPTED, "good")
    arguments.put(Array.POSITION, row, work.get_integer("position", lane))
    frame.flow.each(frame.draft.n_events, lambda e: arguments.put(Array.COUNTS, row, work.get("counts", lane, e), e))
    _leave_blank(frame, row)


def _leave_blank(frame: Frame, row: ir.Value) -> None:
    """NaN for the samples that were not reached."""
    position, points = frame.work.get_integer("position", frame.lane), frame.arguments.integer(Slot.POINTS)

    def of_state(j: Index) -> None:
        first = frame.arguments.item(Array.SAMPLES, row, j)

        def blank(k: Index) -> None:
            frame.builder.store(F64(math.nan), frame.lanes.address(first, k))

        frame.flow.each(points, blank, start=position)

    frame.flow.each(frame.draft.n_states, of_state)


def write_take(frame: Frame, adaptive: bool) -> None:
    """Give the lane the next trajectory, or let it idle."""
    work, builder, lane = frame.work, frame.builder, frame.lane
    _fetch(frame)
    number = work.header(Header.NEXT)
    available = builder.icmp_signed("<", number, work.header(Header.END))
    with builder.if_else(available) as (then, otherwise):
        with then:
            work.set_header(Header.NEXT, builder.add(number, I64(1)))
            work.put("index", lane, _row(frame, number))
            _load(frame, adaptive)
        with otherwise:
            _idle(frame)


def _fetch(frame: Frame) -> None:
    """If this thread has no more trajectories, fetch some from the common queue."""
    work, builder, flow, arguments = frame.work, frame.builder, frame.flow, frame.arguments
    empty = builder.icmp_signed(">=", work.header(Header.NEXT), work.header(Header.END))
    with flow.when(builder.icmp_unsigned("!=", work.header(Header.CLOSED), I64(0))):
        work.set_header(Header.END, work.header(Header.NEXT))
    open_ = builder.icmp_unsigned("==", work.header(Header.CLOSED), I64(0))
    with flow.when(builder.and_(empty, open_)):
        block, total = arguments.integer(Slot.BLOCK), arguments.integer(Slot.TOTAL)
        first = builder.atomic_rmw("add", arguments.address(Slot.NEXT), block, "monotonic")
        end = builder.add(first, block)
        end = builder.select(builder.icmp_signed("<", end, total), end, total)
        work.set_header(Header.NEXT, first)
        work.set_header(Header.END, end)
        none = builder.icmp_signed(">=", first, total)
        work.set_header(Header.CLOSED, builder.zext(none, I64))


def _row(frame: Frame, number: ir.Value) -> ir.Value:
    """The trajectory at that place of the queue."""
    row = frame.flow.variable(number)
    with frame.flow.when(frame.arguments.flag(Slot.ORDER)):
        place = frame.lanes.address(frame.arguments.pointer(Slot.ORDER), number)
        row.value = frame.builder.load(place, typ=I64)
    return row.value


def _load(frame: Frame, adaptive: bool) -> None:
    work, arguments, lane, builder = frame.work, frame.arguments, frame.lane, frame.builder
    row = work.get_integer("index", lane)
    _copy_inputs(frame, row, adaptive)
    for name, array in (("steps", Array.STEPS), ("good", Array.ACCEPTED)):
        work.put(name, lane, builder.sitofp(arguments.get_integer(array, row), F64))
    backwards = builder.fcmp_ordered("<", work.get("t1", lane), work.get("t0", lane))
    work.put("direction", lane, builder.select(backwards, F64(-1.0), F64(1.0)))
    work.put("live", lane, F64(1.0))
    work.put("fresh", lane, F64(1.0))
    work.put("ending", lane, F64(0.0))
    _sample_start(frame, row)


def _copy_inputs(frame: Frame, row: ir.Value, adaptive: bool) -> None:
    """From arrays to the lane, in one loop over a table: which array, to which vector, and how many numbers."""
    draft, builder, lanes = frame.draft, frame.builder, frame.lanes
    n, place = draft.n_states, draft.layout.place
    entries = [
        (Array.Y0, place("y"), n),
        (Array.ATOL, place("atol"), n),
        (Array.LOW, place("low"), n),
        (Array.HIGH, place("high"), n),
        (Array.COUNTS, place("counts"), draft.n_events),
        (Array.T0, place("t"), 1),
        (Array.T0, place("t0"), 1),
        (Array.T1, place("t1"), 1),
        (Array.RTOL, place("rtol"), 1),
    ]
    entries.append((Array.MAX_STEP, place("longest"), 1) if adaptive else (Array.STEP, place("h"), 1))
    table = _table(draft, [(ARRAY_AT[array], vector, count) for array, vector, count in entries])

    def copy_one(slot: ir.Value, vector: ir.Value, count: ir.Value) -> None:
        source, apart = frame.arguments.row(slot, row)
        target = frame.work.lane_of_vector(vector, frame.lane)

        def copy(j: Index) -> None:
            value = builder.load(
                builder.gep(source, [builder.mul(integer(j), apart)], source_etype=ir.IntType(8)), typ=F64
            )
            builder.store(value, lanes.address(target, builder.mul(integer(j), I64(lanes.width))))

        frame.flow.each(count, copy)

    def copy_entry(k: Index) -> None:
        first = builder.mul(integer(k), I64(3))
        numbers = [builder.gep(table, [builder.add(first, I64(i))], source_etype=I64) for i in range(3)]
        copy_one(*(builder.load(number, typ=I64) for number in numbers))

    frame.flow.each(I64(len(entries)), copy_entry)
    copy_one(I64(ARRAY_AT[Array.PARAMETERS]), I64(place("parameters")), frame.arguments.integer(Slot.N_PARAMETERS))


def _table(draft: Draft, rows: Sequence[tuple[int, int, int]]) -> ir.Value:
    kind = ir.ArrayType(I64, 3 * len(rows))
    table = ir.GlobalVariable(draft.module, kind, "inputs")
    table.linkage, table.global_constant = "internal", True
    table.initializer = kind([number for row in rows for number in row])
    return table


def _sample_start(frame: Frame, row: ir.Value) -> None:
    """The sample times that are not after the start."""
    work, arguments, lane, builder = frame.work, frame.arguments, frame.lane, frame.builder
    grid, points = arguments.pointer(Slot.GRID), arguments.integer(Slot.POINTS)
    direction = work.get("direction", lane)
    start = builder.fmul(work.get("t", lane), direction)
    position = frame.flow.variable(arguments.get_integer(Array.POSITION, row))
    with frame.flow.loop() as loop:
        at = position.value
        loop.leave_if(builder.icmp_signed(">=", at, points))
        time = builder.load(frame.lanes.address(grid, at), typ=F64)
        reached = builder.fcmp_ordered("<=", builder.fmul(time, direction), start)
        loop.leave_if(builder.not_(reached))

        def of_state(j: Index, at: ir.Value = at) -> None:
            target = frame.lanes.address(arguments.item(Array.SAMPLES, row, j), at)
            builder.store(work.get("y", lane, j), target)

        frame.flow.each(frame.draft.n_states, of_state)
        position.value = builder.add(at, I64(1))
    work.put("position", lane, position.value)
    work.put("due", lane, builder.load(frame.lanes.address(grid, position.value), typ=F64))


def _idle(frame: Frame) -> None:
    """A lane without a trajectory repeats the steps of another one, which is as fast as that, and writes nothing."""
    lanes, work, lane, builder, flow = frame.lanes, frame.work, frame.lane, frame.builder, frame.flow
    work.put("live", lane, F64(0.0))
    live = frame.bits(work.load_mask("live"))
    with flow.when(builder.icmp_unsigned("!=", live, I64(0))):
        source = builder.cttz(live, ir.IntType(1)(1))
        layout = frame.draft.layout
        first, end = layout.place(_PER_LANE[0]), layout.place("end of lanes")

        def copy(k: Index) -> None:
            vector = work.address(_PER_LANE[0], k)
            value = builder.load(lanes.address(vector, source), typ=F64)
            builder.store(value, lanes.address(vector, lane))

        flow.each(end - first, copy)
