"""Initial value problems against scipy, each side at the loosest tolerance that reaches the same error."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from odeplayground import dynamics, expr
from odeplayground.spec import System
from tests.benchmarks.clock import medians
from tests.benchmarks.row import Row

TOLERANCES = [10.0**-power for power in range(3, 12)]
ERROR = 1e-5
REPEATS = 7

Solve = Callable[[float], np.ndarray]
"""From a relative tolerance to states (n_states, n) or (m, n_states, n)."""


@dataclass(frozen=True)
class Problem:
    name: str
    text: str
    right_hand_side: Callable[..., Any]
    start: tuple[float, ...]
    end: float
    scipy_method: str


def pendulum(t: float, y: Any) -> list[float]:
    return [y[1], -0.25 * y[1] - 5.0 * math.sin(y[0])]


def van_der_pol(t: float, y: Any) -> list[float]:
    return [y[1], 100.0 * (1.0 - y[0] * y[0]) * y[1] - y[0]]


PENDULUM_TEXT = "theta' = omega\nomega' = -0.25*omega - 5*sin(theta)\n"
VAN_DER_POL_TEXT = "x' = v\nv' = 100*(1 - x^2)*v - x\n"
PROBLEMS = [
    Problem("pendulum", PENDULUM_TEXT, pendulum, (math.pi - 0.1, 0.0), 20.0, "RK45"),
    Problem(
        "stiff Van der Pol, mu = 100", "x' = v\nv' = 100*(1 - x^2)*v - x\n", van_der_pol, (2.0, 0.0), 60.0, "Radau"
    ),
]


def run() -> list[Row]:
    return [*(_one(problem) for problem in PROBLEMS), _many()]


def _one(problem: Problem) -> Row:
    system = parsed(problem.text)
    times = np.linspace(0.0, problem.end, 1000)
    span = (0.0, problem.end)

    def ours(rtol: float) -> np.ndarray:
        return dynamics.simulate(system, span, problem.start, t_eval=times, rtol=rtol, atol=1e-3 * rtol).y

    def peer(rtol: float, method: str = problem.scipy_method) -> np.ndarray:
        right = problem.right_hand_side
        return solve_ivp(right, span, problem.start, method, times, rtol=rtol, atol=1e-3 * rtol).y

    reference = peer(3e-14, "DOP853" if problem.scipy_method == "RK45" else "Radau")
    name = f"solve_ivp, {problem.scipy_method}"
    return _compared(f"simulate, {problem.name}", f"1000 points to t = {problem.end:g}", ours, peer, name, reference)


def _many() -> Row:
    """400 pendulums; scipy's fastest way is one stacked system with vectorised functions."""
    system = parsed(PENDULUM_TEXT)
    starts = np.random.default_rng(0).uniform((-3.0, -5.0), (3.0, 5.0), (400, 2))
    times, span = np.linspace(0.0, 10.0, 500), (0.0, 10.0)

    def stacked(_t: float, y: np.ndarray) -> np.ndarray:
        theta, omega = y.reshape(2, -1)
        return np.concatenate([omega, -0.25 * omega - 5.0 * np.sin(theta)])

    def ours(rtol: float) -> np.ndarray:
        return dynamics.simulate_many(system, starts, None, span, times, rtol=rtol, atol=1e-3 * rtol).y

    def peer(rtol: float, method: str = "RK45") -> np.ndarray:
        solved = solve_ivp(stacked, span, starts.T.ravel(), method, times, rtol=rtol, atol=1e-3 * rtol)
        return solved.y.reshape(2, 400, times.size).transpose(1, 0, 2)

    reference = peer(3e-14, "DOP853")
    return _compared("simulate_many", "400 pendulums x 500 points", ours, peer, "solve_ivp, stacked", reference)


def _compared(what: str, condition: str, ours: Solve, peer: Solve, peer_name: str, reference: np.ndarray) -> Row:
    tolerances = [_loosest(solve, reference) for solve in (ours, peer)]
    times = medians([lambda: ours(tolerances[0]), lambda: peer(tolerances[1])], REPEATS)
    condition += f", error {ERROR:g}, rtol {tolerances[0]:.0e} and {tolerances[1]:.0e}"
    return Row(what, 1e3 * times[0], "ms", condition, 1e3 * times[1], peer_name)


def _loosest(solve: Solve, reference: np.ndarray) -> float:
    """The largest tolerance with a relative root mean square error below the target."""
    for rtol in TOLERANCES:
        states = solve(rtol)
        if states.shape == reference.shape and _error(states, reference) < ERROR:
            return rtol
    raise RuntimeError(f"No tolerance down to {TOLERANCES[-1]:g} reaches the error {ERROR:g}.")


def _error(states: np.ndarray, reference: np.ndarray) -> float:
    return float(np.linalg.norm(states - reference) / np.linalg.norm(reference))


def parsed(text: str) -> System:
    system = expr.parse(text).system
    assert system is not None
    return system
