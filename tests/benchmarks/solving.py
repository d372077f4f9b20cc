"""One trajectory with 1000 points, each side at the loosest tolerance that reaches the same error."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import odeint, solve_ivp

from odeplayground import dynamics
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.kernels.batch import Batch
from odeplayground.dynamics.kernels.run import solve
from odeplayground.dynamics.kernels.tableaus.tsit5 import TSIT5
from odeplayground.spec import System
from tests.benchmarks import peer_heyoka
from tests.benchmarks.clock import best, medians
from tests.benchmarks.problems import PENDULUM, parsed
from tests.benchmarks.ready import relative_error, settle
from tests.benchmarks.row import Row

TOLERANCES = [10.0 ** (-power / 2) for power in range(6, 24)]
ERROR = 1e-5
REPEATS, SLOW_REPEATS = 300, 7
END, POINTS = 20.0, 1000
START = (math.pi - 0.1, 0.0)
STIFF_TEXT, STIFF_START, STIFF_END = "x' = v\nv' = 100*(1 - x^2)*v - x\n", (2.0, 0.0), 200.0

Action = Callable[[], np.ndarray]
Method = Callable[[float], Action]
"""From a relative tolerance to a function that gives the states (n_states, n)."""


def run() -> list[Row]:
    return [*_pendulum(), _stiff()]


def _pendulum() -> list[Row]:
    times, system = np.linspace(0.0, END, POINTS), PENDULUM.system
    exact = peer_heyoka.one(PENDULUM, START, times)(1e-18)()
    prepared, rtol = _loosest(_prepared(system, times), exact)
    called, _ = _loosest(lambda tolerance: lambda: _simulate(system, times, tolerance), exact)
    lsoda, lsoda_rtol = _loosest(_odeint(times), exact)
    taylor, tol = _loosest(peer_heyoka.one(PENDULUM, START, times), exact)
    settle(called)
    spent = [1e3 * time for time in best([prepared, called, taylor, lsoda], REPEATS)]
    condition = f"{POINTS} points to t = {END:g}, error {ERROR:g}, rtol {rtol:.0e}"
    against = f"{condition} and {lsoda_rtol:.0e}"
    return [
        Row("pendulum, prepared", spent[0], "ms", against, spent[3], "odeint", goal=15.0),
        Row("pendulum, prepared", spent[0], "ms", f"{condition} and {tol:.0e}", spent[2], "heyoka, prepared", goal=2.0),
        Row("pendulum, simulate", spent[1], "ms", against, spent[3], "odeint", 0.1),
    ]


def _prepared(system: System, times: np.ndarray) -> Method:
    """The kernel alone, with everything it is given made before."""
    field = field_of(system).bind(np.array(system.values))
    settle(lambda: field.kernel(TSIT5))
    kernel, y0 = field.kernel(TSIT5), np.array(START)[:, None]

    def made(rtol: float) -> Action:
        batch = Batch(y0, 0.0, END, field.parameters, rtol, 1e-3 * rtol, times=times, watch_stiffness=True)

        def action() -> np.ndarray:
            samples = solve(kernel, batch).samples
            assert samples is not None
            return samples[0]

        return action

    return made


def _simulate(system: System, times: np.ndarray, rtol: float) -> np.ndarray:
    return dynamics.simulate(system, (0.0, END), START, t_eval=times, rtol=rtol, atol=1e-3 * rtol).y


def _odeint(times: np.ndarray) -> Method:
    def right_hand_side(y: np.ndarray, _t: float) -> Any:
        return PENDULUM.field(math.sin, *y)

    return lambda rtol: lambda: odeint(right_hand_side, START, times, rtol=rtol, atol=1e-3 * rtol).T


def _stiff() -> Row:
    system, times, span = parsed(STIFF_TEXT), np.linspace(0.0, STIFF_END, POINTS), (0.0, STIFF_END)

    def right_hand_side(_t: float, y: np.ndarray) -> list[float]:
        x, v = y.tolist()
        return [v, 100.0 * (1.0 - x * x) * v - x]

    def peer(rtol: float) -> Action:
        return lambda: solve_ivp(right_hand_side, span, STIFF_START, "Radau", times, rtol=rtol, atol=1e-3 * rtol).y

    def ours(rtol: float) -> Action:
        return lambda: dynamics.simulate(system, span, STIFF_START, t_eval=times, rtol=rtol, atol=1e-3 * rtol).y

    exact = peer(1e-11)()
    (mine, rtol), (radau, radau_rtol) = _loosest(ours, exact), _loosest(peer, exact)
    settle(mine)
    spent = [1e3 * time for time in medians([mine, radau], SLOW_REPEATS)]
    condition = f"{POINTS} points to t = {STIFF_END:g}, error {ERROR:g}, rtol {rtol:.0e} and {radau_rtol:.0e}"
    return Row("Van der Pol, mu = 100, simulate", spent[0], "ms", condition, spent[1], "solve_ivp, Radau")


def _loosest(method: Method, exact: np.ndarray) -> tuple[Action, float]:
    """The method at the largest tolerance with an error below the target."""
    for rtol in TOLERANCES:
        action = method(rtol)
        states = action()
        if states.shape == exact.shape and relative_error(states, exact) <= ERROR:
            return action, rtol
    raise RuntimeError(f"No tolerance down to {TOLERANCES[-1]:g} reaches the error {ERROR:g}.")
