from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.spec import Method, Status
from tests.unit.dynamics.systems import BLOW_UP, DRIVEN, PENDULUM, network


def test_the_layout_is_that_of_scipy():
    solution = dynamics.simulate(PENDULUM)
    assert solution.t[0] == 0.0
    assert solution.t[-1] == 20.0
    assert solution.y.shape == (2, solution.t.size)
    assert solution.names == ("theta", "omega")
    np.testing.assert_array_equal(solution.y[:, 0], [1.0, 0.0])
    assert solution.status is Status.FINISHED
    assert solution.method == "tsit5"
    assert solution.stats["steps"] == solution.t.size - 1


def test_names_reach_states_and_definitions():
    solution = dynamics.simulate(PENDULUM, parameters={"g": 2.0, "L": 4.0}, t_eval=np.linspace(0, 20, 7))
    theta, omega = solution.y
    np.testing.assert_array_equal(solution["omega"], omega)
    np.testing.assert_array_equal(solution["t"], solution.t)
    np.testing.assert_allclose(solution["E"], omega**2 / 2 - 0.5 * np.cos(theta), rtol=1e-14)
    with pytest.raises(KeyError, match="There is nothing called omeg in the solution; there is omega"):
        solution["omeg"]


def test_a_mapping_may_leave_out_states():
    solution = dynamics.simulate(PENDULUM, (0, 1), initial={"omega": 2.0})
    np.testing.assert_array_equal(solution.y[:, 0], [1.0, 2.0])


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("span", [(0.0, 3.0), (2.0, -1.0)])
def test_dense_output_meets_the_ends_of_the_steps(method, span):
    solution = dynamics.simulate(PENDULUM, span, method=method)
    np.testing.assert_allclose(solution(solution.t), solution.y, rtol=1e-10, atol=1e-10)
    assert solution(span[1]).shape == (2,)
    assert solution([span[1], 0.5]).shape == (2, 2)
    assert solution.span == span


@pytest.mark.parametrize("method", list(Method))
def test_times_are_reported_as_asked_for(method):
    times = np.array([0.0, 0.25, 0.25, 1.0, 2.0])
    solution = dynamics.simulate(PENDULUM, (0, 2), t_eval=times, method=method)
    np.testing.assert_array_equal(solution.t, times)
    np.testing.assert_array_equal(solution.y[:, 1], solution.y[:, 2])
    np.testing.assert_allclose(solution.y, solution(times), rtol=1e-13, atol=1e-13)


def test_outside_of_the_span_nothing_is_known():
    solution = dynamics.simulate(PENDULUM, (0, 2))
    for times in (2.01, [-0.1, 1.0], np.nan):
        with pytest.raises(ValueError, match="The solution is known from t = 0 to t = 2 only"):
            solution(times)
    with pytest.raises(ValueError, match="one time or a list of times"):
        solution([[1.0]])


def test_no_warning_comes_out_of_undefined_numbers():
    solution = dynamics.simulate(BLOW_UP, (0, 5), t_eval=np.linspace(0, 5, 50))
    assert solution.t[-1] < 1.0
    assert solution.span[1] == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(solution.y[0], 1 / (1 - solution.t), rtol=1e-4)


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("span", [(1, 1 + 2.3e-16), (0, 5e-324), (1, 1 - 1e-16)])
def test_spans_as_short_as_rounding_have_a_continuous_solution(method, span):
    solution = dynamics.simulate(PENDULUM, span, method=method)
    assert len(set(solution.t)) == solution.t.size
    np.testing.assert_allclose(solution(np.array(solution.span)), [[1, 1], [0, 0]], atol=1e-14)


def test_steps_that_are_lost_in_rounding_lead_nowhere():
    solution = dynamics.simulate(PENDULUM, (1, 2), method="rk4", step=1e-20, max_steps=1000)
    assert solution.status is Status.STEP_LIMIT
    np.testing.assert_array_equal(solution.t, [1.0])
    np.testing.assert_array_equal(solution(1.0), [1.0, 0.0])


def test_a_learned_system_solves_like_any_other():
    solution = dynamics.simulate(network(), (0, 5))
    assert solution.status is Status.FINISHED
    with pytest.raises(KeyError, match="There is nothing called E"):
        solution["E"]


def test_an_absolute_tolerance_per_state():
    coarse = dynamics.simulate(PENDULUM, rtol=1e-3, atol=[1e-3, 1e-3])
    fine = dynamics.simulate(PENDULUM, rtol=1e-3, atol=[1e-3, 1e-9])
    assert fine.stats["steps"] > coarse.stats["steps"]


def test_it_describes_itself():
    assert repr(dynamics.simulate(DRIVEN, (0, 1))).startswith("<Solution x: ")


def test_arrays_of_the_caller_and_of_the_solution_may_be_changed():
    start, times = np.array([1.0, 0.0]), np.linspace(0, 5, 6)
    solution = dynamics.simulate(PENDULUM, (0, 5), start, t_eval=times)
    wanted = dynamics.simulate(PENDULUM, (0, 5), [1.0, 0.0])(2.0)
    start[:], times[:] = 0.0, 7.0
    np.testing.assert_allclose(solution(2.0), wanted, rtol=1e-12)
    np.testing.assert_array_equal(solution.t, np.linspace(0, 5, 6))
    steps = dynamics.simulate(PENDULUM, (0, 5), [1.0, 0.0])
    steps.t *= 1000
    steps.y[:] = 0
    np.testing.assert_array_equal(steps(2.0), wanted)
    many = dynamics.simulate_many(PENDULUM, np.ones((3, 2)), t_span=(0, 1))
    many.y_stop[:], many.t_stop[:] = -1, 99
    assert "t = 1 " in many.messages[0]
