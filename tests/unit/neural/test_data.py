from __future__ import annotations

import numpy as np
import pytest

from odeplayground import expr, neural

PENDULUM = "theta' = omega; omega' = -b*omega - c*sin(theta); b = 0.25; c = 5; theta(0) = 3.0416; t in [0, 20]"


def system_of(text):
    system = expr.parse(text).system
    assert system is not None
    return system


@pytest.fixture(scope="module")
def data():
    return neural.sample(system_of(PENDULUM), noise=0.05, seed=3)


def test_own_start_comes_first_and_the_times_are_the_first_half(data):
    first = data.trajectories[0]
    assert data.states == ("theta", "omega")
    assert len(data.trajectories) == 5
    assert first.t.shape == (60,)
    assert first.y.shape == (2, 60)
    assert first.t[[0, -1]] == pytest.approx([0, 10])
    assert first.clean[:, 0] == pytest.approx([3.0416, 0])
    assert data.starts[0] == pytest.approx([3.0416, 0])


def test_starts_are_spread_within_the_region_of_the_own_trajectory(data):
    own = data.trajectories[0].clean
    assert (data.starts >= own.min(axis=1) - 1e-9).all()
    assert (data.starts <= own.max(axis=1) + 1e-9).all()
    scaled = data.starts / np.ptp(own, axis=1)
    gaps = np.linalg.norm(scaled[:, None] - scaled[None], axis=2) + np.eye(5)
    assert gaps.min() > 0.15


def test_noise_is_relative_to_each_states_deviation():
    data = neural.sample(system_of(PENDULUM), n_trajectories=20, n_points=200, noise=0.05)
    clean = np.concatenate([one.clean for one in data.trajectories], axis=1)
    noise = np.concatenate([one.y - one.clean for one in data.trajectories], axis=1)
    assert noise.std(axis=1) / clean.std(axis=1) == pytest.approx([0.05, 0.05], rel=0.05)


def test_seeds_are_reproducible(data):
    again = neural.sample(system_of(PENDULUM), noise=0.05, seed=3)
    other = neural.sample(system_of(PENDULUM), noise=0.05, seed=4)
    assert all(np.array_equal(a.y, b.y) for a, b in zip(data.trajectories, again.trajectories, strict=True))
    assert not np.array_equal(data.trajectories[1].clean, other.trajectories[1].clean)


def test_concentrations_stay_concentrations():
    system = system_of("a' = -a; b' = a - 0.5*b; c' = 0.5*b; a(0) = 1; t in [0, 10]")
    data = neural.sample(system, n_trajectories=10, noise=0)
    assert min(one.clean.min() for one in data.trajectories) > -1e-8


def test_fast_motion_is_sampled_over_a_shorter_span():
    system = system_of("x' = v; v' = -400*x; x(0) = 1; t in [0, 20]")
    spans = [neural.sample(system, n_points=n).trajectories[0].t[-1] for n in (10, 60, 300)]
    assert spans[0] == pytest.approx(0.2 * 10)
    assert spans[1] == pytest.approx(0.8 * 59 / 20, rel=0.05)
    assert spans[2] == pytest.approx(10)


def test_given_starts_parameters_and_span():
    data = neural.sample(
        system_of(PENDULUM), n_points=10, t_span=(1, 2), initial=[[0.1, 0], [0.2, 0]], parameters={"c": 0}
    )
    assert len(data.trajectories) == 2
    assert data.trajectories[1].clean[0] == pytest.approx(np.full(10, 0.2))
    assert data.parameters == {"c": 0}


def test_own_start_at_rest_still_gives_different_trajectories():
    data = neural.sample(system_of("x' = -x; t in [0, 4]"))
    assert np.ptp(data.starts) > 0.2


def test_starts_that_cannot_be_solved_are_replaced():
    """x' = x^2 - 1 blows up in finite time above 1; the own trajectory comes down from just below it."""
    data = neural.sample(system_of("x' = x^2 - 1; x(0) = 0.99; t in [0, 20]"), n_trajectories=8)
    assert np.isfinite([one.y for one in data.trajectories]).all()


@pytest.mark.parametrize("settings", [{"n_points": 2}, {"n_trajectories": 0}, {"noise": -1}, {"noise": float("nan")}])
def test_impossible_sizes_are_refused(settings):
    with pytest.raises(ValueError, match="Sampling needs"):
        neural.sample(system_of(PENDULUM), **settings)


def test_system_without_a_solution_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="no solution from"):
        neural.sample(system_of("x' = x^2; x(0) = 1; t in [0, 20]"))


def test_frozen_and_back(data):
    back = neural.Dataset.from_samples(data.to_samples())
    assert back.states == data.states
    assert back.noise == 0.05
    assert np.array_equal(back.starts, data.starts)
    for a, b in zip(back.trajectories, data.trajectories, strict=True):
        assert np.array_equal(a.t, b.t)
        assert np.array_equal(a.y, b.y)


@pytest.mark.parametrize(
    ("t", "y"),
    [
        (np.arange(5.0), np.zeros((3, 5))),
        (np.arange(3.0), np.zeros((2, 3))),
        (np.arange(5.0), np.full((2, 5), np.nan)),
        (np.array([0, 1, 1, 2, 3.0]), np.zeros((2, 5))),
    ],
)
def test_bad_data_are_refused(t, y):
    with pytest.raises(ValueError, match="Trajectory 1"):
        neural.Dataset(("x", "y"), (neural.Trajectory(t, y),))


@pytest.mark.parametrize(
    ("t", "y"), [(np.arange(5.0), 1e200 * np.ones((2, 5))), (1e200 * np.arange(5.0), np.ones((2, 5)))]
)
def test_huge_numbers_are_refused_with_a_sentence(t, y):
    with pytest.raises(ValueError, match=r"Trajectory 1: some numbers are larger than 1e\+30"):
        neural.Dataset(("x", "y"), (neural.Trajectory(t, y),))


def test_no_data_are_refused():
    with pytest.raises(ValueError, match="no trajectories"):
        neural.Dataset(("x",), ())
