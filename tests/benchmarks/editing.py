"""From an edited text to its first curves, for systems that nobody has seen before."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from odeplayground import dynamics, expr
from tests.benchmarks import peer_heyoka
from tests.benchmarks.child import measure
from tests.benchmarks.problems import PENDULUM, Problem
from tests.benchmarks.row import Row

BUDGETS = {1: 60.0, 2: 100.0, 6: 250.0}
"""Milliseconds by number of pendulums."""
COUNT, POINTS = 400, 500
PROCESSES, FURTHER = 3, 3
BATCH = 8
CODE = "from tests.benchmarks import editing\nediting.tell()\n"


def run() -> list[Row]:
    found = [measure(CODE) for _ in range(PROCESSES)]
    return [_row(pendulums, [times[str(pendulums)] for times in found]) for pendulums in BUDGETS]


def _row(pendulums: int, runs: list[dict[str, list[float]]]) -> Row:
    firsts = [times["ours"][0] for times in runs]
    further = min(time for times in runs for time in times["ours"][1:])
    peer = min(times["heyoka"][0] for times in runs)
    condition = f"{2 * pendulums} equations, to {COUNT} x {POINTS}, best of {PROCESSES} processes"
    note = f"worst {max(firsts):.0f} ms; further edits of as many equations from {further:.0f} ms"
    name = f"heyoka, from symbols to the first {BATCH} end states"
    return Row("edit to first picture", min(firsts), "ms", condition, peer, name, BUDGETS[pendulums], note)


def tell() -> None:
    """In a process of its own, which has warmed up as the program does: times by number of pendulums."""
    dynamics.warm_up()
    _first_picture(PENDULUM)
    # As the program does when it is idle: a collection looks at all that was ever loaded.
    gc.freeze()
    gc.disable()
    found = {}
    for pendulums in BUDGETS:
        texts = [chain(pendulums, 4.0 + 0.1 * number) for number in range(1 + FURTHER)]
        found[pendulums] = {
            "ours": [_first_picture(problem) for problem in texts],
            "heyoka": [_first_ends(problem) for problem in texts],
        }
    print(json.dumps(found))


def chain(pendulums: int, strength: float) -> Problem:
    """Pendulums in a row, each pulled by the one before; numbers in the text make it a system of its own."""
    lines = []
    for i in range(pendulums):
        lines.append(f"theta{i}' = omega{i}\n")
        pull = f"{strength}*sin(theta{i}) - 0.3*sin(theta{i} - theta{i - 1})" if i else f"{strength}*sin(theta0)"
        lines.append(f"omega{i}' = -0.25*omega{i} - {pull}\n")

    def field(sin: Callable[[Any], Any], *y: Any) -> list[Any]:
        slopes: list[Any] = []
        for i, (theta, omega) in enumerate(zip(y[::2], y[1::2], strict=True)):
            pull = strength * sin(theta)
            if i:
                pull = pull + 0.3 * sin(theta - y[2 * i - 2])
            slopes += [omega, -0.25 * omega - pull]
        return slopes

    low, high = (-3.0, -5.0) * pendulums, (3.0, 5.0) * pendulums
    return Problem(f"{pendulums} pendulums", "".join(lines), field, low, high, 10.0)


def _first_picture(problem: Problem) -> float:
    starts, times = problem.starts(COUNT), np.linspace(0.0, problem.end, POINTS)
    begin = time.perf_counter()
    system = expr.parse(problem.text).system
    assert system is not None
    solved = dynamics.simulate_many(system, starts, None, (0.0, problem.end), times)
    spent = time.perf_counter() - begin
    assert np.isfinite(solved.y).all()
    return 1e3 * spent


def _first_ends(problem: Problem) -> float:
    starts = problem.starts(BATCH)
    begin = time.perf_counter()
    peer_heyoka.prepared(problem, starts, 1e-6, BATCH)()
    return 1e3 * (time.perf_counter() - begin)
