from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.spec import Method, Status
from tests.unit.dynamics.systems import BLOW_UP, LORENZ, PENDULUM, VAN_DER_POL, typed

STARTS = np.random.default_rng(1).normal(size=(6, 2))


@pytest.mark.parametrize("method", list(Method))
def test_many_agree_with_one_by_one(method):
    times = np.linspace(0, 3, 13)
    many = dynamics.simulate_many(PENDULUM, STARTS, t_span=(0, 3), t_eval=times, method=method)
    assert many.y.shape == (6, 2, 13)
    assert many.names == ("theta", "omega")
    for start, values in zip(STARTS, many.y, strict=True):
        one = dynamics.simulate(PENDULUM, (0, 3), start, t_eval=times, method=method)
        np.testing.assert_allclose(values, one.y, rtol=1e-9, atol=1e-11)


def test_without_times_the_end_states_are_given():
    many = dynamics.simulate_many(PENDULUM, STARTS, t_span=(0, 3))
    assert many.t is None
    assert many.y.shape == (6, 2)
    one = dynamics.simulate(PENDULUM, (0, 3), STARTS[2])
    np.testing.assert_allclose(many.y[2], one.y[:, -1], rtol=1e-12)


def test_after_a_stop_there_is_nothing():
    times = np.linspace(0, 2, 20)
    many = dynamics.simulate_many(BLOW_UP, [[-1.0], [1.0], [2.0]], t_span=(0, 2), t_eval=times)
    assert list(many.status) == [Status.FINISHED, Status.DIVERGED, Status.DIVERGED]
    np.testing.assert_array_equal(np.isnan(many.y[:, 0]), [times > 2, times > 1, times > 0.5])
    np.testing.assert_allclose(many.t_stop, [2, 1, 0.5], rtol=1e-6)
    assert (many.y_stop[1:] > 1e12).all()
    assert many.messages[2] == "The solution became too large at t = 0.5: it runs off to infinity."
    ends = dynamics.simulate_many(BLOW_UP, [[-1.0], [1.0]], t_span=(0, 2))
    np.testing.assert_array_equal(np.isnan(ends.y[:, 0]), [False, True])


def test_parameters_may_differ_between_trajectories():
    damping = np.linspace(0, 1, 6)
    many = dynamics.simulate_many(PENDULUM, STARTS, {"b": damping, "L": 2.0}, (0, 3))
    for start, b, end in zip(STARTS, damping, many.y, strict=True):
        one = dynamics.simulate(PENDULUM, (0, 3), start, {"b": b, "L": 2.0})
        np.testing.assert_allclose(end, one.y[:, -1], rtol=1e-10)


def test_parameters_follow_their_trajectories_when_others_end():
    decay = typed("x' = k*x^2\nk = 1\nx(0) = 1")
    k = np.array([2.0, -1.0, 4.0, -3.0])
    many = dynamics.simulate_many(decay, np.ones((4, 1)), {"k": k}, (0, 1), rtol=1e-9)
    np.testing.assert_allclose(many.y[[1, 3], 0], 1 / (1 - k[[1, 3]]), rtol=1e-7)
    np.testing.assert_allclose(many.t_stop[[0, 2]], [0.5, 0.25], rtol=1e-8)


def test_stiff_members_change_the_method_alone():
    many = dynamics.simulate_many(
        VAN_DER_POL, [[2.0, 0.0], [1.0, 0.5]], {"mu": np.array([1000.0, 1.0])}, (0, 10), t_eval=np.linspace(0, 10, 11)
    )
    assert many.methods == ("tsit5 + rodas4", "tsit5")
    assert np.isfinite(many.y).all()
    one = dynamics.simulate(VAN_DER_POL, (0, 10), [2, 0], rtol=1e-10, atol=1e-12, method="radau")
    np.testing.assert_allclose(many.y[0, :, -1], one.y[:, -1], rtol=1e-4)


def test_neighbours_change_nothing():
    starts = np.random.default_rng(2).normal(size=(7, 3))
    times = np.linspace(0, 2, 5)
    scale = np.linspace(1, 28, 7)
    whole = dynamics.simulate_many(LORENZ, starts, {"r": scale}, (0, 2), t_eval=times)
    for i in range(7):
        alone = dynamics.simulate(LORENZ, (0, 2), starts[i], {"r": scale[i]}, t_eval=times)
        np.testing.assert_array_equal(whole.y[i], alone.y)
        assert whole.messages[i] == alone.message


def test_no_trajectory_at_all():
    many = dynamics.simulate_many(PENDULUM, np.empty((0, 2)), t_span=(0, 1), t_eval=[0.0, 1.0])
    assert many.y.shape == (0, 2, 2)
    assert many.messages == ()
