"""Poincaré sections: the points at which a trajectory crosses a surface."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.section import Section
from odeplayground.dynamics.simulate import simulate
from odeplayground.dynamics.solution import Solution
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem

PER_STEP = 4
"""A step of the solver is looked at in so many parts: it may cross the section more than once."""
AT_ONCE = 1000
"""So many steps lie between two looks at the cancel token: a few milliseconds."""
TOGETHER = 100
"""So many crossings are refined together, for the same reason."""
REFINEMENTS = 80
"""The most iterations of the root finder, which needs about eight."""


class Crossings(msgspec.Struct, frozen=True, eq=False):
    """Where a trajectory meets a section."""

    t: Floats
    """Times (k,), in the direction of the solution."""
    y: Floats
    """States (n_states, k)."""
    rising: Floats
    """1 where the section's expression rises along the trajectory, -1 where it falls, (k,)."""
    solution: Solution
    """The trajectory, with its status and message."""
    complete: bool = True
    """Whether all of the trajectory was searched; not so where the search was cancelled."""

    def __len__(self) -> int:
        return int(self.t.size)

    def __repr__(self) -> str:
        end = "" if self.complete else " The search was cancelled."
        return f"<Crossings {', '.join(self.solution.names)}: {len(self)} points. {self.solution.message}{end}>"


def poincare(
    system: AnySystem,
    section: str | Mapping[str, float],
    t_span: Sequence[float] | None = None,
    initial: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    direction: int = 0,
    transient: float = 0.0,
    method: str = "auto",
    rtol: float = 1e-9,
    atol: float | ArrayLike = 1e-12,
    max_steps: int = 1_000_000,
    cancel: CancelToken | None = None,
) -> Crossings:
    """The crossings of a trajectory with a section g = 0, located on the dense output of the solver.

    The sign of g is looked at four times per step of the solver; where it changes the zero is found by the Illinois
    method (Dowell and Jarratt, BIT 11 (1971) 168), to the resolution of time. A trajectory that touches the section
    without crossing it, or crosses it twice within a quarter of a step, may be missed.

    Args:
        system: typed equations or a trained network.
        section: an expression of states, parameters, definitions and t, such as ``"z - 27"``, or ``{"z": 27}``.
        t_span: begin and end; by default the system's own.
        initial: the state at the begin, as for :func:`simulate`.
        parameters: values that replace the system's own, by name.
        direction: 1 for crossings at which g rises, -1 for those at which it falls, 0 for both.
        transient: crossings within this time after the begin are left out.
        method: of the solver, like all that follows.
        rtol: relative tolerance.
        atol: absolute tolerance.
        max_steps: after so many steps the solution stops.
        cancel: looked at before every step, and again in the search; crossings found by then are given.

    Raises:
        ValueError: if an argument is wrong, with a sentence that says which.
    """
    if direction not in (-1, 0, 1):
        raise ValueError("The direction is 1, -1 or 0 for both.")
    if arguments.number("The transient", transient) < 0:
        raise ValueError("The transient has to be a time not below zero.")
    surface = Section(system, section, arguments.parameter_values(system, parameters))
    solution = simulate(
        system, t_span, initial, parameters, method=method, rtol=rtol, atol=atol, max_steps=max_steps, cancel=cancel
    )
    with np.errstate(all="ignore"):
        t, rising, complete = _located(solution, surface, cancel)
    wanted = np.abs(t - solution.span[0]) >= transient
    if direction:
        wanted &= rising == direction
    t, rising = t[wanted], rising[wanted]
    return Crossings(t, solution(t), rising, solution, complete)


def _located(solution: Solution, surface: Section, cancel: CancelToken | None) -> tuple[Floats, Floats, bool]:
    """Times of all crossings, in which sense, and whether these are all."""
    found, searched = [_NONE], True
    for brackets in _bracketed(solution, surface, cancel):
        if brackets is None:
            searched = False
            break
        found.append(brackets)
    brackets = np.concatenate(found, axis=1)
    refined = []
    for begin in range(0, brackets.shape[1], TOGETHER):
        if begin and cancel is not None and cancel.cancelled:
            searched = False
            break
        refined.append(illinois(solution, surface, *brackets[:, begin : begin + TOGETHER]))
    t = np.concatenate(refined) if refined else np.empty(0)
    return t, np.sign(brackets[3, : t.size]), searched


_NONE = np.empty((4, 0))


def _bracketed(solution: Solution, surface: Section, cancel: CancelToken | None) -> Iterator[Floats | None]:
    """Where the sign changes: times before and after, and the values there, (4, k) for some steps after the other.

    ``None`` in the end if cancelled, but not before the first.
    """
    ends = solution.t
    shares = np.arange(PER_STEP) / PER_STEP
    before = np.empty((2, 0))
    for begin in range(0, max(ends.size - 1, 1), AT_ONCE):
        if begin and cancel is not None and cancel.cancelled:
            yield None
            return
        part = ends[begin : begin + AT_ONCE + 1]
        times = np.append((part[:-1, None] + np.diff(part)[:, None] * shares).ravel(), part[-1])
        samples = np.concatenate([before, [times, surface(times, solution(times))]], axis=1)
        # A sample right on the section belongs to the side it comes from, so that it is counted once.
        samples = samples[:, (samples[1] > 0) | (samples[1] < 0)]
        change = np.flatnonzero(np.sign(samples[1, 1:]) * np.sign(samples[1, :-1]) < 0)
        yield samples[:, [change, change + 1]].transpose(1, 0, 2)[[0, 1, 0, 1], [0, 0, 1, 1]]
        before = samples[:, -1:]


def illinois(
    solution: Callable[[Floats], Floats], surface: Section, a: Floats, b: Floats, at_a: Floats, at_b: Floats
) -> Floats:
    """Zeros between times a and b, all at once; the value at an end that stays is halved, so that both ends move.

    ``solution`` gives states (n_states, k) at times (k,), one for each bracket.
    """
    for _ in range(REFINEMENTS):
        width = np.abs(b - a)
        if not (width > 4 * np.spacing(np.maximum(np.abs(a), np.abs(b)))).any():
            break
        c = b - at_b * (b - a) / (at_b - at_a)
        c = np.where((c - a) * (c - b) <= 0, c, 0.5 * (a + b))
        at_c = surface(c, solution(c))
        crossed = at_c * at_b < 0
        a, at_a = np.where(crossed, b, a), np.where(crossed, at_b, 0.5 * at_a)
        b, at_b = c, at_c
        exact = at_c == 0
        a = np.where(exact, c, a)
        at_a = np.where(exact, 1.0, at_a)
    return b
