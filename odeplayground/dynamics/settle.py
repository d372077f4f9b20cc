"""Following a trajectory until it has settled: at an equilibrium, or on a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.simulate import simulate
from odeplayground.dynamics.solution import Solution
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, Status

DOUBLINGS = 7
"""It is followed for the time span, twice, four times ... as long, up to two to this power."""
RTOL, ATOL = 1e-8, 1e-11
_PER_STEP = 4
"""Each step of the solver is looked at in so many places."""
_MOST_POINTS = 40_000
_STILL = 0.25
"""At rest is what stays within the tolerance for this share of the whole time, at its end,"""
_SLOW = 0.02
"""and creeps by no more than this share of the tolerance per such time when it ends: what creeps on is not settled."""
_ALONG = 400
"""Points of a period that are compared with the period before."""
_RETURNS = 6
"""Earlier returns to the last state that are tried as a period: one turn of a cycle may come near several times."""
_BISECTIONS = 60


class Rest(StrEnum):
    """Where a trajectory ends up."""

    EQUILIBRIUM = "equilibrium"
    CYCLE = "cycle"
    NONE = "none"


class Settled(msgspec.Struct, frozen=True, eq=False):
    """How a trajectory settled, or that it did not."""

    rest: Rest
    time: float
    """From when on it stays within the tolerance of where it settles; if it does not, how far it was followed."""
    state: Floats
    """The last state (n_states,)."""
    t_end: float
    """The time of that state."""
    period: float | None = None
    """Of the cycle."""
    status: Status = Status.FINISHED
    """How the solution ended that was followed."""
    message: str = ""
    """A sentence if it did not reach the end of the time."""


def settle(
    system: AnySystem,
    t_span: Sequence[float],
    initial: Mapping[str, float] | ArrayLike | None = None,
    parameters: Mapping[str, float] | None = None,
    *,
    method: str = "auto",
    tolerance: float = 1e-4,
    doublings: int = DOUBLINGS,
    cancel: CancelToken | None = None,
) -> Settled:
    """Follow a trajectory until it settles, for at most ``2**doublings`` times the time span.

    It has settled at an equilibrium when it moves no further than the tolerance for a quarter of the time, and on a
    cycle when its last period repeats the one before within the tolerance. Distances are in shares of the extent of
    each state along the whole trajectory. What was computed is evidence, not proof: something slow enough looks like
    an equilibrium. A driven system can settle on a cycle too.

    Args:
        system: typed equations or a trained network.
        t_span: begin, and the end of the first look.
        initial: as for :func:`simulate`.
        parameters: as for :func:`simulate`.
        method: as for :func:`simulate`; tolerances are 1e-8 and 1e-11.
        tolerance: how close counts as settled.
        doublings: how often the time is doubled at most.
        cancel: looked at before every step; then the result is that nothing settled.

    Raises:
        ValueError: if an argument is wrong, with a sentence that says which.
    """
    begin, length = float(t_span[0]), float(t_span[1]) - float(t_span[0])
    for k in range(doublings + 1):
        end = begin + length * 2**k
        solution = simulate(
            system, (begin, end), initial, parameters, None, method, RTOL, ATOL, max_steps=400_000, cancel=cancel
        )
        reached = solution.span[1]
        if solution.status is not Status.FINISHED or (cancel is not None and cancel.cancelled):
            return Settled(
                Rest.NONE, reached, solution.y[:, -1], reached, status=solution.status, message=solution.message
            )
        found = _at_rest(solution, tolerance) or _on_cycle(solution, tolerance)
        if found is not None:
            return found
    return Settled(Rest.NONE, reached, solution.y[:, -1], reached)


def _at_rest(solution: Solution, tolerance: float) -> Settled | None:
    t, y = _points(solution)
    last = y[:, -1:]
    away = np.abs((y - last) / _extent(y)).max(axis=0)
    begin, end = solution.span
    outside = np.flatnonzero(away > tolerance)
    since = begin if not outside.size else float(t[min(outside[-1] + 1, t.size - 1)])
    if end - since < _STILL * (end - begin):
        return None
    late = solution(end - _STILL * 0.5 * (end - begin))
    creep = float(np.abs((late[:, None] - last) / _extent(y)).max())
    if creep > _SLOW * tolerance and away[outside].size:
        return None
    return Settled(Rest.EQUILIBRIUM, since, last[:, 0], end)


def _on_cycle(solution: Solution, tolerance: float) -> Settled | None:
    t, y = _points(solution)
    extent = _extent(y)
    begin, end = solution.span
    last = y[:, -1]
    ahead = last - solution(end - 1e-4 * (t[-1] - t[-1 - _PER_STEP]))
    normal = ahead / extent[:, 0] ** 2
    if not np.abs(ahead / extent[:, 0]).max() > 0:
        return None
    # The trajectory passes the plane through its last state, in the same direction and close to it, once per period.
    height = normal @ (y - last[:, None])
    up = np.flatnonzero((height[:-1] < 0) & (height[1:] >= 0))[::-1]
    near = [i for i in up if np.abs((y[:, i] - last) / extent[:, 0]).max() < 0.25 and t[i + 1] < end]
    for i in near[:_RETURNS]:
        period = end - _crossing(solution, normal, last, float(t[i]), float(t[i + 1]))
        if 2 * period > end - begin:
            return None
        if _repeats(solution, period, extent, tolerance):
            return Settled(Rest.CYCLE, _since(solution, period, t, y, extent, tolerance), last, end, period)
    return None


def _crossing(solution: Solution, normal: Floats, last: Floats, low: float, high: float) -> float:
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        if normal @ (solution(middle) - last) < 0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _repeats(solution: Solution, period: float, extent: Floats, tolerance: float) -> bool:
    end = solution.span[1]
    times = end - period * np.linspace(0.0, 1.0, _ALONG)
    apart = np.abs((solution(times) - solution(np.maximum(times - period, solution.span[0]))) / extent)
    moved = np.ptp(solution(times) / extent, axis=1).max()
    return bool(apart.max() < tolerance * min(1.0, moved) and moved > 10 * tolerance)


def _since(solution: Solution, period: float, t: Floats, y: Floats, extent: Floats, tolerance: float) -> float:
    """When it began to repeat itself."""
    begin, end = solution.span
    compared = t[t <= end - period]
    apart = np.abs((y[:, : compared.size] - solution(compared + period)) / extent).max(axis=0)
    outside = np.flatnonzero(apart > tolerance)
    return begin if not outside.size else float(compared[min(outside[-1] + 1, compared.size - 1)])


def _points(solution: Solution) -> tuple[Floats, Floats]:
    """Times (k,) at the ends of the steps and between them, and the states (n_states, k)."""
    pieces = max(1, min(_PER_STEP, _MOST_POINTS // max(1, solution.t.size)))
    shares = np.arange(pieces) / pieces
    times = (solution.t[:-1, None] + np.diff(solution.t)[:, None] * shares).ravel()
    times = np.append(times, solution.span[1])
    return times, solution(times)


def _extent(y: Floats) -> Floats:
    """How far each state moves, (n_states, 1). One that stands still is measured by its size."""
    extent = np.ptp(y, axis=1, keepdims=True)
    size = np.abs(y).max(axis=1, keepdims=True)
    result: Floats = np.maximum(extent, np.maximum(1e-6 * size, 1e-9))
    return result
