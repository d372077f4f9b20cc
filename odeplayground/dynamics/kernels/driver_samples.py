"""States at the requested times, from the continuous extension of each accepted step."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index, integer
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.slots import Array, Slot
from odeplayground.dynamics.kernels.vector import F64, I64, Lanes


def extension(lanes: Lanes, pieces: Sequence[ir.Value], theta: ir.Value) -> ir.Value:
    """The state at the share ``theta`` of a step.

    The nested form of Hairer's DOPRI5 and DOP853: p0 + s(p1 + (1-s)(p2 + s(p3 + (1-s)(p4 + ...)))).
    """
    rest = lanes.sub(lanes.number(1.0), theta)
    value = pieces[-1]
    for row in range(len(pieces) - 1, 0, -1):
        value = lanes.fma(value, theta if row % 2 else rest, pieces[row - 1])
    return value


def is_due(frame: Frame) -> ir.Value:
    """The lanes whose accepted step reached a sample time."""
    lanes, work = frame.lanes, frame.work
    direction = work.load("direction")
    due, end = lanes.mul(work.load("due"), direction), lanes.mul(work.load("t_new"), direction)
    return lanes.both(work.load_mask("accepted"), lanes.compare("<=", due, end))


def write_samples(frame: Frame, n_pieces: int) -> None:
    """All samples in the step of one lane, as many at a time as fit a vector."""
    lanes, work, flow, builder, lane = frame.lanes, frame.work, frame.flow, frame.builder, frame.lane
    arguments, n = frame.arguments, frame.draft.n_states
    row = work.get_integer("index", lane)
    grid, points = arguments.pointer(Slot.GRID), arguments.integer(Slot.POINTS)
    direction = lanes.splat(work.get("direction", lane))
    begin = lanes.splat(work.get("t", lane))
    end = lanes.mul(lanes.splat(work.get("t_new", lane)), direction)
    rate = lanes.splat(builder.fdiv(F64(1.0), work.get("used", lane)))
    first = arguments.item(Array.SAMPLES, row)
    apart = arguments.between_columns(Array.SAMPLES)
    position = flow.variable(work.get_integer("position", lane))
    found = flow.variable(I64(0))
    with flow.loop() as loop:
        at = position.value
        times = lanes.load(grid, at)
        inside = frame.bits(lanes.compare("<=", lanes.mul(times, direction), end))
        found.value = builder.ctpop(inside)
        theta = lanes.mul(lanes.sub(times, begin), rate)
        # A whole vector may reach beyond this step: what it writes there is overwritten later.
        whole = builder.icmp_signed("<=", builder.add(at, I64(lanes.width)), points)

        def of_state(j: Index, *, at: ir.Value = at) -> None:
            coefficients = [lanes.load_splat(work.lane("pieces", lane, j, k * n)) for k in range(n_pieces)]
            values = extension(lanes, coefficients, theta)
            place = builder.gep(first, [builder.mul(integer(j), apart)], source_etype=ir.IntType(8))
            target = lanes.address(place, at)
            with builder.if_else(whole) as (then, otherwise):
                with then:
                    lanes.store(values, target)
                with otherwise, flow.each_bit(inside) as k:
                    builder.store(lanes.extract(values, k), lanes.address(target, k))

        flow.each(n, of_state)
        loop.leave_if(builder.icmp_unsigned("<", found.value, I64(lanes.width)))
        # Not by what was found: the next round can begin before that is known.
        position.value = builder.add(at, I64(lanes.width))
    position.value = builder.add(position.value, found.value)
    work.put("position", lane, position.value)
    work.put("due", lane, builder.load(lanes.address(grid, position.value), typ=F64))
