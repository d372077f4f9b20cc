"""Each method converges with its order, and its dense output does, too."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.blocks import Blocks
from odeplayground.dynamics.explicit import _Run
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.recorders import quartic
from odeplayground.dynamics.tableaus import DOPRI5, FIXED_STEP
from odeplayground.dynamics.task import Task
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


class Kept:
    def record(self, lanes, t, step, t_new, pieces):
        self.pieces, self.t, self.h = pieces, t, step


def one_step(h):
    """The raw parts of one step of Dormand-Prince of length h from t = 0.5."""
    bound = field_of(SYSTEM).bind(np.empty(0))
    task = Task(bound, 0.5, 3.0, exact(0.5)[:, None])
    run = _Run(task, DOPRI5, None, watch_stiffness=False)
    _, y_new, _ = run._stages(np.array([h]))
    error = np.add.reduce(DOPRI5.error * run.stages, axis=0)[:, 0]
    kept = Kept()
    blocks = Blocks(task, DOPRI5, kept)
    blocks.append(run.lanes, run.t, np.array([h]), np.array([h]), run.y, run.stages, np.array([True]))
    blocks.flush()
    return y_new[:, 0], error, kept.pieces[:, :, 0]


def test_dormand_prince_has_order_5_and_estimates_with_order_4():
    steps = np.array([0.2, 0.1, 0.05, 0.025])
    local, estimate = [], []
    for h in steps:
        y, error, _ = one_step(h)
        local.append(np.abs(y - exact(0.5 + h)).max())
        estimate.append(np.abs(error).max())
    assert slope(steps, local) == pytest.approx(6, abs=0.3)
    assert slope(steps, estimate) == pytest.approx(5, abs=0.3)


def test_dense_output_of_dormand_prince_has_order_4():
    steps = np.array([0.08, 0.04, 0.02, 0.01])
    theta = np.linspace(0, 1, 21)
    errors = []
    for h in steps:
        *_, pieces = one_step(h)
        errors.append(np.abs(quartic(pieces[..., None], theta) - exact(0.5 + theta * h)).max())
    assert slope(steps, errors) == pytest.approx(5, abs=0.3)


def test_dense_output_is_continuously_differentiable():
    solution = dynamics.simulate(SYSTEM, (0, 2), rtol=1e-4)
    t, h = solution.t[3], 1e-6
    left = (solution(t) - solution(t - h)) / h
    right = (solution(t + h) - solution(t)) / h
    field = dynamics.evaluate(SYSTEM, solution(t)[None], t)[0]
    np.testing.assert_allclose(left, field, rtol=1e-4)
    np.testing.assert_allclose(right, field, rtol=1e-4)


@pytest.mark.parametrize("tableau", [*FIXED_STEP.values(), DOPRI5.tableau], ids=lambda tableau: tableau.name)
def test_conditions_of_order(tableau):
    """Hairer, Norsett, Wanner, Solving ODEs I, table II.2.1, up to order 4; order 5 by one quadrature condition."""
    c, b = np.array(tableau.c), tableau.b.ravel()
    a = np.zeros((c.size, c.size))
    for i, row in enumerate(tableau.a, start=1):
        a[i, :i] = row.ravel()
    np.testing.assert_allclose(a.sum(axis=1), c, atol=1e-15)
    conditions = {
        1: [(b.sum(), 1)],
        2: [(b @ c, 1 / 2)],
        3: [(b @ c**2, 1 / 3), (b @ a @ c, 1 / 6)],
        4: [(b @ c**3, 1 / 4), ((b * c) @ a @ c, 1 / 8), (b @ a @ c**2, 1 / 12), (b @ a @ a @ c, 1 / 24)],
        5: [(b @ c**4, 1 / 5)],
    }
    for order in range(1, tableau.order + 1):
        for value, wanted in conditions[order]:
            assert value == pytest.approx(wanted, abs=1e-14)


def test_weights_of_error_and_dense_output_are_consistent():
    nodes = np.array([*DOPRI5.tableau.c, 1.0])
    error, dense = DOPRI5.error.ravel(), DOPRI5.dense.ravel()
    for power in range(4):
        assert error @ nodes**power == pytest.approx(0, abs=1e-14)
    # The fifth piece vanishes for polynomials of degree 3, which the cubic Hermite part already represents.
    for power in range(3):
        assert dense @ nodes**power == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("method", ["dopri5", "lsoda", "radau", "bdf"])
def test_a_smaller_tolerance_gives_a_smaller_error(method):
    errors = [
        np.abs(dynamics.simulate(SYSTEM, (0, 2), method=method, rtol=rtol, atol=rtol).y[:, -1] - exact(2.0)).max()
        for rtol in (1e-4, 1e-6, 1e-8)
    ]
    assert errors[0] < 2e-2
    assert errors[2] < 1e-5
    assert errors[0] > errors[1] > errors[2]
