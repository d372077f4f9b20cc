"""Poincaré sections of many trajectories at once, quick enough to follow a slider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments, section_kernel
from odeplayground.dynamics.arrays import Flags, Floats, Integers, Values
from odeplayground.dynamics.poincare import illinois
from odeplayground.dynamics.recorders import ManySteps, Steps, extension
from odeplayground.dynamics.section import Section
from odeplayground.dynamics.simulate import task_of_many
from odeplayground.dynamics.solve import Solved, statuses
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, System

PER_STEP = 2
"""A step of the solver is looked at in so many parts."""


class ManyCrossings(msgspec.Struct, frozen=True, eq=False):
    """Where m trajectories meet a section: k points, one trajectory after the other, each in the order it goes."""

    lane: Integers
    """The trajectory of each point, (k,)."""
    t: Floats
    """(k,)"""
    y: Floats
    """(n_states, k)"""
    rising: Floats
    """1 where the section's expression rises along the trajectory, -1 where it falls, (k,)."""
    status: Values
    """How each trajectory ended, (m,): an array of :class:`Status`."""
    y_stop: Floats
    """Where each ended, (m, n_states): from there one can go on."""

    def __len__(self) -> int:
        return int(self.t.size)


def poincare_many(
    system: AnySystem,
    section: str | Mapping[str, float],
    initial: Mapping[str, ArrayLike] | ArrayLike,
    parameters: Mapping[str, float] | None = None,
    t_span: Sequence[float] = (0.0, 100.0),
    *,
    direction: int = 0,
    transient: float = 0.0,
    method: str = "auto",
    rtol: float = 1e-8,
    atol: float | ArrayLike = 1e-11,
    max_steps: int = 100_000,
    max_step: float | None = None,
    cancel: CancelToken | None = None,
) -> ManyCrossings:
    """The crossings of many trajectories with a section g = 0, located on the dense output of the solver.

    The same as :func:`poincare` for each of them, but all are solved together, and the steps are not kept. Native code
    looks at the ends of each step (two crossings within one go unseen) and finds the zero by the ITP method; where the
    system has networks in it, or the method is one of scipy's, each step is looked at in two parts. While a section at
    the value of a state is moved, nothing is compiled.

    Args:
        system: typed equations or a trained network.
        section: an expression such as ``"z - 27"``, or the value of one state, ``{"z": 27}``.
        initial: states at the begin (m, n_states), or by name, as for :func:`simulate_many`.
        parameters: values that replace the system's own, by name.
        t_span: begin and end, for all of them.
        direction: 1 for crossings at which g rises, -1 for those at which it falls, 0 for both.
        transient: crossings within this time after the begin are left out.
        method: of the solver, like all that follows.
        rtol: relative tolerance.
        atol: absolute tolerance.
        max_steps: per trajectory.
        max_step: of the methods that choose their steps.
        cancel: looked at before every step; crossings found by then are given.

    Raises:
        ValueError: if an argument is wrong, with a sentence that says which.
    """
    if direction not in (-1, 0, 1):
        raise ValueError("The direction is 1, -1 or 0 for both.")
    if arguments.number("The transient", transient) < 0:
        raise ValueError("The transient has to be a time not below zero.")
    surface = Section(system, section, arguments.parameter_values(system, parameters))
    chosen, span = arguments.method_of(method), arguments.time_span(t_span)
    task = task_of_many(
        system, initial, parameters, span, rtol, atol, max_steps=max_steps, max_step=max_step, cancel=cancel
    )
    if isinstance(system, System) and section_kernel.suits(system, chosen):
        result, rows = section_kernel.crossings(task, system, section, chosen)
        lane, t, rising = rows[:, 0].astype(np.int64), rows[:, 2], 1.0 - 2.0 * rows[:, 1]
        kept = _wanted(t, rising, span[0], transient, direction)
        return ManyCrossings(
            lane[kept], t[kept], rows[kept, 3:].T, rising[kept], statuses(result.endings), result.y.T.copy()
        )
    recorder = ManySteps(task.y0.shape[0])
    with np.errstate(all="ignore"):
        solved = Solved(task, chosen, recorder=recorder)
        steps = recorder.steps()
        number, t, rising = _located(steps, surface)
        kept = _wanted(t, rising, span[0], transient, direction)
        number, t, rising = number[kept], t[kept], rising[kept]
        states, ends = _states(steps, number, t), solved.outcome.y.T.copy()
        return ManyCrossings(steps.lane[number], t, states, rising, solved.statuses, ends)


def _wanted(t: Floats, rising: Floats, begin: float, transient: float, direction: int) -> Flags:
    after = np.abs(t - begin) >= transient
    return after & (rising == direction) if direction else after


def _located(steps: Steps, surface: Section) -> tuple[Integers, Floats, Floats]:
    """In which steps crossings lie, at which times, and in which sense."""
    count = steps.lane.size
    if not count:
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
    # The parts of each step, and the value at the begin of each, one after the other; then that at the end.
    number, share = np.repeat(np.arange(count), PER_STEP), np.tile(np.arange(PER_STEP) / PER_STEP, count)
    begins = steps.t[number] + (steps.t_new - steps.t)[number] * share
    at_begin = surface(begins, _states(steps, number, begins))
    ends = np.append(begins[1:], 0.0)
    ends[PER_STEP - 1 :: PER_STEP] = steps.t_new
    at_end = np.append(at_begin[1:], 0.0)
    at_end[PER_STEP - 1 :: PER_STEP] = surface(steps.t_new, steps.y_new)
    side = _sides(np.sign(at_begin), steps.lane[number])
    after = np.sign(at_end)
    crossed = np.flatnonzero(side * after < 0)
    number = number[crossed]
    a, b, at_a, at_b = (of[crossed] for of in (begins, ends, at_begin, at_end))
    # Right on the section at the begin of a part, it crossed there.
    inside = at_a != 0
    t = a.copy()
    t[inside] = illinois(
        lambda times: _states(steps, number[inside], times), surface, *(of[inside] for of in (a, b, at_a, at_b))
    )
    return number, t, after[crossed]


def _sides(signs: Floats, lane: Integers) -> Floats:
    """Signs, with those on the section taken from before, of the same trajectory; 0 where it begins there."""
    if signs.all():
        return signs
    at = np.where(signs != 0, np.arange(signs.size), -1)
    before = np.maximum.accumulate(at)
    known = (before >= 0) & (lane[before] == lane)
    result: Floats = np.where(known, signs[before], 0.0)
    return result


def _states(steps: Steps, number: Integers, t: Floats) -> Floats:
    """States (n_states, k) at times (k,) within the steps with these numbers."""
    begin = steps.t[number]
    return extension(steps.pieces.take(number, axis=2), (t - begin) / (steps.t_new[number] - begin))
