"""Pictures of 400 trajectories with 500 points each, and whole portraits."""

from __future__ import annotations

from typing import Any

import numpy as np

from odeplayground import dynamics
from odeplayground.spec import EquilibriumKind
from tests.benchmarks.clock import best, seconds
from tests.benchmarks.peer_heyoka import reference
from tests.benchmarks.peer_scipy import loop, stacked
from tests.benchmarks.problems import BLOW_UP, LORENZ, PENDULUM, VAN_DER_POL, Problem
from tests.benchmarks.ready import many, relative_error, settle
from tests.benchmarks.row import Row

COUNT, POINTS = 400, 500
RTOL = 1e-6
REPEATS = 30
CHECKED = 40
"""Of so many trajectories the error is measured."""
STIFF_CHECKED, STIFF_LOOPED, STIFF_RTOL = 1, 2, 1e-8
BOUNDS = {"theta": (-7.0, 7.0), "omega": (-8.0, 8.0)}


def run() -> list[Row]:
    return [_smooth(PENDULUM, 2.0), _smooth(LORENZ, 5.0), _stiff(), _blow_up(), _portrait()]


def _smooth(problem: Problem, budget: float) -> Row:
    starts, times = problem.starts(COUNT), np.linspace(0.0, problem.end, POINTS)
    exact = reference(problem, starts[:CHECKED])
    ends = [solved[:CHECKED, :, -1] for solved in (_settled(problem), stacked(problem, starts, times, RTOL))]
    ours = best([lambda: many(problem, starts, times, RTOL)], REPEATS)[0]
    peer = best([lambda: stacked(problem, starts, times, RTOL)], 2)[0]
    errors = " and ".join(f"{relative_error(states, exact):.1g}" for states in ends)
    note = f"errors at the end {errors}"
    return _row(problem, ours, peer, "solve_ivp, stacked", budget, note)


def _stiff() -> Row:
    problem, budget = VAN_DER_POL, 12.0
    starts, times = problem.starts(COUNT), np.linspace(0.0, problem.end, POINTS)
    exact = np.array(loop(problem, starts[:STIFF_CHECKED], times, STIFF_RTOL, "Radau"))
    solved = _settled(problem)[:STIFF_CHECKED]
    ours = best([lambda: many(problem, starts, times, RTOL)], REPEATS)[0]
    peer = COUNT / STIFF_LOOPED * seconds(lambda: loop(problem, starts[:STIFF_LOOPED], times, RTOL, "LSODA"))
    note = f"error over the span {relative_error(solved, exact):.1g}, against Radau at {STIFF_RTOL:g}"
    return _row(problem, ours, peer, f"solve_ivp, LSODA, loop, from {STIFF_LOOPED}", budget, note)


def _blow_up() -> Row:
    problem, few = BLOW_UP, 4
    starts, times = problem.starts(COUNT), np.linspace(0.0, problem.end, POINTS)
    settle(lambda: many(problem, starts, times, RTOL))
    statuses = {str(status) for status in many(problem, starts, times, RTOL).status}
    ours = best([lambda: many(problem, starts, times, RTOL)], REPEATS)[0]
    with np.errstate(all="ignore"):
        peer = COUNT / few * seconds(lambda: loop(problem, starts[:few], None, RTOL))
    return _row(problem, ours, peer, f"solve_ivp, loop, from {few}", 10.0, f"ended as {', '.join(sorted(statuses))}")


def _settled(problem: Problem) -> np.ndarray:
    times = np.linspace(0.0, problem.end, POINTS)
    solved: np.ndarray = settle(lambda: many(problem, problem.starts(COUNT), times, RTOL)).y
    return solved


def _row(problem: Problem, ours: float, peer: float, peer_name: str, budget: float, note: str) -> Row:
    condition = f"{problem.name}, T = {problem.end:g}, rtol {RTOL:g}"
    return Row(f"{COUNT} x {POINTS}", 1e3 * ours, "ms", condition, 1e3 * peer, peer_name, budget, note)


def _portrait() -> Row:
    """Everything in the picture, against scipy for two of its parts: the others have no common peer."""
    system, starts = PENDULUM.system, PENDULUM.starts(COUNT)
    times, x, y = np.linspace(0.0, PENDULUM.end, POINTS), BOUNDS["theta"], BOUNDS["omega"]

    parts = {
        "trajectories": lambda: many(PENDULUM, starts, times, RTOL),
        "nullclines": lambda: dynamics.nullclines(system, "theta", "omega", x, y, resolution=(200, 200)),
        "equilibria": lambda: dynamics.equilibria(system, BOUNDS),
        "separatrices": lambda: dynamics.separatrices(system, saddles, BOUNDS),
        "streamlines": lambda: dynamics.streamlines(system, "theta", "omega", x, y),
    }
    saddles = [point for point in parts["equilibria"]() if point.kind is EquilibriumKind.SADDLE]
    for part in parts.values():
        settle(part)
    spent = best(list(parts.values()), REPEATS)
    whole = best([lambda: [part() for part in parts.values()]], REPEATS)[0]
    peer = best([lambda: (stacked(PENDULUM, starts, times, RTOL), _roots())], 1)[0]
    note = ", ".join(f"{name} {1e3 * time:.2g}" for name, time in zip(parts, spent, strict=True))
    condition = f"pendulum, {COUNT} x {POINTS} and the rest"
    name = "scipy, trajectories and 256 roots only"
    return Row("whole portrait", 1e3 * whole, "ms", condition, 1e3 * peer, name, 10.0, f"ms: {note}")


def _roots() -> list[Any]:
    from scipy.optimize import root

    seeds = np.stack(np.meshgrid(*(np.linspace(*pair, 16) for pair in BOUNDS.values())), -1).reshape(-1, 2)
    return [root(lambda state: PENDULUM.field(np.sin, *state), seed) for seed in seeds]
