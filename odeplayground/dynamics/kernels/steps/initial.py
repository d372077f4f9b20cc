"""The first step size from the size of the slope and of its change (Hairer, Norsett, Wanner, Solving ODEs I, II.4)."""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.equations import evaluate
from odeplayground.dynamics.kernels.steps.power import power


def write_first_step(frame: Frame, order: int, span: ir.Value) -> ir.Value:
    """The length of the first step, positive, in all lanes, for a method of that order.

    Reads ``y`` and the slopes there, block ``first``; overwrites ``ahead`` and ``y_new``.
    """
    lanes, work = frame.lanes, frame.work
    size = _largest(frame, lambda j: work.load("y", j))
    rate = _largest(frame, lambda j: work.load("first", j))
    tiny = lanes.number(1e-5)
    small = lanes.either(lanes.compare("<", size, tiny), lanes.compare("<", rate, tiny))
    h = lanes.select(small, lanes.number(1e-6), lanes.mul(lanes.number(0.01), lanes.div(size, rate)))
    h = lanes.at_most(span, h)
    change = lanes.div(_change(frame, h), h)
    # Where the step ahead leads to no finite slope, the slope at the start has to do.
    counts = lanes.both(lanes.compare(">", change, rate), lanes.is_finite(change))
    largest = lanes.select(counts, change, rate)
    slow = lanes.at_least(lanes.number(1e-6), lanes.mul(lanes.number(1e-3), h))
    fast = power(lanes, lanes.div(lanes.number(0.01), largest), 1 / order)
    by_change = lanes.select(lanes.compare("<=", largest, lanes.number(1e-15)), slow, fast)
    h = lanes.at_most(lanes.mul(lanes.number(100.0), h), by_change)
    return lanes.at_most(span, h)


def _change(frame: Frame, h: ir.Value) -> ir.Value:
    """By how much the slope differs after an Euler step."""
    lanes, work = frame.lanes, frame.work
    signed = lanes.mul(h, work.load("direction"))

    def step(j: Index) -> None:
        work.store("ahead", lanes.fma(signed, work.load("first", j), work.load("y", j)), j)

    frame.flow.each(frame.draft.n_states, step)
    t = lanes.add(work.load("t"), signed)
    evaluate(frame, "rhs", t, work.address("ahead"), work.address("y_new"))
    return _largest(frame, lambda j: lanes.sub(work.load("y_new", j), work.load("first", j)))


def _largest(frame: Frame, value: Callable[[Index], ir.Value]) -> ir.Value:
    """The largest of the states' values relative to what is tolerated."""
    lanes, work = frame.lanes, frame.work
    largest = frame.flow.variable(lanes.number(0.0))

    def of_state(j: Index) -> None:
        scale = lanes.fma(work.load("rtol"), lanes.abs(work.load("y", j)), work.load("atol", j))
        largest.value = lanes.max(largest.value, lanes.div(lanes.abs(value(j)), scale))

    frame.flow.each(frame.draft.n_states, of_state)
    return largest.value
