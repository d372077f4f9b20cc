"""Stiff systems: recognised, finished, right."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.spec import Method, Status
from tests.unit.dynamics.systems import LORENZ, PENDULUM, ROBERTSON, VAN_DER_POL, typed


def test_van_der_pol_changes_the_method():
    solution = dynamics.simulate(VAN_DER_POL)
    assert solution.status is Status.FINISHED
    assert solution.method == "tsit5 + rodas4"
    assert "Stiff from t = " in solution.message
    assert solution.stats["steps"] < 5000
    assert solution.stats["jacobians"] > 0


def test_van_der_pol_has_the_right_period():
    """The period is mu (3 - 2 ln 2) + 7.0143 mu^(-1/3) + ... (Hairer, Wanner, Solving ODEs II, IV.7)."""
    solution = dynamics.simulate(VAN_DER_POL, (0, 3500), rtol=1e-8, atol=1e-10)
    x, t = solution.y[0], solution.t
    falls = t[:-1][(x[:-1] > 0) & (x[1:] <= 0)]
    mu = 1000.0
    expected = mu * (3 - 2 * np.log(2)) + 7.01432 * mu ** (-1 / 3)
    assert np.diff(falls)[0] == pytest.approx(expected, rel=2e-4)


# At t = 1e11; problem "rober" of the test set for IVP solvers (Mazzia and Magherini, 2008).
ROBER = np.array([0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050])


@pytest.mark.parametrize("method", [Method.AUTO, Method.RODAS4, Method.LSODA, Method.RADAU, Method.BDF])
def test_robertson_over_the_whole_test_interval(method):
    solution = dynamics.simulate(ROBERTSON, (0, 1e11), method=method, rtol=1e-8, atol=1e-16)
    assert solution.status is Status.FINISHED
    np.testing.assert_allclose(solution.y[:, -1], ROBER, rtol=1e-3)


@pytest.mark.parametrize("end", [1e5, 1e11])
def test_robertson_with_default_tolerances(end):
    solution = dynamics.simulate(ROBERTSON, (0, end))
    assert solution.status is Status.FINISHED
    assert solution.stats["steps"] < 3000
    np.testing.assert_allclose(solution.y.sum(axis=0), 1.0, atol=1e-9)
    assert solution.y.min() > -1e-9
    careful = dynamics.simulate(ROBERTSON, (0, end), method="radau", rtol=1e-9, atol=1e-16)
    np.testing.assert_allclose(solution.y[:, -1], careful.y[:, -1], rtol=1e-4, atol=1e-8)


def test_a_hopeless_pace_counts_as_stiff():
    """At this tolerance the error keeps the step below the limit of stability."""
    solution = dynamics.simulate(ROBERTSON, (0, 1e11), rtol=1e-8, atol=1e-16)
    assert solution.method == "tsit5 + rodas4"
    assert solution.stats["steps"] + solution.stats["rejected"] < 5000


def test_the_solution_is_continuous_where_the_method_changes():
    solution = dynamics.simulate(ROBERTSON, (0, 100))
    np.testing.assert_allclose(solution(solution.t), solution.y, rtol=1e-7, atol=1e-12)
    reference = dynamics.simulate(ROBERTSON, (0, 100), method="radau", rtol=1e-10, atol=1e-14)
    times = np.linspace(0, 100, 201)
    np.testing.assert_allclose(solution(times), reference(times), rtol=1e-4, atol=1e-8)


def test_what_is_not_stiff_stays_explicit():
    for system, span in ((PENDULUM, (0, 100)), (LORENZ, (0, 20)), (VAN_DER_POL, (0, 0.01))):
        assert dynamics.simulate(system, span).method == "tsit5"


@pytest.mark.parametrize("rtol", [1e-10, 1e-11])
def test_a_tight_tolerance_does_not_hide_stiffness(rtol):
    """At such tolerances the error keeps the step of the explicit method small before stability does."""
    system = typed("x' = v\nv' = 1000*(1 - x^2)*v - x\nx(0) = 2")
    solution = dynamics.simulate(system, (0, 1500), rtol=rtol, atol=1e-3 * rtol, max_steps=100_000)
    assert solution.status is Status.FINISHED
    reference = dynamics.simulate(system, (0, 1500), rtol=1e-9, atol=1e-12, method="lsoda")
    np.testing.assert_allclose(solution.y[:, -1], reference.y[:, -1], rtol=1e-6)


def test_stiff_and_driven():
    """Prothero and Robinson's problem: x = sin(t) attracts strongly."""
    system = typed("x' = -k*(x - sin(t)) + cos(t)\nk = 1e5\nx(0) = 1")
    solution = dynamics.simulate(system, (0, 10))
    assert solution.method == "tsit5 + rodas4"
    after = solution.t > 0.01
    np.testing.assert_allclose(solution.y[0, after], np.sin(solution.t[after]), atol=1e-5)


def test_stiff_backwards():
    system = typed("x' = k*(x - cos(t))\nk = 1e4\nx(0) = 0")
    solution = dynamics.simulate(system, (0, -5))
    assert solution.status is Status.FINISHED
    assert solution.method == "tsit5 + rodas4"
    assert solution.y[0, -1] == pytest.approx(np.cos(-5), abs=1e-3)


def test_two_threads_can_use_lsoda_at_once():
    from concurrent.futures import ThreadPoolExecutor

    alone = dynamics.simulate(VAN_DER_POL, (0, 200), method="lsoda")
    with ThreadPoolExecutor(4) as pool:
        solved = list(pool.map(lambda _: dynamics.simulate(VAN_DER_POL, (0, 200), method="lsoda"), range(4)))
    for solution in solved:
        np.testing.assert_array_equal(solution.y, alone.y)


def test_a_long_span_alone_does_not_look_stiff():
    solution = dynamics.simulate(LORENZ, (0, 30_000), rtol=1e-9, max_steps=3000)
    assert solution.status is Status.STEP_LIMIT
    assert solution.method == "tsit5"
