"""Zeros of event functions along the trajectories, located on the continuous extension.

A crossing shows by different signs at both ends of a step; two within one step go unseen. A zero at the begin of a
trajectory does not count.

The root finder is ITP: Oliveira, Takahashi, An enhancement of the bisection method average performance preserving
minmax optimality, ACM Trans. Math. Softw. 47 (2020), article 5.
"""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.codes import code
from odeplayground.dynamics.kernels.control import Index, Variable, integer
from odeplayground.dynamics.kernels.draft import Draft, Frame
from odeplayground.dynamics.kernels.driver_samples import extension
from odeplayground.dynamics.kernels.equations import evaluate
from odeplayground.dynamics.kernels.memory import Header
from odeplayground.dynamics.kernels.slots import Slot
from odeplayground.dynamics.kernels.vector import F64, I64

BEFORE_STATE = 3
"""A row of the buffer: number of the trajectory, number of the event, time, then the state."""
RESOLUTION = 2.0**-50
"""Half the width of the bracket at the end, in lengths of the step."""
KAPPA = 0.2
"""Strength of the truncation of the regula falsi step (kappa 1; kappa 2 is 2, and n 0 is 1)."""
NEVER = 2.0
"""Stands for no crossing in this step."""


def reserve_events(draft: Draft) -> None:
    """Working memory."""
    for name in ("g_new", "g_probe", "crossed", "found"):
        draft.layout.add(name, draft.n_events)
    draft.layout.add("crossing")
    draft.layout.add("probe", draft.n_states if draft.n_events else 0)


def write_detection(frame: Frame) -> None:
    """Set ``crossed`` for each event, and ``crossing`` for any of them."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    evaluate(frame, "events", work.load("t_new"), work.address("y_new"), work.address("g_new"))
    accepted, zero = work.load_mask("accepted"), lanes.number(0.0)
    crossing = flow.variable(lanes.truth(False))

    def of_event(e: Index) -> None:
        before, after = work.load("g", e), work.load("g_new", e)
        wanted = lanes.load_splat(frame.arguments.pointer(Slot.DIRECTIONS), integer(e))
        upwards = lanes.both(lanes.compare("<", before, zero), lanes.compare(">=", after, zero))
        upwards = lanes.both(upwards, lanes.compare(">=", wanted, zero))
        downwards = lanes.both(lanes.compare(">", before, zero), lanes.compare("<=", after, zero))
        downwards = lanes.both(downwards, lanes.compare("<=", wanted, zero))
        crossed = lanes.both(accepted, lanes.either(upwards, downwards))
        work.store("crossed", lanes.select(crossed, lanes.number(1.0), zero), e)
        crossing.value = lanes.either(crossing.value, crossed)

    flow.each(frame.draft.n_events, of_event)
    work.store_mask("crossing", crossing.value)


def write_location(frame: Frame, n_pieces: int) -> None:
    """Find the crossings, write them down up to the first one that ends the trajectory, and end it there."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    n_events = frame.draft.n_events
    flow.each(n_events, lambda e: _locate(frame, e, n_pieces))
    stop = flow.variable(lanes.number(NEVER))

    def of_event(e: Index) -> None:
        limit = lanes.load_splat(frame.arguments.pointer(Slot.STOP_AFTER), integer(e))
        count = lanes.add(work.load("counts", e), lanes.number(1.0))
        final = lanes.both(lanes.compare(">", limit, lanes.number(0.0)), lanes.compare(">=", count, limit))
        found = lanes.select(final, work.load("found", e), lanes.number(NEVER))
        stop.value = lanes.at_most(found, stop.value)

    flow.each(n_events, of_event)
    end = stop.value
    flow.each(n_events, lambda e: _write_down(frame, e, end, n_pieces))
    _end_there(frame, end, n_pieces)


def _locate(frame: Frame, e: Index, n_pieces: int) -> None:
    """``found`` of the event: the share of the step after which the sign has changed."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    crossed = lanes.compare("!=", work.load("crossed", e), lanes.number(0.0))
    # Turned so that the function rises through zero.
    sign = lanes.copysign(lanes.number(1.0), lanes.sub(work.load("g_new", e), work.load("g", e)))
    low, high = flow.variable(lanes.number(0.0)), flow.variable(lanes.number(1.0))
    below = flow.variable(lanes.mul(sign, work.load("g", e)))
    above = flow.variable(lanes.mul(sign, work.load("g_new", e)))
    slack = flow.variable(lanes.number(1.0))
    with flow.loop() as loop:
        width = lanes.sub(high.value, low.value)
        busy = lanes.both(crossed, lanes.compare(">", width, lanes.number(2 * RESOLUTION)))
        loop.leave_if(frame.builder.not_(lanes.any(busy)))
        # After some fifty rounds the slack is used up, and whoever is still busy is bisected to the end.
        theta = _next_guess(frame, low, high, below, above, slack)
        slack.value = lanes.mul(lanes.number(0.5), slack.value)
        _go_to(frame, theta, n_pieces)
        t = lanes.fma(theta, work.load("used"), work.load("t"))
        evaluate(frame, "events", t, work.address("probe"), work.address("g_probe"))
        value = lanes.mul(sign, work.load("g_probe", e))
        reached = lanes.compare(">=", value, lanes.number(0.0))
        to_high = lanes.both(busy, reached)
        to_low = lanes.both(busy, lanes.not_(reached))
        high.value = lanes.select(to_high, theta, high.value)
        above.value = lanes.select(to_high, value, above.value)
        low.value = lanes.select(to_low, theta, low.value)
        below.value = lanes.select(to_low, value, below.value)
    work.store("found", lanes.select(crossed, high.value, lanes.number(NEVER)), e)


def _next_guess(
    frame: Frame, low: Variable, high: Variable, below: Variable, above: Variable, slack: Variable
) -> ir.Value:
    """Interpolate, truncate, project."""
    lanes = frame.lanes
    a, b, half = low.value, high.value, lanes.number(0.5)
    width = lanes.sub(b, a)
    middle = lanes.fma(half, width, a)
    share = lanes.div(below.value, lanes.sub(below.value, above.value))
    falsi = lanes.fma(share, width, a)
    usable = lanes.both(lanes.compare(">=", share, lanes.number(0.0)), lanes.compare("<=", share, lanes.number(1.0)))
    falsi = lanes.select(usable, falsi, middle)
    away = lanes.sub(middle, falsi)
    nudge = lanes.mul(lanes.number(KAPPA), lanes.mul(width, width))
    nudged = lanes.add(falsi, lanes.copysign(nudge, away))
    truncated = lanes.select(lanes.compare("<=", nudge, lanes.abs(away)), nudged, middle)
    radius = lanes.at_least(lanes.number(0.0), lanes.fma(lanes.neg(half), width, slack.value))
    edge = lanes.sub(middle, lanes.copysign(radius, away))
    near = lanes.compare("<=", lanes.abs(lanes.sub(truncated, middle)), radius)
    return lanes.select(near, truncated, edge)


def _go_to(frame: Frame, theta: ir.Value, n_pieces: int) -> None:
    """``probe`` becomes the state at that share of the step."""
    work, n = frame.work, frame.draft.n_states

    def of_state(j: Index) -> None:
        pieces = [work.load("pieces", j, k * n) for k in range(n_pieces)]
        work.store("probe", extension(frame.lanes, pieces, theta), j)

    frame.flow.each(n, of_state)


def _write_down(frame: Frame, e: Index, end: ir.Value, n_pieces: int) -> None:
    lanes, work, flow, builder = frame.lanes, frame.work, frame.flow, frame.builder
    n = frame.draft.n_states
    theta = work.load("found", e)
    kept = lanes.both(lanes.compare("<=", theta, end), lanes.compare("<", theta, lanes.number(NEVER)))
    one = lanes.select(kept, lanes.number(1.0), lanes.number(0.0))
    work.store("counts", lanes.add(work.load("counts", e), one), e)
    _go_to(frame, theta, n_pieces)
    # Kept in memory, where single lanes can be read.
    work.store("found", lanes.fma(theta, work.load("used"), work.load("t")), e)
    with flow.each_bit(frame.bits(kept)) as lane:
        used = work.header(Header.CROSSINGS_USED)
        buffer = builder.inttoptr(work.header(Header.CROSSINGS), ir.PointerType())
        row = lanes.address(buffer, builder.mul(used, I64(BEFORE_STATE + n)))
        builder.store(builder.sitofp(work.get_integer("index", lane), F64), row)
        builder.store(builder.sitofp(integer(e), F64), lanes.address(row, 1))
        builder.store(work.get("found", lane, e), lanes.address(row, 2))

        def copy(j: Index, *, row: ir.Value = row, lane: ir.Value = lane) -> None:
            target = builder.add(integer(j), I64(BEFORE_STATE))
            builder.store(work.get("probe", lane, j), lanes.address(row, target))

        flow.each(n, copy)
        work.set_header(Header.CROSSINGS_USED, builder.add(used, I64(1)))


def _end_there(frame: Frame, end: ir.Value, n_pieces: int) -> None:
    lanes, work = frame.lanes, frame.work
    ends = lanes.compare("<", end, lanes.number(NEVER))
    _go_to(frame, end, n_pieces)
    t = lanes.fma(end, work.load("used"), work.load("t"))
    work.store("t_new", lanes.select(ends, t, work.load("t_new")))
    work.store("ending", lanes.select(ends, lanes.number(code(Ending.EVENT)), work.load("ending")))

    def of_state(j: Index) -> None:
        work.store("y_new", lanes.select(ends, work.load("probe", j), work.load("y_new", j)), j)

    frame.flow.each(frame.draft.n_states, of_state)
