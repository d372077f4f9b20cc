"""Every accepted step with its continuous extension, into a buffer of the caller."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index, integer
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.memory import Header
from odeplayground.dynamics.kernels.vector import F64, I64

BEFORE_PIECES = 4
"""A row: number of the trajectory, time, length of the step, time at its end, then the pieces, states last."""


def has_room(frame: Frame) -> ir.Value:
    """Whether the next step of all lanes fits the buffers."""
    builder, work, width = frame.builder, frame.work, frame.lanes.width
    most = builder.add(work.header(Header.RECORDS_USED), I64(width))
    room = builder.icmp_signed("<=", most, work.header(Header.RECORDS_ROOM))
    room = builder.or_(room, builder.icmp_unsigned("==", work.header(Header.RECORDS), I64(0)))
    if frame.draft.n_events:
        most = builder.add(work.header(Header.CROSSINGS_USED), I64(width * frame.draft.n_events))
        room = builder.and_(room, builder.icmp_signed("<=", most, work.header(Header.CROSSINGS_ROOM)))
    return room


def write_records(frame: Frame, n_pieces: int) -> None:
    """Append the accepted steps of all lanes."""
    work, builder, lanes = frame.work, frame.builder, frame.lanes
    size = BEFORE_PIECES + n_pieces * frame.draft.n_states
    with frame.flow.each_bit(frame.bits(work.load_mask("accepted"))) as lane:
        used = work.header(Header.RECORDS_USED)
        buffer = builder.inttoptr(work.header(Header.RECORDS), ir.PointerType())
        row = lanes.address(buffer, builder.mul(used, I64(size)))
        number = builder.sitofp(work.get_integer("index", lane), F64)
        times = [work.get(name, lane) for name in ("t", "used", "t_new")]
        for k, value in enumerate([number, *times]):
            builder.store(value, lanes.address(row, k))

        def copy(k: Index, *, row: ir.Value = row, lane: ir.Value = lane) -> None:
            target = builder.add(integer(k), I64(BEFORE_PIECES))
            builder.store(work.get("pieces", lane, k), lanes.address(row, target))

        frame.flow.each(n_pieces * frame.draft.n_states, copy)
        work.set_header(Header.RECORDS_USED, builder.add(used, I64(1)))
