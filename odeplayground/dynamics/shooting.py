"""Closed orbits of systems with more than two states: trajectories that recur, refined by shooting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.cycle import LimitCycle, closed_orbit
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.seeds import seeds
from odeplayground.dynamics.simulate import simulate, simulate_many
from odeplayground.dynamics.solution import Solution
from odeplayground.dynamics.variational import gauss_times, in_turn, propagators
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem, Status

STARTS = 24
FOLLOWED = 8
"""So many of the trajectories are looked at for recurrences."""
SAMPLES = 4000
LEFT, BACK = 0.3, 0.1
"""A trajectory recurs that was further away than the first share of its size, and comes back within the second."""
ITERATIONS = 15
CONVERGED = 1e-9
MOST = 12
GRID = 420
"""Pieces of time to tell several turns from one: two to five equal parts begin on this grid."""
SAME = 1e-4


def recurrent_orbits(
    system: AnySystem,
    parameters: Mapping[str, float] | None,
    field: BoundField,
    box: Floats,
    tell: Callable[[float], object],
    cancel: CancelToken | None,
) -> list[LimitCycle]:
    """Closed orbits inside of a box (n_states, 2)."""
    width = box[:, 1] - box[:, 0]
    time = max(abs(system.t_span[1] - system.t_span[0]), 100 / _rate(field, box))
    orbits: list[LimitCycle] = []
    for half, sign in enumerate((1.0, -1.0)):
        if _stopped(cancel):
            return orbits
        starts = _settled(system, parameters, box, sign * time, cancel)
        for number, start in enumerate(starts):
            tell(0.5 * (half + number / max(1, len(starts))))
            if _stopped(cancel) or len(orbits) == MOST:
                return orbits
            if any(orbit.distance(start[:, None], width)[0] < 1e-3 for orbit in orbits):
                continue
            for state, period in _recurrences(system, parameters, start, sign * time, width, cancel):
                solution = _shoot(system, parameters, field, state, period, width, cancel)
                orbit = None if solution is None else closed_orbit(field, solution, width, cancel=cancel)
                if orbit is None:
                    continue
                inside = ((orbit.y >= box[:, :1]) & (orbit.y <= box[:, 1:])).all()
                if inside and not any(_same(orbit, other, width) for other in orbits):
                    orbits.append(orbit)
    tell(1.0)
    return orbits


def _stopped(cancel: CancelToken | None) -> bool:
    return cancel is not None and cancel.cancelled


def _rate(field: BoundField, box: Floats) -> float:
    matrices = field.jacobian(0.0, seeds(box)).transpose(2, 0, 1)
    sizes = np.linalg.norm(matrices[np.isfinite(matrices).all(axis=(1, 2))], axis=(1, 2))
    return max(float(np.median(sizes)), 1e-12) if sizes.size else 1.0


def _settled(
    system: AnySystem, parameters: Mapping[str, float] | None, box: Floats, time: float, cancel: CancelToken | None
) -> Floats:
    """States (k, n_states) of trajectories after a time, that are near to the box and still move."""
    all_seeds = seeds(box)
    starts = all_seeds[:, :: max(1, all_seeds.shape[1] // STARTS)].T[:STARTS]
    times = np.array([0.9 * time, time])
    ensemble = simulate_many(
        system, starts, parameters, (0.0, time), times, rtol=1e-7, atol=1e-9, max_steps=20_000, cancel=cancel
    )
    before, after = ensemble.y[:, :, 0], ensemble.y[:, :, 1]
    width = box[:, 1] - box[:, 0]
    middle = box.mean(axis=1)
    near = np.abs((after - middle) / width).max(axis=1) < 1.5
    moving = np.abs((after - before) / width).max(axis=1) > 1e-6
    result: Floats = after[np.logical_and(near, moving)][:FOLLOWED]
    return result


def _recurrences(
    system: AnySystem,
    parameters: Mapping[str, float] | None,
    start: Floats,
    time: float,
    width: Floats,
    cancel: CancelToken | None,
) -> list[tuple[Floats, float]]:
    """The state and how long it takes to come back close to it, for the first and the closest recurrence."""
    solution = simulate(
        system, (0.0, time), start, parameters, rtol=1e-8, atol=1e-10 * width, max_steps=50_000, cancel=cancel
    )
    if _stopped(cancel):
        return []
    times = np.linspace(0.0, solution.span[1], SAMPLES)
    path = solution(times)
    extent = np.maximum(np.ptp(path, axis=1), 1e-9 * width)
    distance = np.abs((path - start[:, None]) / extent[:, None]).max(axis=0)
    away = np.maximum.accumulate(distance > LEFT)
    lowest = np.flatnonzero(
        away[1:-1] & (distance[1:-1] < BACK) & (distance[1:-1] <= distance[:-2]) & (distance[1:-1] < distance[2:])
    )
    if not lowest.size:
        return []
    chosen = dict.fromkeys((int(lowest[0]), int(lowest[np.argmin(distance[1:-1][lowest])])))
    return [(start, float(times[k + 1])) for k in chosen]


def _shoot(
    system: AnySystem,
    parameters: Mapping[str, float] | None,
    field: BoundField,
    state: Floats,
    period: float,
    width: Floats,
    cancel: CancelToken | None,
) -> Solution | None:
    """Newton's method for y(T) = y(0) with a step at right angles to the flow (Seydel, section 7.2.2)."""
    n = state.size
    limit = 2 * abs(period)
    for _ in range(ITERATIONS):
        if _stopped(cancel):
            return None
        solution = simulate(
            system, (0.0, period), state, parameters, rtol=1e-10, atol=1e-12 * width, max_steps=50_000, cancel=cancel
        )
        if solution.status is not Status.FINISHED:
            return None
        nodes = gauss_times(solution.t)
        monodromy = in_turn(propagators(field, nodes, solution(nodes), np.diff(solution.t)))
        end = solution.y[:, -1]
        slopes = field.rhs(0.0, np.stack([state, end], axis=1))
        residual = (end - state) / width
        # In widths of the box, so that units do not matter.
        matrix = np.zeros((n + 1, n + 1))
        matrix[:n, :n] = monodromy * width / width[:, None] - np.eye(n)
        matrix[:n, n] = slopes[:, 1] / width
        matrix[n, :n] = slopes[:, 0] / width
        if not np.isfinite(matrix).all():
            return None
        step = np.linalg.lstsq(matrix, -np.append(residual, 0.0), rcond=1e-12)[0]
        if np.abs(residual).max() < CONVERGED:
            return solution if _is_orbit(solution, width) else None
        shrink = min(
            1.0, 0.2 / max(float(np.abs(step[:n]).max()), 1e-300), 0.2 * abs(period) / max(abs(step[n]), 1e-300)
        )
        state, period = state + shrink * width * step[:n], period + shrink * float(step[n])
        if not 0.02 * limit < abs(period) < limit:
            return None
    return None


def _is_orbit(solution: Solution, width: Floats) -> bool:
    """Whether it goes around once: it is no equilibrium, and no shorter part of it is closed already."""
    times = np.linspace(*solution.span, GRID + 1)
    path = solution(times) / width[:, None]
    size = float(np.ptp(path, axis=1).max())
    if size < 1e-5:
        return False
    return all(
        np.abs(path[:, -1] - path[:, GRID - GRID // parts]).max() > 1e-3 * size
        or np.abs(solution(solution.span[1] / parts) / width - path[:, 0]).max() > 1e-6
        for parts in (2, 3, 4, 5)
    )


def _same(one: LimitCycle, other: LimitCycle, scale: Floats) -> bool:
    return bool(one.distance(other.y[:, ::20], scale).max() < SAME)
