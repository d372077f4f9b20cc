"""Each generated method converges with its order, and its dense output does, too."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics.kernels.run import solve, solve_with_trails
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from tests.unit.dynamics.kernels.driving import batch, kernel
from tests.unit.dynamics.systems import typed

# x = exp(sin(t)) and y = cos(t^2 / 4): time dependent and not linear.
SYSTEM = typed("x' = x*cos(t)\ny' = -t/2*sin(t^2/4) + (y - cos(t^2/4))*x\nx(0) = 1\ny(0) = 1")
FIXED = [("euler", 1), ("midpoint", 2), ("rk4", 4)]
STEPS = 2.0 ** -np.arange(6, 10)
LOCAL = {"dopri5": (6, 5), "tsit5": (6, 5), "dop853": (9, 8), "rodas4": (5, 4)}
"""Orders of the error of one step, and of its continuous extension."""


def exact(t):
    return np.array([np.exp(np.sin(t)), np.cos(np.asarray(t) ** 2 / 4)])


def slope(steps, errors):
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]


@pytest.mark.parametrize(("method", "order"), FIXED)
def test_fixed_steps(method, order):
    times = np.linspace(0, 2, 61)
    ends, between = [], []
    for step in STEPS:
        result = solve(kernel(SYSTEM, method), batch(SYSTEM, (0, 2), step=float(step), times=times))
        ends.append(np.abs(result.y[:, 0] - exact(2.0)).max())
        between.append(np.abs(result.samples[0] - exact(times)).max())
    assert slope(STEPS, ends) == pytest.approx(order, abs=0.15)
    assert slope(STEPS, between) == pytest.approx(order, abs=0.25)


@pytest.mark.parametrize("method", list(LOCAL))
def test_single_steps(method):
    """The first step from t = 1/2 on, whose length the span decides: no step is longer than a 32nd of it."""
    end_order, dense_order = LOCAL[method]
    steps = np.array([0.24, 0.2, 0.16, 0.13]) if method == "dop853" else np.array([0.1, 0.07, 0.05, 0.035])
    ends, between = [], []
    for h in steps:
        task = batch(SYSTEM, (0.5, 0.5 + 32 * h), exact(0.5), rtol=0.5, atol=1e3, max_steps=1)
        _, trails = solve_with_trails(kernel(SYSTEM, method), task)
        _, t, used, _ = trails.records[0, :4]
        assert used == pytest.approx(h)
        pieces = trails.records[0, 4:].reshape(-1, 2)
        theta = np.linspace(0, 1, 21)[:, None]
        value = pieces[-1] * np.ones_like(theta)
        for row in range(len(pieces) - 1, 0, -1):
            value = value * (theta if row % 2 else 1 - theta) + pieces[row - 1]
        errors = np.abs(value.T - exact(t + theta[:, 0] * used)).max(axis=0)
        ends.append(errors[-1])
        between.append(errors.max())
    assert slope(steps, ends) == pytest.approx(end_order, abs=0.4)
    assert slope(steps, between) == pytest.approx(dense_order, abs=0.5)


def test_energy_of_the_pendulum():
    swing = typed("q' = p\np' = -sin(q)\nq(0) = 2")
    for method in ("dopri5", "tsit5", "dop853", "rodas4"):
        result = solve(kernel(swing, method), batch(swing, (0, 50), rtol=1e-10, atol=1e-12))
        q, p = result.y[:, 0]
        assert p**2 / 2 - np.cos(q) == pytest.approx(-np.cos(2), abs=1e-7), method


def test_all_methods_were_looked_at():
    assert set(TABLEAUS) == {name for name, _ in FIXED} | set(LOCAL)
