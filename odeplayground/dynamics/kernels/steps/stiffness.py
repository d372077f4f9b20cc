"""Notices where an explicit method is slow because the system is stiff (Hairer, Wanner, Solving ODEs II, IV.2)."""

from __future__ import annotations

from llvmlite import ir

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.codes import code
from odeplayground.dynamics.kernels.control import Index
from odeplayground.dynamics.kernels.draft import Frame
from odeplayground.dynamics.kernels.slots import Slot
from odeplayground.dynamics.kernels.steps.explicit import ExplicitStep

STRIKES = 30
"""Steps at the edge of stability count 2, others -1; at this sum the system is called stiff."""
WORTH_SWITCHING = 500
"""Stiffness matters only if so many steps lie ahead."""
PATIENCE, HOPELESS = 1000, 1e9
"""After so many attempts, steps so much shorter than what lies ahead count, too, unless they grow: at tight tolerances
the error may keep the step small before stability does."""


def write_stiffness(frame: Frame, step: ExplicitStep, accepted: ir.Value, left: ir.Value, ending: ir.Value) -> ir.Value:
    """The ending, with the stiff lanes marked if the arguments ask to watch; updates ``strikes``."""
    lanes, work = frame.lanes, frame.work
    used, ahead = lanes.abs(work.load("used")), lanes.abs(left)
    worth = lanes.both(accepted, lanes.compare(">", ahead, lanes.mul(lanes.number(WORTH_SWITCHING), used)))
    result = frame.flow.variable(ending)
    with frame.flow.when(frame.builder.and_(frame.arguments.flag(Slot.WATCH), lanes.any(worth))):
        slow = lanes.both(_is_hopeless(frame, used, ahead), lanes.not_(_grows(frame, used)))
        counts = lanes.either(_at_the_edge(frame, step), slow)
        change = lanes.select(counts, lanes.number(2.0), lanes.number(-1.0))
        strikes = lanes.add(work.load("strikes"), lanes.select(worth, change, lanes.number(0.0)))
        strikes = lanes.at_least(lanes.number(0.0), strikes)
        work.store("strikes", strikes)
        stiff = lanes.both(worth, lanes.compare(">=", strikes, lanes.number(STRIKES)))
        result.value = lanes.select(stiff, lanes.number(code(Ending.STIFF)), ending)
    return result.value


def _is_hopeless(frame: Frame, used: ir.Value, ahead: ir.Value) -> ir.Value:
    """Whether the end will not be reached at this pace."""
    lanes = frame.lanes
    slow = lanes.compare(">", ahead, lanes.mul(lanes.number(HOPELESS), used))
    return lanes.both(slow, lanes.compare(">=", frame.work.load("steps"), lanes.number(PATIENCE)))


def _grows(frame: Frame, used: ir.Value) -> ir.Value:
    """Whether the next step is much longer, as after a jump of the slope, which soon is left behind."""
    lanes = frame.lanes
    return lanes.compare(">", lanes.abs(frame.work.load("h")), lanes.mul(lanes.number(1.5), used))


def _at_the_edge(frame: Frame, step: ExplicitStep) -> ir.Value:
    """Whether |h lambda|, estimated from the last two stages, is near to where the method stops being stable."""
    lanes, flow = frame.lanes, frame.flow
    farthest, steepest = flow.variable(lanes.number(0.0)), flow.variable(lanes.number(0.0))

    def of_state(j: Index) -> None:
        apart, rise = step.write_end_difference(frame, j)
        farthest.value = lanes.at_least(farthest.value, lanes.abs(apart))
        steepest.value = lanes.at_least(steepest.value, lanes.abs(rise))

    flow.each(frame.draft.n_states, of_state)
    stretched = lanes.mul(lanes.abs(frame.work.load("used")), steepest.value)
    return lanes.compare(">", stretched, lanes.mul(lanes.number(step.tableau.stability), farthest.value))
