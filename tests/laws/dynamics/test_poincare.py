"""Crossings of sections at times that are known in closed form."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.section import Section
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Status
from tests.unit.dynamics.systems import LORENZ, network, typed

OSCILLATOR = typed("x' = w*y\ny' = -w*x\nw = 1\nq = x^2 + y^2\nx(0) = 1\nt in [0, 50]")


@pytest.mark.parametrize("rtol", [1e-6, 1e-9, 1e-12])
def test_crossings_are_as_accurate_as_the_solution(rtol):
    crossings = dynamics.poincare(OSCILLATOR, "x", rtol=rtol, atol=1e-3 * rtol)
    expected = np.pi * (np.arange(crossings.t.size) + 0.5)
    assert crossings.t.size == 16
    np.testing.assert_allclose(crossings.t, expected, atol=20 * rtol)
    np.testing.assert_allclose(crossings.y[0], 0, atol=1e-14)
    np.testing.assert_array_equal(crossings.rising, np.tile([-1.0, 1.0], 8))


def test_one_direction_and_the_time_after_a_transient():
    crossings = dynamics.poincare(OSCILLATOR, {"y": 0.0}, direction=1, transient=10.0)
    np.testing.assert_allclose(crossings.t, np.pi * np.array([5.0, 7.0, 9.0, 11.0, 13.0, 15.0]), atol=1e-7)
    falling = dynamics.poincare(OSCILLATOR, {"y": 0.0}, direction=-1)
    # The start lies on the section, and is no crossing.
    np.testing.assert_allclose(falling.t, np.pi * np.arange(2.0, 16.0, 2.0), atol=1e-7)


def test_backwards_in_time():
    crossings = dynamics.poincare(OSCILLATOR, "x", (0.0, -10.0))
    np.testing.assert_allclose(crossings.t, -np.pi * np.array([0.5, 1.5, 2.5]), atol=1e-8)
    assert crossings.rising[0] == -1  # along the trajectory as it was followed


def test_expressions_know_parameters_definitions_and_the_time():
    by_time = dynamics.poincare(OSCILLATOR, "sin(w*t/2)", (0.5, 20.0))
    np.testing.assert_allclose(by_time.t, 2 * np.pi * np.arange(1, 4), atol=1e-9)
    assert dynamics.poincare(OSCILLATOR, "q - 2").t.size == 0
    doubled = dynamics.poincare(OSCILLATOR, "x", (0.0, 5.0), parameters={"w": 2.0})
    np.testing.assert_allclose(doubled.t, np.pi * np.array([0.25, 0.75, 1.25]), atol=1e-8)


def test_points_of_lorenz_lie_on_the_section_and_on_the_trajectory():
    crossings = dynamics.poincare(LORENZ, "z - (r - 1)", (0.0, 30.0), direction=-1)
    assert crossings.t.size > 20
    np.testing.assert_allclose(crossings.y[2], 27.0, atol=1e-9)
    np.testing.assert_array_equal(crossings.y, crossings.solution(crossings.t))
    slopes = dynamics.evaluate(LORENZ, crossings.y.T)[:, 2]
    assert (slopes < 0).all()


def test_stiff_trajectories():
    system = typed("x' = y\ny' = mu*(1-x^2)*y - x\nmu = 1000\nx(0) = 2\nt in [0, 4000]")
    crossings = dynamics.poincare(system, "x", rtol=1e-6, atol=1e-9)
    assert np.diff(crossings.t[::2])[0] == pytest.approx(1614.29, rel=1e-3)
    many = dynamics.poincare_many(system, {"x": 0.0}, [[2.0, 0.0]], t_span=(0.0, 4000.0), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(many.t, crossings.t, rtol=1e-5)
    np.testing.assert_array_equal(many.rising, crossings.rising)


def test_networks_and_early_ends():
    system = network()
    middle = float(dynamics.simulate(system, (0.0, 1.0))(0.5)[0])
    crossings = dynamics.poincare(system, {"x": middle}, (0.0, 1.0))
    assert np.abs(crossings.t - 0.5).min() < 1e-4
    assert dynamics.poincare(system, f"x - ({middle})", (0.0, 1.0)).t.size == crossings.t.size
    many = dynamics.poincare_many(system, {"x": middle}, [system.initial], t_span=(0.0, 1.0))
    np.testing.assert_allclose(many.t, crossings.t, atol=1e-6)
    token = CancelToken()
    token.cancel()
    stopped = dynamics.poincare(OSCILLATOR, "x", cancel=token)
    assert stopped.t.size == 0
    assert stopped.solution.status is Status.CANCELLED


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("r", "not understood"),
        ("x +", "not understood"),
        ("", "one expression"),
        ("x\nz' = 1", "one expression"),
        ({}, "one state"),
        ({"r": 1.0}, "state called r"),
        ({"x": np.nan}, "finite"),
        ({"x": [1.0, 2.0]}, "one number"),
    ],
)
def test_wrong_sections(section, words):
    with pytest.raises(ValueError, match=words):
        dynamics.poincare(OSCILLATOR, section)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"direction": 2}, "direction"),
        ({"transient": -1.0}, "transient"),
        ({"transient": [1.0, 2.0]}, "transient: expected one number"),
    ],
)
def test_wrong_arguments(changes, words):
    with pytest.raises(ValueError, match=words):
        dynamics.poincare(OSCILLATOR, "x", **changes)


def test_a_cancelled_search_says_so(monkeypatch):
    monkeypatch.setattr(sys.modules["odeplayground.dynamics.poincare"], "AT_ONCE", 64)
    token = CancelToken()
    everything = dynamics.poincare(OSCILLATOR, "x", rtol=1e-6)
    assert everything.complete
    assert repr(everything).startswith(f"<Crossings x, y: {len(everything)} points.")
    section_called = Section.__call__

    def cancelling(self, t, y):
        token.cancel()
        return section_called(self, t, y)

    monkeypatch.setattr(Section, "__call__", cancelling)
    some = dynamics.poincare(OSCILLATOR, "x", rtol=1e-6, cancel=token)
    assert not some.complete
    assert 0 < len(some) < len(everything)
    np.testing.assert_allclose(some.t, everything.t[: len(some)], atol=1e-12)


@pytest.mark.parametrize(("section", "direction"), [({"z": 27.0}, 0), ("z - (r - 1)", 1), ("x*y", -1)])
@pytest.mark.parametrize("method", ["auto", "lsoda"])
def test_many_together_meet_the_section_where_each_alone_does(section, direction, method):
    starts, span = np.array([[1.0, 2.0, 20.0], [-8.0, 7.0, 27.0]]), (0.0, 4.0)
    given = {"direction": direction, "method": method, "rtol": 1e-8, "atol": 1e-11}
    many = dynamics.poincare_many(LORENZ, section, starts, t_span=span, **given)
    assert list(many.status) == [Status.FINISHED] * 2
    ends = dynamics.simulate_many(LORENZ, starts, t_span=span, method=method, rtol=1e-8, atol=1e-11).y
    np.testing.assert_array_equal(many.y_stop, ends)
    for lane, start in enumerate(starts):
        of_it = many.lane == lane
        alone = dynamics.poincare(
            LORENZ, section, span, start, direction=direction, method=method, rtol=1e-8, atol=1e-11
        )
        accuracy = 1e-9 if method == "auto" else 1e-6  # between scipy's steps the states at quarters stand for its own
        np.testing.assert_allclose(many.t[of_it], alone.t, atol=accuracy)
        np.testing.assert_allclose(many.y[:, of_it], alone.y, atol=1e3 * accuracy)
        np.testing.assert_array_equal(many.rising[of_it], alone.rising)


def test_many_begin_on_the_section_or_end_early():
    around = dynamics.poincare_many(OSCILLATOR, {"y": 0.0}, [[1.0, 0.0], [0.0, 1.0]], t_span=(0.0, 7.0))
    np.testing.assert_array_equal(around.lane, [0, 0, 1, 1])
    np.testing.assert_allclose(around.t, np.pi * np.array([1.0, 2.0, 0.5, 1.5]), atol=1e-6)
    back = dynamics.poincare_many(OSCILLATOR, {"y": 0.0}, [[0.0, 1.0]], t_span=(0.0, -7.0), transient=2.0, direction=1)
    np.testing.assert_allclose(back.t, [-1.5 * np.pi], atol=1e-6)
    away = dynamics.poincare_many(typed("x' = x^2"), {"x": 5.0}, {"x": [1.0, -1.0, 0.5]}, t_span=(0.0, 3.0))
    np.testing.assert_allclose(away.t, [0.8, 1.8], atol=1e-6)
    np.testing.assert_allclose(away.y, 5.0, atol=1e-9)
    assert list(away.status) == [Status.DIVERGED, Status.FINISHED, Status.DIVERGED]
    assert not len(dynamics.poincare_many(OSCILLATOR, {"x": 0.0}, np.empty((0, 2))))
    for level in (-1.0, 0.25):
        moved = dynamics.poincare_many(typed("x' = -level\nlevel = 1"), {"x": level}, [[1.0]], t_span=(0.0, 3.0))
        np.testing.assert_allclose(moved.t, [1.0 - level], atol=1e-9)
    for wrong in ({"direction": 3}, {"transient": -1.0}, {"t_span": (1.0, 1.0)}):
        with pytest.raises(ValueError, match=r"direction|transient|span"):
            dynamics.poincare_many(OSCILLATOR, {"x": 0.0}, [[1.0, 0.0]], **wrong)
