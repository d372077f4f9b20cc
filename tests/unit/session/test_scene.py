"""Interpolation of trajectories."""

from __future__ import annotations

import numpy as np

from odeplayground.session.scene import Trajectory


def _of(t, *rows) -> Trajectory:
    return Trajectory(np.asarray(t, float), np.asarray(rows, float))


def test_at_reproduces_grid_points_and_parabolas():
    t = np.array([0.0, 0.3, 1.0, 1.1, 2.0])
    trajectory = _of(t, t**2 - t, 3 * t)
    for time in (0.0, 0.1, 0.3, 0.9, 1.05, 1.7, 2.0):
        np.testing.assert_allclose(trajectory.at(time), [time**2 - time, 3 * time], atol=1e-12)


def test_at_is_third_order_in_the_spacing():
    def worst(n: int) -> float:
        t = np.linspace(0, 3, n)
        trajectory = _of(t, np.sin(t))
        times = np.linspace(0, 3, 777)
        return max(abs(trajectory.at(time)[0] - np.sin(time)) for time in times)

    assert worst(41) < worst(21) / 6.5


def test_at_holds_the_ends():
    trajectory = _of([1.0, 2.0], [5.0, 7.0])
    assert trajectory.at(0.0)[0] == 5.0
    assert trajectory.at(9.0)[0] == 7.0
    assert trajectory.at(1.5)[0] == 6.0


def test_at_next_to_non_finite_values_is_the_straight_line():
    trajectory = _of([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 4.0, np.inf])
    assert trajectory.at(1.5)[0] == 2.5
    assert not np.isfinite(trajectory.at(2.5)[0])


def test_empty_and_single_points():
    assert np.isnan(Trajectory(np.empty(0), np.empty((2, 0))).at(1.0)).all()
    assert _of([3.0], [4.0]).at(0.0)[0] == 4.0
    np.testing.assert_allclose(_of([3.0, 4.0], [4.0, 1.0], [2.0, 2.0]).start, [4.0, 2.0])


def test_a_trajectory_has_ended_after_its_last_time():
    trajectory = _of([0.0, 20.0], [1.0, 2.0])
    assert not trajectory.has_ended(20.0)
    assert trajectory.has_ended(20.1)
    assert Trajectory(np.empty(0), np.empty((1, 0))).has_ended(0.0)


def test_at_does_not_overshoot_between_points_of_a_jump():
    trajectory = _of([0.0, 1.0, 1.001, 2.0, 3.0], [0.0, 0.0, 1.0, 1.0, 1.0])
    assert trajectory.at(1.5)[0] == 1.0
    assert trajectory.at(0.5)[0] == 0.0
