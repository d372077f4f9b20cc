"""Crossings, and trajectories that end at one."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.run import solve, solve_with_trails
from tests.unit.dynamics.kernels.driving import batch, kernel
from tests.unit.dynamics.systems import typed

SPRING = typed("x' = v\nv' = -x\nx(0) = 1\nplace = x\nspeed = v - c\nwall = x + c\nlate = t - 4\nc = 0.5")
TIGHT = {"rtol": 1e-11, "atol": 1e-12}


def crossings(
    directions, stop_after=None, events=("place",), method="dop853", t_span=(0, 10), initial=None, **settings
):
    stop_after = stop_after or (0,) * len(directions)
    task = batch(SPRING, t_span, initial, directions=directions, stop_after=stop_after, **TIGHT, **settings)
    return solve_with_trails(kernel(SPRING, method, events), task, steps=False)


@pytest.mark.parametrize("method", ["dopri5", "tsit5", "dop853", "rodas4"])
def test_at_known_times(method):
    result, trails = crossings((0.0,), method=method)
    assert result.endings[0] == Ending.FINISHED
    np.testing.assert_allclose(trails.crossings[:, 2], np.pi * np.array([0.5, 1.5, 2.5]), atol=1e-8)
    np.testing.assert_allclose(trails.crossings[:, 3], 0, atol=1e-8)
    np.testing.assert_allclose(np.abs(trails.crossings[:, 4]), 1, atol=1e-8)
    assert result.crossed[0, 0] == 3


@pytest.mark.parametrize(("direction", "first"), [(1.0, 1.5), (-1.0, 0.5)])
def test_in_one_direction_only(direction, first):
    _, trails = crossings((direction,))
    np.testing.assert_allclose(trails.crossings[:, 2], np.pi * np.arange(first, 3.1, 2), atol=1e-9)


def test_backwards_in_time():
    _, trails = crossings((0.0,), t_span=(0, -5))
    np.testing.assert_allclose(sorted(trails.crossings[:, 2]), np.pi * np.array([-1.5, -0.5]), atol=1e-9)


def test_the_first_one_ends_the_trajectory_and_its_samples():
    times = np.linspace(0, 10, 101)
    result, trails = crossings((0.0,), (1,), times=times)
    assert result.endings[0] == Ending.EVENT
    assert result.t[0] == pytest.approx(np.pi / 2, abs=1e-10)
    np.testing.assert_allclose(result.y[:, 0], [0, -1], atol=1e-9)
    np.testing.assert_array_equal(np.isnan(result.samples[0, 0]), times > np.pi / 2)
    assert len(trails.crossings) == 1


def test_several_events_and_the_one_that_comes_first():
    """The wall is met at cos t = -1/2; before it, the place twice as a listed event of its own."""
    result, trails = crossings((0.0, -1.0), (0, 1), events=("place", "wall"))
    assert result.endings[0] == Ending.EVENT
    assert result.t[0] == pytest.approx(2 * np.pi / 3, abs=1e-9)
    np.testing.assert_array_equal(trails.crossings[:, 1], [0, 1])


def test_nothing_is_listed_after_the_end_within_one_step():
    """A crude method with steps so long that both events fall into one."""
    task = batch(SPRING, (0, 3), [1.0, 0.0], step=3.0, directions=(0.0, 0.0), stop_after=(1, 0))
    result, trails = solve_with_trails(kernel(SPRING, "rk4", ("place", "wall")), task, steps=False)
    assert result.endings[0] == Ending.EVENT
    assert len(trails.crossings) == 1
    assert trails.crossings[0, 2] == result.t[0]


def test_the_third_one_ends_the_trajectory():
    result, _ = crossings((0.0,), (3,))
    assert result.t[0] == pytest.approx(2.5 * np.pi, abs=1e-9)
    assert result.crossed[0, 0] == 3


def test_a_start_on_the_section_does_not_count():
    result, _ = crossings((0.0,), (1,), initial=[0.0, 1.0])
    assert result.t[0] == pytest.approx(np.pi, abs=1e-9)


def test_events_see_time_and_parameters():
    result, trails = crossings((0.0, 1.0), (1, 1), events=("late", "speed"))
    assert result.endings[0] == Ending.EVENT
    np.testing.assert_allclose(-np.sin(result.t[0]), 0.5, atol=1e-9)
    assert trails.crossings[0, 1] == 1


def test_many_trajectories_with_more_crossings_than_the_first_buffer_holds():
    rows = np.random.default_rng(0).normal(size=(90, 2))
    result, trails = crossings((0.0,), t_span=(0, 60), initial=rows)
    assert len(trails.crossings) > 1000
    np.testing.assert_array_equal(result.crossed[:, 0], np.bincount(trails.crossings[:, 0].astype(int), minlength=90))
    for lane in (0, 44, 89):
        mine = trails.crossings[trails.crossings[:, 0] == lane]
        assert (np.diff(mine[:, 2]) > 0).all()
        np.testing.assert_allclose(np.diff(mine[:, 2]), np.pi, atol=1e-8)


def test_results_are_the_same_for_all_widths():
    rows = np.random.default_rng(1).normal(size=(13, 2))
    found = []
    for width in (1, 4, 8):
        task = batch(SPRING, (0, 9), rows, directions=(0.0, 1.0), stop_after=(4, 0))
        found.append(solve_with_trails(kernel(SPRING, "tsit5", ("place", "speed"), width), task, steps=False))
    for result, trails in found[1:]:
        np.testing.assert_array_equal(result.y, found[0][0].y)
        np.testing.assert_array_equal(trails.crossings, found[0][1].crossings)


def test_events_do_not_disturb_the_solution():
    plain = solve(kernel(SPRING, "tsit5"), batch(SPRING, (0, 9)))
    task = batch(SPRING, (0, 9), directions=(0.0,), stop_after=(0,))
    watched = solve(kernel(SPRING, "tsit5", ("place",)), task)
    np.testing.assert_array_equal(plain.y, watched.y)
