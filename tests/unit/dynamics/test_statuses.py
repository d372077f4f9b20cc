from __future__ import annotations

import threading

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Method, Status
from tests.unit.dynamics.systems import ADAPTIVE, BLOW_UP, PENDULUM, VAN_DER_POL, typed

FOREVER = {"t_span": (0, 1e6), "max_steps": 10**9}


def cancelled_midway(solve, far_enough):
    """What a solve gives that another thread cancels; later, where a slow machine had hardly begun."""
    for delay in (0.05, 0.5, 5.0):
        token = CancelToken()
        timer = threading.Timer(delay, token.cancel)
        timer.start()
        found = solve(token)
        timer.join()
        if far_enough(found):
            return found
    raise AssertionError("It never got anywhere.")


@pytest.mark.parametrize("method", ADAPTIVE)
def test_growth_without_limit_is_divergence(method):
    solution = dynamics.simulate(BLOW_UP, (0, 20), method=method)
    assert solution.status is Status.DIVERGED
    assert solution.message.startswith("The solution became too large at t = ")
    assert solution.span[1] == pytest.approx(1.0, abs=1e-3)
    assert sum(solution.stats.values()) < 50_000


@pytest.mark.parametrize("method", [Method.EULER, Method.MIDPOINT, Method.RK4])
def test_fixed_steps_diverge_too(method):
    solution = dynamics.simulate(typed("x' = x^2 + 1\nx(0) = 1"), (0, 20), method=method)
    assert solution.status is Status.DIVERGED
    assert np.isfinite(solution.y).all()


def test_a_slow_growth_to_infinity_is_seen_by_the_step():
    solution = dynamics.simulate(typed("x' = x^3\nx(0) = 1"), (0, 20))
    assert solution.status is Status.DIVERGED
    assert solution.span[1] == pytest.approx(0.5, abs=1e-5)
    assert solution.y.max() < 1e12


def test_divergence_is_measured_from_where_it_began():
    solution = dynamics.simulate(typed("x' = -x\nx(0) = 1e13"), (0, 5))
    assert solution.status is Status.FINISHED


@pytest.mark.parametrize("method", [*ADAPTIVE, Method.EULER, Method.RK4])
def test_where_the_equations_are_undefined(method):
    solution = dynamics.simulate(typed("x' = -1 - sqrt(x)\nx(0) = 1"), (0, 2), method=method)
    assert solution.status in (Status.DIVERGED, Status.STEP_TOO_SMALL)
    assert solution.span[1] == pytest.approx(2 - 2 * np.log(2), abs=0.01)
    assert np.isfinite(solution.y).all()


@pytest.mark.parametrize("method", list(Method))
def test_undefined_from_the_start(method):
    solution = dynamics.simulate(typed("x' = log(x)\nx(0) = -1"), (0, 2), method=method)
    assert solution.status is Status.DIVERGED
    assert solution.message == "The equations have no finite value beyond t = 0."
    np.testing.assert_array_equal(solution.t, [0.0])
    np.testing.assert_array_equal(solution(0.0), [-1.0])


def test_a_singularity_makes_the_step_too_small():
    solution = dynamics.simulate(typed("x' = -1/x\nx(0) = 1"), (0, 2), method="dopri5")
    assert solution.status is Status.STEP_TOO_SMALL
    assert solution.message.startswith("The step fell below ")
    assert solution.message.endswith(" at t = 0.5. The system may be stiff: try Rodas4.")


@pytest.mark.parametrize("method", list(Method))
def test_the_step_limit_keeps_what_is_there(method):
    solution = dynamics.simulate(PENDULUM, method=method, max_steps=20)
    assert solution.status is Status.STEP_LIMIT
    assert 0 < solution.span[1] < 20
    assert solution.message == f"Stopped at t = {solution.span[1]:.4g} after 20 steps, the most allowed."
    assert solution.t[-1] == solution.span[1]


def test_the_step_limit_counts_both_methods():
    solution = dynamics.simulate(VAN_DER_POL, max_steps=200)
    assert solution.method == "tsit5 + rodas4"
    assert solution.status is Status.STEP_LIMIT
    assert solution.stats["steps"] + solution.stats["rejected"] == 200


@pytest.mark.parametrize("method", list(Method))
def test_cancelling_midway_keeps_what_is_there(method):
    times = np.concatenate([np.linspace(0, 0.1, 101), np.linspace(1, 1e6, 100_000)])
    dynamics.simulate(PENDULUM, method=method)  # what has to be made first
    settings = {"t_eval": times, "method": method, "step": 0.01, "parameters": {"b": 0.0}}
    solution = cancelled_midway(
        lambda token: dynamics.simulate(PENDULUM, **settings, **FOREVER, cancel=token), lambda found: found.t.size > 1
    )
    assert solution.status is Status.CANCELLED
    assert solution.message.startswith(f"Stopped on request at t = {solution.span[1]:.4g}.")
    assert 1 < solution.t.size < times.size
    again = dynamics.simulate(PENDULUM, (0, 1e6), **settings, max_steps=50)
    assert again.status is Status.STEP_LIMIT
    n = min(again.t.size, solution.t.size)
    np.testing.assert_array_equal(solution.y[:, :n], again.y[:, :n])


def test_cancelling_many():
    dynamics.simulate_many(PENDULUM, np.ones((3, 2)), method="tsit5")  # what has to be made first
    starts = np.random.default_rng(0).normal(size=(300, 2))
    many = cancelled_midway(
        lambda token: dynamics.simulate_many(
            PENDULUM, starts, t_eval=[0.0, 0.001, 1e6], method="tsit5", **FOREVER, cancel=token
        ),
        lambda found: (found.t_stop > 0.001).any(),
    )
    assert set(many.status) == {Status.CANCELLED}
    begun = many.t_stop > 0.001
    assert begun.any()
    assert np.isfinite(many.y[begun][:, :, :2]).all()
    assert np.isnan(many.y[:, :, 2]).all()


def test_cancelled_before_it_begins():
    token = CancelToken()
    token.cancel()
    solution = dynamics.simulate(PENDULUM, cancel=token)
    assert solution.status is Status.CANCELLED
    assert solution.span == (0.0, 0.0)


def test_large_but_finite_values_are_solved():
    solution = dynamics.simulate(typed("x' = x\nx(0) = 1"), (0, 60))
    assert solution.status is Status.FINISHED
    assert solution.y[0, -1] == pytest.approx(np.exp(60), rel=1e-3)
    beyond = dynamics.simulate(typed("x' = x\nx(0) = 1"), (0, 100))
    assert beyond.status is Status.DIVERGED
    assert beyond.message.endswith(": beyond 1e+30.")


@pytest.mark.parametrize("method", [Method.TSIT5, Method.DOPRI5, Method.DOP853])
def test_a_method_that_stops_in_a_stiff_system_says_so(method):
    stiff = typed("x' = v\nv' = 1000*(1 - x^2)*v - x\nx(0) = 2\nv(0) = 0")
    solution = dynamics.simulate(stiff, (0, 3000), method=method, max_steps=3000)
    assert solution.status is Status.STEP_LIMIT
    assert "stiff" in solution.message
    assert "auto" in solution.message


def test_many_steps_alone_are_not_called_stiff():
    fast = typed("x' = v\nv' = -x\nx(0) = 1\nv(0) = 0")
    solution = dynamics.simulate(fast, (0, 1e5), method=Method.TSIT5, max_steps=3000)
    assert solution.status is Status.STEP_LIMIT
    assert "stiff" not in solution.message


def test_a_square_wave_over_a_long_span_is_not_stiff():
    driven = typed("x' = -x + sign(sin(t))\nx(0) = 1")
    assert dynamics.simulate(driven, (0, 3e4), max_steps=5000).method == "tsit5"


def test_lsoda_goes_on_to_where_the_equations_end():
    draining = typed("x' = -sqrt(x)\nx(0) = 1")
    solution = dynamics.simulate(draining, (0, 5), method=Method.LSODA)
    assert solution.span[1] == pytest.approx(2.0, abs=1e-3)
    assert solution.y[0, -1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("method", ADAPTIVE)
def test_no_step_is_longer_than_allowed(method):
    pulse = typed("x' = 1000*exp(-10000*(t - 7.3)^2)\nx(0) = 0")
    solution = dynamics.simulate(pulse, (0, 20), method=method, max_step=0.02)
    assert np.diff(solution.t).max() <= 0.02 * (1 + 1e-9)
    assert solution.y[0, -1] == pytest.approx(10 * np.sqrt(np.pi), rel=1e-3)


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan"), "long", True])
def test_a_longest_step_is_positive(wrong):
    with pytest.raises(ValueError, match="max_step"):
        dynamics.simulate(BLOW_UP, (0, 0.5), max_step=wrong)
