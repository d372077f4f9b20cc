"""What the equations conserve, and what they do when time or neighbours change."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from odeplayground import dynamics
from odeplayground.spec import Activation, Method, Status
from tests.unit.dynamics.systems import (
    ADAPTIVE,
    BRUSSELATOR,
    DRIVEN,
    FITZHUGH_NAGUMO,
    LORENZ,
    LOTKA_VOLTERRA,
    PENDULUM,
    REACTION,
    network,
    typed,
)


@pytest.mark.parametrize("method", ADAPTIVE)
def test_the_undamped_pendulum_keeps_its_energy(method):
    solution = dynamics.simulate(PENDULUM, parameters={"b": 0.0}, method=method, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(solution["E"], solution["E"][0], rtol=1e-5)


def test_its_energy_error_follows_the_tolerance():
    drift = [
        np.ptp(dynamics.simulate(PENDULUM, parameters={"b": 0.0}, rtol=rtol, atol=rtol)["E"])
        for rtol in (1e-4, 1e-7, 1e-10)
    ]
    assert drift[0] > 100 * drift[1] > 10_000 * drift[2]


def test_lotka_volterra_keeps_its_integral():
    solution = dynamics.simulate(LOTKA_VOLTERRA, (0, 50), rtol=1e-10, atol=1e-12)
    x, y = solution.y
    integral = 0.1 * x - 0.4 * np.log(x) + 0.4 * y - 1.1 * np.log(y)
    np.testing.assert_allclose(integral, integral[0], rtol=1e-8)


@pytest.mark.parametrize("method", list(Method))
def test_a_reaction_keeps_its_mass(method):
    """Runge-Kutta and multi-step methods keep linear invariants up to rounding, whatever the tolerance."""
    solution = dynamics.simulate(REACTION, (0, 10), initial=[0.8, 0.5], method=method, rtol=1e-4)
    np.testing.assert_allclose(solution.y.sum(axis=0), 1.3, rtol=1e-10)
    np.testing.assert_allclose(solution(np.linspace(0, 10, 50)).sum(axis=0), 1.3, rtol=1e-9)


@pytest.mark.parametrize(
    "system",
    [PENDULUM, LOTKA_VOLTERRA, BRUSSELATOR, FITZHUGH_NAGUMO, DRIVEN, network(), network(Activation.SOFTPLUS)],
    ids=["pendulum", "lotka-volterra", "brusselator", "fitzhugh-nagumo", "driven", "tanh", "softplus"],
)
def test_agreement_with_an_independent_solver(system):
    times = np.linspace(0, 10, 41)
    parameters = dict(zip(system.parameters, system.values, strict=True))

    def rhs(t, y):
        return dynamics.evaluate(system, y[None], t, parameters)[0]

    reference = solve_ivp(rhs, (0, 10), system.initial, "DOP853", times, rtol=1e-12, atol=1e-13).y
    scale = np.abs(reference).max()
    for rtol, allowed in ((1e-6, 1e-4), (1e-9, 1e-7), (1e-12, 1e-9)):
        solution = dynamics.simulate(system, (0, 10), t_eval=times, rtol=rtol, atol=rtol / 100)
        assert np.abs(solution.y - reference).max() < allowed * scale


def test_lorenz_agrees_for_as_long_as_it_can_be_foreseen():
    times = np.linspace(0, 10, 21)

    def rhs(t, u):
        x, y, z = u
        return [10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z]

    reference = solve_ivp(rhs, (0, 10), LORENZ.initial, "DOP853", times, rtol=1e-12, atol=1e-13).y
    solution = dynamics.simulate(LORENZ, (0, 10), t_eval=times, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(solution.y, reference, atol=1e-5)


@pytest.mark.parametrize("method", ADAPTIVE)
@pytest.mark.parametrize("system", [PENDULUM, DRIVEN, network()], ids=["pendulum", "driven", "network"])
def test_backwards_in_time_undoes_forwards(system, method):
    there = dynamics.simulate(system, (0, 4), method=method, rtol=1e-9, atol=1e-11)
    back = dynamics.simulate(system, (4, 0), there.y[:, -1], method=method, rtol=1e-9, atol=1e-11)
    assert back.status is Status.FINISHED
    np.testing.assert_allclose(back.y[:, -1], system.initial, atol=3e-6)
    np.testing.assert_allclose(back([3.0, 1.0]), there([3.0, 1.0]), atol=3e-6)


def test_a_shift_in_time_changes_nothing_for_an_autonomous_system():
    now = dynamics.simulate(PENDULUM, (0, 5), rtol=1e-10)
    later = dynamics.simulate(PENDULUM, (1000, 1005), rtol=1e-10)
    np.testing.assert_allclose(later.y[:, -1], now.y[:, -1], atol=1e-8)


def test_areas_shrink_as_liouville_says():
    """d/dt det(dx/dx0) = trace of the Jacobian * det; for the pendulum the trace is -b everywhere."""
    h, b, duration = 1e-5, 0.3, 4.0
    corner = np.array([0.7, -0.4])
    starts = corner + h * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    many = dynamics.simulate_many(PENDULUM, starts, {"b": b}, (0, duration), rtol=1e-12, atol=1e-14)
    monodromy = np.stack([many.y[0] - many.y[1], many.y[2] - many.y[3]], axis=1) / (2 * h)
    assert np.linalg.det(monodromy) == pytest.approx(np.exp(-b * duration), rel=1e-6)


def test_a_linear_system_follows_the_matrix_exponential():
    from scipy.linalg import expm

    matrix = np.array([[-0.3, 2.0, 0.1], [-1.5, -0.2, 0.4], [0.2, -0.7, -0.5]])
    names = "xyz"
    rows = [" + ".join(f"({matrix[i, j]})*{names[j]}" for j in range(3)) for i in range(3)]
    system = typed("\n".join(f"{names[i]}' = {rows[i]}" for i in range(3)))
    start = np.array([1.0, -2.0, 0.5])
    end = dynamics.simulate(system, (0, 3), start, rtol=1e-11, atol=1e-13).y[:, -1]
    np.testing.assert_allclose(end, expm(3 * matrix) @ start, rtol=1e-9)


@pytest.mark.parametrize("method", [Method.AUTO, Method.EULER, Method.RK4])
@pytest.mark.parametrize(
    "system", [LORENZ, DRIVEN, typed("x' = x^2 - 1\nx(0) = 0")], ids=["lorenz", "driven", "blow up"]
)
def test_neighbours_have_no_influence(system, method):
    """Not even in the last digit, so that chaotic trajectories stay as they are while others are dragged."""
    n = len(system.states)
    starts = np.random.default_rng(5).normal(size=(23, n)) * 2
    times = np.linspace(0, 8, 57)

    def solved(rows):
        return dynamics.simulate_many(system, rows, t_span=(0, 8), t_eval=times, method=method)

    together = solved(starts)
    order = np.random.default_rng(6).permutation(23)
    np.testing.assert_array_equal(solved(starts[order]).y, together.y[order])
    np.testing.assert_array_equal(solved(starts[:5]).y, together.y[:5])
    for i in (0, 7, 22):
        np.testing.assert_array_equal(solved(starts[[i]]).y[0], together.y[i])


def test_neighbours_of_a_learned_system_matter_by_rounding_only():
    system = network()
    starts = np.random.default_rng(5).normal(size=(13, 2))
    together = dynamics.simulate_many(system, starts, t_span=(0, 8))
    for i in (0, 6, 12):
        alone = dynamics.simulate_many(system, starts[[i]], t_span=(0, 8))
        np.testing.assert_allclose(alone.y[0], together.y[i], rtol=1e-9, atol=1e-11)


def test_a_short_pulse_is_not_jumped_over():
    system = typed("x' = if(t > 12 and t < 12.7, 1, 0)\nx(0) = 0\nt in [0, 20]")
    solution = dynamics.simulate(system)
    assert solution.y[0, -1] == pytest.approx(0.7, abs=1e-3)
