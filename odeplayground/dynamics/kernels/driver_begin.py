"""What has to be known before the first step of a trajectory."""

from __future__ import annotations

import math

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.codes import code
from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.equations import compute_constants, evaluate
from odeplayground.dynamics.kernels.slots import Slot
from odeplayground.dynamics.kernels.steps.controller import GROW, LONGEST, first_gain
from odeplayground.dynamics.kernels.steps.form import Step
from odeplayground.dynamics.kernels.steps.initial import write_first_step
from odeplayground.dynamics.kernels.vector import F64


def write_begin(frame: Frame, step: Step) -> None:
    """Prepare the fresh lanes. The others compute along, and keep what they have."""
    lanes, work = frame.lanes, frame.work
    fresh = work.load_mask("fresh")
    compute_constants(frame)
    evaluate(frame, "rhs", work.load("t"), work.address("y"), work.address("first"))
    if frame.draft.n_events:
        evaluate(frame, "events", work.load("t"), work.address("y"), work.address("g_new"))
    _set_bounds(frame, fresh)
    defined, outside = _look(frame)

    def begin(name: str, value: ir.Value, j: Index = 0) -> None:
        work.store_where(name, fresh, value, j)

    frame.flow.each(frame.draft.n_states, lambda j: begin("slope", work.load("first", j), j))
    frame.flow.each(frame.draft.n_events, lambda e: begin("g", work.load("g_new", e), e))
    begin("gain", lanes.number(first_gain(step.tableau)))
    begin("growth", lanes.number(math.log2(GROW)))
    begin("strikes", lanes.number(0.0))
    span = lanes.abs(lanes.sub(work.load("t1"), work.load("t")))
    if step.tableau.adaptive:
        longest = lanes.at_most(lanes.mul(span, lanes.number(LONGEST)), work.load("longest"))
        begin("longest", longest)
        h = lanes.at_most(longest, write_first_step(frame, step.tableau.order, span))
    else:
        h = work.load("h")
        begin("planned", _planned(frame, span, h))
    begin("h", lanes.mul(h, work.load("direction")))
    begin("ending", _ending(frame, defined, outside))
    work.store_mask("fresh", lanes.truth(False))


def _set_bounds(frame: Frame, fresh: ir.Value) -> None:
    """What counts as too large is measured from where the trajectory begins; a box is as it is."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    size = flow.variable(lanes.number(1.0))

    def look(j: Index) -> None:
        y = lanes.abs(work.load("y", j))
        size.value = lanes.select(lanes.compare(">", y, size.value), y, size.value)

    def scale(j: Index) -> None:
        for name in ("low", "high"):
            bound = work.load(name, j)
            work.store(name, lanes.select(relative, lanes.mul(bound, size.value), bound), j)

    flow.each(frame.draft.n_states, look)
    relative = lanes.both(fresh, lanes.not_(lanes.splat(frame.arguments.flag(Slot.BOXED))))
    flow.each(frame.draft.n_states, scale)


def _look(frame: Frame) -> tuple[ir.Value, ir.Value]:
    """Whether states and slopes are finite, and whether a state is out of bounds."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    defined, outside = flow.variable(lanes.truth(True)), flow.variable(lanes.truth(False))

    def of_state(j: Index) -> None:
        y = work.load("y", j)
        finite = lanes.both(lanes.is_finite(y), lanes.is_finite(work.load("first", j)))
        defined.value = lanes.both(defined.value, finite)
        beyond = lanes.either(
            lanes.compare("<", y, work.load("low", j)),
            lanes.compare(">", y, work.load("high", j)),
        )
        outside.value = lanes.either(outside.value, beyond)

    flow.each(frame.draft.n_states, of_state)
    return defined.value, outside.value


def _planned(frame: Frame, span: ir.Value, h: ir.Value) -> ir.Value:
    """How many steps of one length there will be. A last one shorter than a millionth of the others comes from
    rounding, and is joined to the one before.
    """
    lanes = frame.lanes
    count = lanes.sub(lanes.div(span, h), lanes.number(1e-6))
    return lanes.at_least(lanes.number(1.0), lanes.neg(lanes.floor(lanes.neg(count))))


def _ending(frame: Frame, defined: ir.Value, outside: ir.Value) -> ir.Value:
    lanes, work = frame.lanes, frame.work
    cap = lanes.splat(frame.builder.sitofp(frame.arguments.integer(Slot.MAX_STEPS), F64))
    exhausted = lanes.compare(">=", work.load("steps"), cap)
    boxed = lanes.splat(frame.arguments.flag(Slot.BOXED))
    t, t1 = work.load("t"), work.load("t1")
    impossible = lanes.is_nan(lanes.sub(t1, t))
    ending = lanes.number(code(Ending.RUNNING))
    ending = lanes.select(exhausted, lanes.number(code(Ending.STEP_LIMIT)), ending)
    ending = lanes.select(lanes.compare("==", t, t1), lanes.number(code(Ending.FINISHED)), ending)
    ending = lanes.select(lanes.both(boxed, outside), lanes.number(code(Ending.LEFT)), ending)
    undefined = lanes.either(impossible, lanes.not_(defined))
    return lanes.select(undefined, lanes.number(code(Ending.UNDEFINED)), ending)
