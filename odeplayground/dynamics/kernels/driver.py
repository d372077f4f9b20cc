"""The loop around the steps: keeps all lanes busy until the queue of trajectories is empty.

Generated as one function, ``drive(arguments, work)``, with routines that talk through the working memory. Every
thread that works on a task calls it with the same arguments and a memory of its own.
"""

from __future__ import annotations

from enum import IntEnum

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.codes import code
from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.draft import Draft, Frame
from odeplayground.dynamics.kernels.driver_begin import write_begin
from odeplayground.dynamics.kernels.driver_events import reserve_events, write_detection, write_location
from odeplayground.dynamics.kernels.driver_queue import reserve_lanes, write_finish, write_take
from odeplayground.dynamics.kernels.driver_records import has_room, write_records
from odeplayground.dynamics.kernels.driver_samples import is_due, write_samples
from odeplayground.dynamics.kernels.memory import Header
from odeplayground.dynamics.kernels.slots import Slot
from odeplayground.dynamics.kernels.steps.attempt import write_adaptive, write_fixed
from odeplayground.dynamics.kernels.steps.form import Step
from odeplayground.dynamics.kernels.vector import I64

DRIVE = "drive"


class Answer(IntEnum):
    """What a call of the driver returns."""

    DONE = 0
    FULL = 1
    """A buffer has to be emptied or replaced; then call again."""
    PAUSED = 2
    """The caller wanted to be asked now and then; call again."""


def reserve(draft: Draft, step: Step) -> None:
    """Ask for all working memory."""
    layout, n = draft.layout, draft.n_states
    reserve_lanes(draft)
    for name in ("used", "t_new", "accepted"):
        layout.add(name)
    layout.add("y_new", n)
    layout.add("first", n)
    layout.add("pieces", step.tableau.pieces * n)
    reserve_events(draft)
    step.reserve(layout, n)


def write_driver(draft: Draft, step: Step) -> None:
    """Put the driver and its routines into the module, after the equations."""
    adaptive = step.tableau.adaptive
    with draft.routine("take", with_lane=True) as frame:
        write_take(frame, adaptive)
    with draft.routine("finish", with_lane=True) as frame:
        write_finish(frame)
    with draft.routine("begin") as frame:
        write_begin(frame, step)
    with draft.routine("attempt") as frame:
        frame.function.attributes.add("alwaysinline")
        (write_adaptive if adaptive else write_fixed)(frame, step)
    with draft.routine("extend") as frame:
        step.write_pieces(frame)
    with draft.routine("sample", with_lane=True) as frame:
        write_samples(frame, step.tableau.pieces)
    with draft.routine("record") as frame:
        write_records(frame, step.tableau.pieces)
    if draft.n_events:
        with draft.routine("detect") as frame:
            write_detection(frame)
        with draft.routine("locate") as frame:
            write_location(frame, step.tableau.pieces)
    with draft.routine(DRIVE, result=I64) as frame:
        _write_drive(frame, step)


def _write_drive(frame: Frame, step: Step) -> None:
    lanes, work, flow, builder = frame.lanes, frame.work, frame.flow, frame.builder
    answer = flow.variable(I64(Answer.DONE))
    with flow.when(builder.icmp_unsigned("==", work.header(Header.STARTED), I64(0))):
        work.set_header(Header.STARTED, I64(1))
        work.store_mask("live", lanes.truth(False))
        flow.each(lanes.width, lambda lane: frame.call("take", lane if isinstance(lane, ir.Value) else I64(lane)))
    with flow.loop() as loop:
        _hand_out(frame)
        fresh = lanes.any(lanes.both(work.load_mask("fresh"), work.load_mask("live")))
        with flow.when(fresh, likely=False):
            frame.call("begin")
        loop.again_if(fresh)
        loop.leave_if(builder.not_(lanes.any(work.load_mask("live"))))
        cancelled = _is_cancelled(frame)
        with flow.when(cancelled, likely=False):
            _cancel(frame)
        loop.again_if(cancelled)
        room = has_room(frame)
        pause = _is_time_for_a_pause(frame)
        stop = builder.select(pause, I64(Answer.PAUSED), I64(Answer.DONE))
        answer.value = builder.select(room, stop, I64(Answer.FULL))
        loop.leave_if(builder.or_(pause, builder.not_(room)))
        frame.call("attempt")
        _watch(frame)
        _commit(frame, step)
    builder.ret(answer.value)


def _hand_out(frame: Frame) -> None:
    """Write the results of the lanes that ended, and give them new trajectories."""
    lanes, work = frame.lanes, frame.work
    ended = lanes.both(work.load_mask("live"), work.load_mask("ending"))
    with frame.flow.each_bit(frame.bits(ended)) as lane:
        frame.call("finish", lane)
        frame.call("take", lane)


def _is_cancelled(frame: Frame) -> ir.Value:
    flag = frame.builder.load_atomic(frame.arguments.pointer(Slot.CANCEL), "monotonic", 8, typ=I64)
    return frame.builder.icmp_unsigned("!=", flag, I64(0))


def _is_time_for_a_pause(frame: Frame) -> ir.Value:
    left = frame.builder.sub(frame.work.header(Header.LEFT), I64(1))
    frame.work.set_header(Header.LEFT, left)
    return frame.builder.icmp_signed("==", left, I64(0))


def _cancel(frame: Frame) -> None:
    frame.work.store("ending", frame.lanes.number(code(Ending.CANCELLED)))
    frame.work.set_header(Header.CLOSED, I64(1))


def _watch(frame: Frame) -> None:
    """Whatever looks at the continuous extension of the steps just accepted."""
    lanes, work, flow, builder = frame.lanes, frame.work, frame.flow, frame.builder
    recording = builder.icmp_unsigned("!=", work.header(Header.RECORDS), I64(0))
    wanted = builder.or_(recording, lanes.any(is_due(frame)))
    if frame.draft.n_events:
        frame.call("detect")
        crossing = lanes.any(work.load_mask("crossing"))
        wanted = builder.or_(wanted, crossing)
    with flow.when(wanted):
        frame.call("extend")
        if frame.draft.n_events:
            with flow.when(crossing, likely=False):
                frame.call("locate")
        with flow.each_bit(frame.bits(is_due(frame))) as lane:
            frame.call("sample", lane)
        with flow.when(recording):
            frame.call("record")


def _commit(frame: Frame, step: Step) -> None:
    """Go to the end of the accepted steps."""
    work = frame.work
    accepted = work.load_mask("accepted")

    def keep(block: str, new: ir.Value, j: Index = 0) -> None:
        work.store_where(block, accepted, new, j)

    def of_state(j: Index) -> None:
        keep("y", work.load("y_new", j), j)
        slope = step.write_slope(frame, j)
        if slope is not None:
            keep("slope", slope, j)

    keep("t", work.load("t_new"))
    frame.flow.each(frame.draft.n_states, of_state)
    frame.flow.each(frame.draft.n_events, lambda e: keep("g", work.load("g_new", e), e))
