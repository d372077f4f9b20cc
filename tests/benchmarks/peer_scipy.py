"""Ensembles solved with scipy: as one stacked system, or one after the other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from tests.benchmarks.problems import Problem


def stacked(problem: Problem, starts: np.ndarray, times: np.ndarray | None, rtol: float, method: str = "RK45") -> Any:
    """All trajectories as one system, with vectorised functions: (m, n_states, n) at times, else ends (m, n_states)."""
    m, n = starts.shape

    def right_hand_side(_t: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate(problem.field(np.sin, *y.reshape(n, m)))

    at = (problem.end,) if times is None else times
    solved = solve_ivp(right_hand_side, (0.0, problem.end), starts.T.ravel(), method, at, rtol=rtol, atol=1e-3 * rtol)
    states = solved.y.reshape(n, m, -1).transpose(1, 0, 2)
    return states[:, :, 0] if times is None else states


def loop(problem: Problem, starts: np.ndarray, times: np.ndarray | None, rtol: float, method: str = "RK45") -> Any:
    """One after the other, with functions of plain numbers; a list of states (n_states, n)."""

    def right_hand_side(_t: float, y: np.ndarray) -> Any:
        return problem.field(math.sin, *y.tolist())

    span, atol = (0.0, problem.end), 1e-3 * rtol
    return [solve_ivp(right_hand_side, span, start, method, times, rtol=rtol, atol=atol).y for start in starts]
