"""Each method converges with its order, and its dense output does, too; single steps are in test_kernel_orders."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from tests.unit.dynamics.systems import typed

# x = exp(sin(t)) and y = cos(t^2 / 4): time dependent and not linear.
SYSTEM = typed("x' = x*cos(t)\ny' = -t/2*sin(t^2/4) + (y - cos(t^2/4))*x\nx(0) = 1\ny(0) = 1")


def exact(t):
    return np.array([np.exp(np.sin(t)), np.cos(np.asarray(t) ** 2 / 4)])


def slope(steps, errors):
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("midpoint", 2), ("rk4", 4)])
def test_fixed_step_methods_have_their_order(method, order):
    steps = [2.0 / n for n in (40, 80, 160, 320)]
    ends = [dynamics.simulate(SYSTEM, (0, 2), method=method, step=h).y[:, -1] for h in steps]
    errors = [np.abs(end - exact(2.0)).max() for end in ends]
    assert slope(steps, errors) == pytest.approx(order, abs=0.15)


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("midpoint", 2), ("rk4", 4)])
def test_their_dense_output_keeps_it(method, order):
    steps = [2.0 / n for n in (40, 80, 160, 320)]
    times = np.linspace(0, 2, 61)
    errors = [
        np.abs(dynamics.simulate(SYSTEM, (0, 2), method=method, step=h)(times) - exact(times)).max() for h in steps
    ]
    assert slope(steps, errors) == pytest.approx(order, abs=0.25)


def test_dense_output_is_continuously_differentiable():
    solution = dynamics.simulate(SYSTEM, (0, 2), rtol=1e-4)
    t, h = solution.t[3], 1e-6
    left = (solution(t) - solution(t - h)) / h
    right = (solution(t + h) - solution(t)) / h
    field = dynamics.evaluate(SYSTEM, solution(t)[None], t)[0]
    np.testing.assert_allclose(left, field, rtol=1e-4)
    np.testing.assert_allclose(right, field, rtol=1e-4)


@pytest.mark.parametrize("method", ["dopri5", "tsit5", "dop853", "rodas4", "lsoda", "radau", "bdf"])
def test_a_smaller_tolerance_gives_a_smaller_error(method):
    errors = [
        np.abs(dynamics.simulate(SYSTEM, (0, 2), method=method, rtol=rtol, atol=rtol).y[:, -1] - exact(2.0)).max()
        for rtol in (1e-4, 1e-7, 1e-10)
    ]
    assert errors[0] < 2e-2
    assert errors[2] < 1e-7
    # A good method may do with the longest steps it may take, whatever the tolerance.
    assert errors[1] <= 1.1 * errors[0]
    assert errors[2] <= 1.1 * errors[1]
