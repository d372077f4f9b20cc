"""Solvers of ours in the state in which they stay: with the kernels that are made in the background after a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from odeplayground import dynamics
from odeplayground.dynamics.kernels.store import WORTH_IT, wait_for_workshop
from tests.benchmarks.problems import Problem


def settle(action: Callable[[], Any]) -> Any:
    """Call it until its kernels are optimised; the last result."""
    for _ in range(WORTH_IT):
        action()
    wait_for_workshop()
    return action()


def many(problem: Problem, starts: np.ndarray, times: np.ndarray | None, rtol: float, **more: Any) -> dynamics.Ensemble:
    """``simulate_many`` with an absolute tolerance a thousandth of the relative one, as the peers have it."""
    options = {"rtol": rtol, "atol": 1e-3 * rtol} | more
    return dynamics.simulate_many(problem.system, starts, None, (0.0, problem.end), times, **options)


def relative_error(states: np.ndarray, exact: np.ndarray) -> float:
    """Root mean square of the errors over that of the states."""
    return float(np.linalg.norm(states - exact) / np.linalg.norm(exact))
