"""What is told while branches grow, leaving early, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics.continuation import (
    Grown,
    OrbitColumns,
    Started,
    continue_cycles,
    continue_equilibria,
    cycle_growth,
    equilibrium_growth,
    orbit_diagram,
    orbit_growth,
)
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import Bifurcation
from tests.unit.dynamics.systems import BRUSSELATOR, DRIVEN, LORENZ, REACTION, network, typed

PITCHFORK = typed("x' = r*x - x^3\nr = -1")
GROWING = typed("x' = 1 + r^2 + x^2\nr = 0")
LOGISTIC = typed("x' = r - x\nr = 1\nt in [0, 5]")


def hopf():
    return continue_equilibria(BRUSSELATOR, "B", (0, 3), parameters={"B": 0.5}).of(Bifurcation.HOPF)[0]


def test_events_hold_all_points_of_the_branches():
    events = []
    found = continue_equilibria(PITCHFORK, "r", (-1, 1), on_event=events.append)
    assert [event.branch for event in events if isinstance(event, Started)] == [0, 1]
    for branch in found:
        points = [event for event in events if isinstance(event, Grown) and event.branch == branch.number]
        assert isinstance(events[events.index(points[0]) - 1], Started)
        ahead = [point for point in points if point.forward]
        back = [point for point in points if not point.forward]
        line = [*back[::-1], *ahead]
        assert [point.parameter for point in line] == branch.parameter.tolist()
        assert [point.unstable for point in line] == branch.unstable.tolist()
        assert [point.special for point in line if point.special] == list(branch.points)


def test_cycle_events_hold_all_points():
    events = []
    branch = continue_cycles(BRUSSELATOR, "B", (0, 3), hopf(), on_event=events.append)
    assert isinstance(events[0], Started)
    assert [event.parameter for event in events[1:]] == branch.parameter.tolist()
    assert [event.period for event in events[1:]] == branch.period.tolist()
    assert np.array_equal(np.array([event.lowest for event in events[1:]]).T, branch.lowest)


def test_generators_can_be_left_at_once():
    for growing in (
        equilibrium_growth(LORENZ, "r", (0, 30)),
        cycle_growth(BRUSSELATOR, "B", (0, 3), hopf()),
        orbit_growth(LOGISTIC, "r", (0, 1), "x"),
    ):
        next(growing)
        growing.close()
        assert list(growing) == []


def test_cancelling_gives_what_was_found():
    token = CancelToken()
    seen = []

    def count(event):
        seen.append(event)
        if len(seen) == 5:
            token.cancel()

    found = continue_equilibria(LORENZ, "r", (0, 30), on_event=count, cancel=token)
    assert len(seen) < 8
    assert "Stopped" in found.message
    assert len(found) == 1
    token, seen = CancelToken(), []
    branch = continue_cycles(BRUSSELATOR, "B", (0, 3), hopf(), on_event=count, cancel=token)
    assert branch.endings[1] == "Stopped on request."
    assert len(branch) < 6


def test_columns_come_coarse_first_and_are_cancelled():
    events = []
    diagram = orbit_diagram(LOGISTIC, "r", (0, 1), "x", columns=200, on_event=events.append)
    assert all(isinstance(event, OrbitColumns) for event in events)
    assert np.ptp(events[0].parameter) > 0.9
    assert events[-1].share == 1
    assert np.allclose(diagram.value, diagram.parameter, atol=1e-6)
    assert diagram.columns.size == 200
    token = CancelToken()
    some = orbit_diagram(LOGISTIC, "r", (0, 1), "x", columns=200, on_event=lambda event: token.cancel(), cancel=token)
    assert 0 < some.columns.size < 200
    assert some.message.startswith("Stopped")


def test_a_window_leaves_out_values():
    diagram = orbit_diagram(LOGISTIC, "r", (0, 1), "x", columns=11, window=(0.25, 0.55))
    assert diagram.value == pytest.approx([0.3, 0.4, 0.5], abs=1e-6)


def test_failures_are_sentences():
    assert continue_equilibria(GROWING, "r", (-1, 1)).message == "No equilibrium was found near the start."
    assert "not isolated" in continue_equilibria(REACTION, "k1", (0, 2)).message


def test_a_start_right_on_the_crossing_finds_both_branches():
    found = continue_equilibria(PITCHFORK, "r", (-1, 1), parameters={"r": 0.0})
    assert len(found) == 2
    assert [point.parameter for point in found.of(Bifurcation.BRANCH_POINT)] == pytest.approx([0], abs=1e-9)


@pytest.mark.parametrize("window", [{"x": (-2, 2), "y": (-2, 2)}, None])
def test_seeds_without_a_derivative_are_passed_over(window):
    singular = typed("x' = a*x^2/(x^2 + y^2) - x\ny' = x - y\na = 1")
    start = None if window else {"x": 0.6, "y": 0.4}
    (branch,) = continue_equilibria(singular, "a", (0.5, 4), window, start=start)
    assert np.allclose(branch.states, branch.parameter / 2)  # x = y = a / 2
    nowhere = continue_equilibria(singular, "a", (0.5, 4), start={"x": 0, "y": 0})
    assert nowhere.message == "No equilibrium was found near the start."


def test_a_branch_without_a_derivative_does_not_hide_the_others():
    flat = typed("x' = a*exp(-1/x^2) - x\na = 1")  # x = 0 for every a, where 1/x^2 is not finite
    found = continue_equilibria(flat, "a", (0, 4), {"x": (-2, 2)})
    assert found
    for branch in found:
        x = branch.states[0]
        assert np.isfinite(branch.eigenvalues).all()
        assert np.allclose(branch.parameter * np.exp(-1 / x**2), x, atol=1e-8)


def test_without_a_start_the_system_settles():
    cell = typed("x' = tanh(2 - x) + 1 + p\ny' = x - y\np = -1\nx(0) = 60\nt in [0, 20]")
    (branch,) = continue_equilibria(cell, "p", (-1.2, -0.8))
    assert branch.stable.all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"parameter": "C"}, "no parameter called C"),
        ({"bounds": (2, 1)}, "low and high"),
        ({"bounds": (0, float("nan"))}, "finite"),
        ({"states": {"x": (0, 1)}}, "missing for y"),
        ({"max_step": 0}, "share"),
        ({"parameters": {"Z": 1}}, "no parameter called Z"),
        ({"system": network(), "parameter": "a"}, "trained network"),
        ({"system": DRIVEN, "parameter": "a"}, "no parameter"),
    ],
)
def test_wrong_arguments(change, sentence):
    arguments = {"system": BRUSSELATOR, "parameter": "B", "bounds": (0, 3), **change}
    with pytest.raises(ValueError, match=sentence):
        equilibrium_growth(**arguments)


def test_more_wrong_arguments():
    driven = typed("x' = -x + a*sin(t)\na = 1")
    with pytest.raises(ValueError, match="do not depend on time"):
        continue_equilibria(driven, "a", (0, 1))
    crossing = continue_equilibria(PITCHFORK, "r", (-1, 1)).points[0]
    with pytest.raises(ValueError, match="Hopf point"):
        continue_cycles(PITCHFORK, "r", (-1, 1), crossing)
    for change, sentence in (
        ({"observe": "y"}, "no state"),
        ({"extremum": "middle"}, "maxima"),
        ({"period": 0}, "above zero"),
        ({"columns": 1}, "at least 2"),
        ({"transient": -1}, "below zero"),
        ({"window": (1, 0)}, "low and high"),
    ):
        with pytest.raises(ValueError, match=sentence):
            orbit_growth(**{"system": LOGISTIC, "parameter": "r", "bounds": (0, 1), "observe": "x", **change})
