"""One attempt of a step in every lane: how good it was, what it ends, and how long the next one is."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.codes import code
from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.slots import Slot
from odeplayground.dynamics.kernels.steps.controller import write_next_step
from odeplayground.dynamics.kernels.steps.explicit import ExplicitStep
from odeplayground.dynamics.kernels.steps.form import Step
from odeplayground.dynamics.kernels.steps.stiffness import write_stiffness

SMALLEST = 8 * 2.0**-52
"""Steps shorter than this share of the time can hardly be resolved."""


def write_adaptive(frame: Frame, step: Step) -> None:
    """Sets ``t_new``, ``y_new``, ``used``, ``accepted``, ``ending`` and ``h``; ``t`` and ``y`` stay."""
    lanes, work = frame.lanes, frame.work
    t, h, t1 = work.load("t"), work.load("h"), work.load("t1")
    left = lanes.sub(t1, t)
    last = lanes.compare(">=", lanes.abs(h), lanes.abs(left))
    used = lanes.select(last, left, h)
    work.store("used", used)
    work.store("t_new", lanes.select(last, t1, lanes.add(t, used)))
    step.write_attempt(frame)
    live = work.load_mask("live")
    error, outside = _measure(frame, step)
    accepted = lanes.both(live, lanes.compare("<=", error, lanes.number(1.0)))
    work.store_mask("accepted", accepted)
    ending = lanes.number(code(Ending.RUNNING))
    ending = lanes.select(_exhausted(frame), lanes.number(code(Ending.STEP_LIMIT)), ending)
    write_next_step(frame, step.tableau, error, accepted, live)
    ending = _stuck(frame, step, error, accepted, ending)
    if isinstance(step, ExplicitStep) and step.tableau.stability:
        ending = write_stiffness(frame, step, accepted, left, ending)
    _count(frame, live, accepted)
    work.store("ending", _ended(frame, ending, accepted, last, outside))


def write_fixed(frame: Frame, step: Step) -> None:
    """The same for steps of one length ``h``; they end before what is not finite."""
    lanes, work = frame.lanes, frame.work
    number = lanes.add(work.load("steps"), lanes.number(1.0))
    last = lanes.compare(">=", number, work.load("planned"))
    t_new = lanes.fma(work.load("h"), number, work.load("t0"))
    t_new = lanes.select(last, work.load("t1"), t_new)
    work.store("t_new", t_new)
    work.store("used", lanes.sub(t_new, work.load("t")))
    step.write_attempt(frame)
    live = work.load_mask("live")
    finite, outside = _look(frame, step)
    accepted = lanes.both(live, finite)
    work.store_mask("accepted", accepted)
    ending = lanes.number(code(Ending.RUNNING))
    ending = lanes.select(_exhausted(frame), lanes.number(code(Ending.STEP_LIMIT)), ending)
    ending = lanes.select(finite, ending, lanes.number(code(Ending.UNDEFINED)))
    _count(frame, live, accepted)
    work.store("ending", _ended(frame, ending, accepted, last, outside))


def _measure(frame: Frame, step: Step) -> tuple[ir.Value, ir.Value]:
    """The largest error relative to what is tolerated, and whether the new state is out of bounds."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    estimates = len(step.tableau.error) if isinstance(step, ExplicitStep) else 1
    largest = [flow.variable(lanes.number(0.0)) for _ in range(estimates)]
    outside = flow.variable(lanes.truth(False))

    def of_state(j: Index) -> None:
        y_new = work.load("y_new", j)
        size = lanes.at_least(lanes.abs(work.load("y", j)), lanes.abs(y_new))
        scale = lanes.fma(work.load("rtol"), size, work.load("atol", j))
        for variable, error in zip(largest, step.write_error(frame, j), strict=True):
            variable.value = lanes.max(variable.value, lanes.div(lanes.abs(error), scale))
        outside.value = lanes.either(outside.value, _is_outside(frame, y_new, j))

    flow.each(frame.draft.n_states, of_state)
    values = [variable.value for variable in largest]
    return (values[0] if len(values) == 1 else _damped(frame, values)), outside.value


def _damped(frame: Frame, errors: list[ir.Value]) -> ir.Value:
    """The estimate of DOP853: e5^2 / sqrt(e5^2 + e3^2 / 100)."""
    lanes = frame.lanes
    fine, rough = (lanes.mul(error, error) for error in errors)
    below = lanes.fma(lanes.number(0.01), rough, fine)
    quotient = lanes.div(fine, lanes.sqrt(below))
    return lanes.select(lanes.compare("==", below, lanes.number(0.0)), lanes.number(0.0), quotient)


def _look(frame: Frame, step: Step) -> tuple[ir.Value, ir.Value]:
    """Whether the new state and its slope are finite, and whether it is out of bounds."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    finite = flow.variable(lanes.truth(True))
    outside = flow.variable(lanes.truth(False))

    def of_state(j: Index) -> None:
        y_new = work.load("y_new", j)
        slope = step.write_slope(frame, j)
        good = lanes.is_finite(y_new) if slope is None else lanes.both(lanes.is_finite(y_new), lanes.is_finite(slope))
        finite.value = lanes.both(finite.value, good)
        outside.value = lanes.either(outside.value, _is_outside(frame, y_new, j))

    flow.each(frame.draft.n_states, of_state)
    return finite.value, outside.value


def _is_outside(frame: Frame, y: ir.Value, j: Index) -> ir.Value:
    lanes, work = frame.lanes, frame.work
    return lanes.either(
        lanes.compare("<", y, work.load("low", j)),
        lanes.compare(">", y, work.load("high", j)),
    )


def _exhausted(frame: Frame) -> ir.Value:
    """Whether this attempt is the last one allowed."""
    lanes = frame.lanes
    number = lanes.add(frame.work.load("steps"), lanes.number(1.0))
    cap = lanes.splat(frame.builder.sitofp(frame.arguments.integer(Slot.MAX_STEPS), ir.DoubleType()))
    return lanes.compare(">=", number, cap)


def _stuck(frame: Frame, step: Step, error: ir.Value, accepted: ir.Value, ending: ir.Value) -> ir.Value:
    """Ends what can hardly be resolved any more. A rare case, so it is a branch."""
    lanes, work = frame.lanes, frame.work
    h = lanes.abs(work.load("h"))
    # The first bound alone would never be met at t = 0.
    smallest = lanes.at_least(lanes.number(1e-300), lanes.mul(lanes.number(SMALLEST), lanes.abs(work.load("t"))))
    stuck = lanes.both(work.load_mask("live"), lanes.compare("<", h, smallest))
    result = frame.flow.variable(ending)
    with frame.flow.when(lanes.any(stuck), likely=False):
        undefined = lanes.number(code(Ending.UNDEFINED))
        reason = lanes.select(lanes.is_finite(error), lanes.number(code(Ending.STEP_TOO_SMALL)), undefined)
        reason = lanes.select(_runs_away(frame), lanes.number(code(Ending.TOO_LARGE)), reason)
        result.value = lanes.select(stuck, reason, ending)
    return result.value


def _runs_away(frame: Frame) -> ir.Value:
    """Whether the state grows so fast that it would double within the resolution of time."""
    lanes, work, flow = frame.lanes, frame.work, frame.flow
    outwards, square = flow.variable(lanes.number(0.0)), flow.variable(lanes.number(0.0))

    def of_state(j: Index) -> None:
        y = work.load("y", j)
        outwards.value = lanes.fma(y, work.load("slope", j), outwards.value)
        square.value = lanes.fma(y, y, square.value)

    flow.each(frame.draft.n_states, of_state)
    resolution = lanes.at_least(lanes.number(1e-9), lanes.abs(work.load("t")))
    growth = lanes.mul(outwards.value, lanes.mul(work.load("direction"), lanes.mul(lanes.number(1e-9), resolution)))
    return lanes.compare(">", growth, square.value)


def _count(frame: Frame, live: ir.Value, accepted: ir.Value) -> None:
    lanes, work = frame.lanes, frame.work
    one, zero = lanes.number(1.0), lanes.number(0.0)
    work.store("steps", lanes.add(work.load("steps"), lanes.select(live, one, zero)))
    work.store("good", lanes.add(work.load("good"), lanes.select(accepted, one, zero)))


def _ended(frame: Frame, ending: ir.Value, accepted: ir.Value, last: ir.Value, outside: ir.Value) -> ir.Value:
    """The end of the span comes before all limits; leaving a box comes before the end."""
    lanes = frame.lanes
    beyond = lanes.both(accepted, outside)
    finished = lanes.both(accepted, last)
    boxed = lanes.splat(frame.arguments.flag(Slot.BOXED))
    ending = lanes.select(beyond, lanes.number(code(Ending.TOO_LARGE)), ending)
    ending = lanes.select(finished, lanes.number(code(Ending.FINISHED)), ending)
    return lanes.select(lanes.both(beyond, boxed), lanes.number(code(Ending.LEFT)), ending)
