"""Lyapunov exponents against known values, traces and multipliers."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Activation, Array, LearnedSystem, Status
from tests.unit.dynamics.systems import BLOW_UP, LORENZ, PENDULUM, typed

VAN_DER_POL = typed("x' = y\ny' = mu*(1-x^2)*y - x\nmu = 1\nx(0) = 2")


def test_lorenz():
    """Sprott, Chaos and Time-Series Analysis (2003), appendix A.5.1; the sum is the trace of the Jacobian."""
    result = dynamics.lyapunov(LORENZ, time=2000.0)
    assert result.exponents[0] == pytest.approx(0.9056, rel=0.02)
    assert abs(result.exponents[1]) < 0.01
    assert result.exponents[2] == pytest.approx(-14.572, rel=0.02)
    assert result.exponents.sum() == pytest.approx(-(10 + 1 + 8 / 3), abs=2e-3)
    assert result.dimension == pytest.approx(2.062, abs=0.01)
    assert result.status is Status.FINISHED


def test_of_a_linear_system_they_are_the_real_parts_of_the_eigenvalues():
    stable = typed("x' = -x + 4*y\ny' = -3*y + z\nz' = -0.5*z\nx(0) = 1\ny(0) = 1\nz(0) = 1")
    result = dynamics.lyapunov(stable, time=400.0, transient=5.0)
    np.testing.assert_allclose(result.exponents, [-0.5, -1.0, -3.0], atol=1e-5)
    assert result.dimension == 0
    spiral = typed("x' = -0.3*x + 5*y\ny' = -x - 0.3*y\nx(0) = 1")
    np.testing.assert_allclose(dynamics.lyapunov(spiral, time=200.0).exponents, -0.3, atol=1e-3)


def test_on_a_limit_cycle_one_is_zero_and_the_other_the_mean_trace():
    result = dynamics.lyapunov(VAN_DER_POL)
    assert abs(result.exponents[0]) < 1e-3
    assert result.exponents[1] == pytest.approx(-1.0594, abs=2e-3)  # the mean of 1 - x^2 over the cycle
    assert result.dimension == pytest.approx(1.0, abs=1e-2)


def test_one_trajectory_tells_the_same_as_many():
    one = dynamics.lyapunov(VAN_DER_POL, time=60.0, trajectories=1)
    assert abs(one.exponents[0]) < 5e-3
    assert one.exponents[1] == pytest.approx(-1.0594, abs=5e-3)


def test_a_driven_system_at_rest_has_the_rates_of_its_equation():
    system = typed("x' = -2*x + sin(3*t)")
    np.testing.assert_allclose(dynamics.lyapunov(system, time=50.0).exponents, [-2.0], atol=1e-6)


def test_a_conservative_system_keeps_areas():
    result = dynamics.lyapunov(PENDULUM, parameters={"b": 0.0}, time=300.0)
    assert abs(result.exponents.sum()) < 1e-6


def test_of_a_linear_network_they_are_those_of_its_matrix():
    weights = Array.of(np.array([-1.0, 2.0, 0.0, -3.0, 0.0, 0.0]))
    system = LearnedSystem(
        states=("x", "y"),
        layers=(2, 2),
        activation=Activation.TANH,
        weights=weights,
        mean=(0.0, 0.0),
        scale_in=(1.0, 1.0),
        scale_out=(1.0, 1.0),
        initial=(1.0, 1.0),
    )
    np.testing.assert_allclose(dynamics.lyapunov(system, time=50.0, transient=1.0).exponents, [-1.0, -3.0], atol=1e-6)


def test_running_estimates_settle():
    result = dynamics.lyapunov(VAN_DER_POL, time=320.0)
    assert result.t.shape == (result.history.shape[1],)
    assert np.abs(result.history[:, -1] - result.exponents).max() < 0.02
    assert (np.diff(result.t) > 0).all()


def test_divergence_is_said():
    result = dynamics.lyapunov(BLOW_UP)
    assert result.status is Status.DIVERGED
    assert np.isnan(result.exponents).all()
    assert "too large" in result.message


def test_progress_and_cancelling():
    shares = []
    token = CancelToken()

    def look(share):
        shares.append(share)
        if share > 0.4:
            token.cancel()

    result = dynamics.lyapunov(VAN_DER_POL, on_progress=look, cancel=token)
    assert shares == sorted(shares)
    assert 0.4 < shares[-1] < 0.5
    assert result.status is Status.CANCELLED
    assert result.exponents[1] == pytest.approx(-1.06, abs=0.02)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time": 0.0}, "time"),
        ({"time": [1.0, 2.0]}, "one number"),
        ({"transient": -1.0}, "transient"),
        ({"trajectories": 0}, "trajectories"),
        ({"parameters": {"nu": 1.0}}, "parameter called nu"),
        ({"parameters": {"mu": 1e4}, "time": 1e4, "transient": 10.0}, "stiff"),
    ],
)
def test_wrong_arguments(changes, words):
    with pytest.raises(ValueError, match=words):
        dynamics.lyapunov(VAN_DER_POL, **changes)


def test_the_error_holds_what_trajectories_share_in_systems_without_chaos():
    """Deviations grow like the time itself in a twist, so that the estimate is about log(T) / T: zero in the end."""
    for trajectories in (1, 16):
        result = dynamics.lyapunov(
            PENDULUM, parameters={"b": 0.0}, time=40.0 * trajectories, transient=20.0, trajectories=trajectories
        )
        assert (np.abs(result.exponents) < 3 * result.error).all()
        assert (result.error < 0.2).all()


def test_where_there_is_nothing_to_compare_the_error_is_small():
    stable = typed("x' = -x\ny' = -3*y\nx(0) = 1\ny(0) = 1")
    result = dynamics.lyapunov(stable, time=50.0, trajectories=1)
    assert (result.error < 1e-6).all()
    assert result.message.endswith("in 1 trajectory.")
    assert repr(result).startswith("<Lyapunov -1 +- ")


def test_they_stop_within_a_block():
    class Late(CancelToken):
        """Not cancelled when the trajectories are followed, but soon after."""

        looks = 0

        @property
        def cancelled(self):
            self.looks += 1
            return self.looks > 60

    result = dynamics.lyapunov(LORENZ, time=4000.0, cancel=Late())
    assert result.status is Status.CANCELLED
    assert result.t[-1] < 200.0
