"""The end states of 100 000 pendulums, with no points in between, on all processors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.benchmarks import peer_heyoka, peer_numba, peer_scipy
from tests.benchmarks.clock import best, seconds
from tests.benchmarks.peak import operations, peak
from tests.benchmarks.problems import PENDULUM
from tests.benchmarks.ready import many, relative_error, settle
from tests.benchmarks.row import Row

COUNT = 100_000
RTOL, EXACT = 1e-6, 1e-11
REPEATS = 5
CHECKED = 1024
"""Of so many trajectories the error is measured."""
LOOPED = 200
"""So many are solved in a loop of solve_ivp."""
TOLERANCES = [10.0 ** (-power / 2) for power in range(16, 31)]

Solve = Callable[[], np.ndarray]


def run() -> list[Row]:
    starts = PENDULUM.starts(COUNT)
    exact = peer_heyoka.reference(PENDULUM, starts[:CHECKED])
    return [*_at_tolerance(starts, exact), _at_error(starts, exact), _share(starts)]


def _at_tolerance(starts: np.ndarray, exact: np.ndarray) -> list[Row]:
    def ours() -> np.ndarray:
        return many(PENDULUM, starts, None, RTOL).y

    batch, taylor = _fastest(starts, RTOL)
    peers: list[tuple[str, Solve, float]] = [
        (f"heyoka, batches of {batch}", taylor, 2.3),
        ("numba, scalar Tsit5", lambda: peer_numba.pendulums(starts, PENDULUM.end, RTOL, 1e-3 * RTOL), 8.0),
    ]
    error = relative_error(settle(ours)[:CHECKED], exact)
    spent = best([ours, *(solve for _, solve, _ in peers)], REPEATS)
    rows = []
    for (name, solve, goal), time in zip(peers, spent[1:], strict=True):
        note = f"errors {error:.1g} and {relative_error(solve()[:CHECKED], exact):.1g}"
        rows.append(_row(f"rtol {RTOL:g}", spent[0], time, name, goal, note))
    return rows + _against_scipy(starts, spent[0])


def _against_scipy(starts: np.ndarray, spent: float) -> list[Row]:
    stacked = seconds(lambda: peer_scipy.stacked(PENDULUM, starts, None, RTOL))
    looped = seconds(lambda: peer_scipy.loop(PENDULUM, starts[:LOOPED], None, RTOL)) * COUNT / LOOPED
    return [
        _row(f"rtol {RTOL:g}", spent, stacked, "solve_ivp, stacked", 20.0, ""),
        _row(f"rtol {RTOL:g}", spent, looped, f"solve_ivp, loop, from {LOOPED}", 3000.0, ""),
    ]


def _at_error(starts: np.ndarray, exact: np.ndarray) -> Row:
    """Both sides at the loosest tolerance that brings the error of the end states below the target."""

    def ours(rtol: float, count: int = COUNT) -> np.ndarray:
        return many(PENDULUM, starts[:count], None, rtol, method="dop853", atol=rtol).y

    settle(lambda: ours(RTOL, CHECKED))
    rtol = _loosest(lambda tolerance: ours(tolerance, CHECKED), exact)
    tol = _loosest(lambda tolerance: peer_heyoka.prepared(PENDULUM, starts[:CHECKED], tolerance, 16)(), exact)
    batch, taylor = _fastest(starts, tol)
    spent = best([lambda: ours(rtol), taylor], REPEATS)
    condition = f"error {EXACT:g}, dop853 at {rtol:.1g} and heyoka at {tol:.1g}"
    return _row(condition, *spent, f"heyoka, batches of {batch}", 1.0, "")


def _share(starts: np.ndarray) -> Row:
    solved = settle(lambda: many(PENDULUM, starts, None, RTOL, method="tsit5"))
    attempts = solved.stats["steps"] + solved.stats["rejected"]
    spent = best([lambda: many(PENDULUM, starts, None, RTOL, method="tsit5")], REPEATS)[0]
    per_attempt, most = operations(PENDULUM.system), peak()
    reached = 1e-9 * attempts * per_attempt / spent
    condition = f"{COUNT} pendulums: {reached:.3g} of {most:.3g} GFLOP/s, the most that BLAS reaches on all processors"
    note = f"{attempts / COUNT:.0f} steps of {per_attempt} operations each; a multiply-add counts as two"
    return Row("share of the peak", 100.0 * reached / most, "%", condition, note=note)


def _fastest(starts: np.ndarray, tol: float) -> tuple[int, Solve]:
    """The batch with which heyoka is fastest, and its solver."""
    solvers = {batch: peer_heyoka.prepared(PENDULUM, starts, tol, batch) for batch in peer_heyoka.BATCHES}
    times = dict(zip(solvers, best(list(solvers.values()), 1), strict=True))
    batch = min(times, key=lambda number: times[number])
    return batch, solvers[batch]


def _loosest(solve: Callable[[float], Any], exact: np.ndarray, tolerances: Sequence[float] = TOLERANCES) -> float:
    for tolerance in tolerances:
        if relative_error(solve(tolerance), exact) <= EXACT:
            return tolerance
    raise RuntimeError(f"No tolerance down to {tolerances[-1]:g} reaches the error {EXACT:g}.")


def _row(condition: str, ours: float, peer: float, peer_name: str, goal: float, note: str) -> Row:
    what = f"{COUNT} pendulums"
    return Row(what, 1e3 * ours, "ms", condition, 1e3 * peer, peer_name, None, note, goal)
