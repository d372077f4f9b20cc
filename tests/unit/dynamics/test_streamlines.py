"""Streamlines: evenly spaced, everywhere, along the field."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.kernels.lines import program
from odeplayground.jobs.cancel import CancelToken
from tests.unit.dynamics.systems import FITZHUGH_NAGUMO, LORENZ, PENDULUM, network, typed

CENTRE = typed("x' = y\ny' = -x")
SADDLE = typed("x' = x\ny' = -y")
FOCUS = typed("x' = y - x/10\ny' = -x - y/10")
SQUARE = ("x", "y", (-1.0, 1.0), (-1.0, 1.0))
CASES = [
    (CENTRE, *SQUARE),
    (SADDLE, *SQUARE),
    (FOCUS, *SQUARE),
    (PENDULUM, "theta", "omega", (-7.0, 7.0), (-8.0, 8.0)),
    (FITZHUGH_NAGUMO, "v", "w", (-3.0, 3.0), (-2.0, 3.0)),
    (network(), "x", "y", (-3.0, 3.0), (-3.0, 3.0)),
]


def unit(lines, case):
    """Lines in widths of the window."""
    low, high = np.array(case[3:]).T
    return [(line - low) / (high - low) for line in lines]


def distances(points, others):
    return np.sqrt(((points[:, None] - others[None]) ** 2).sum(axis=-1)).min(axis=1)


@pytest.mark.parametrize("case", CASES)
def test_no_two_lines_are_nearer_than_half_the_separation(case):
    lines = unit(dynamics.streamlines(*case, separation=0.06), case)
    for number, line in enumerate(lines):
        others = np.concatenate([other for i, other in enumerate(lines) if i != number])
        assert distances(line, others).min() >= 0.03


@pytest.mark.parametrize("case", CASES)
def test_the_window_is_full(case):
    lines = unit(dynamics.streamlines(*case, separation=0.06), case)
    apart = distances(np.random.default_rng(0).random((1500, 2)), np.concatenate(lines))
    assert np.quantile(apart, 0.97) <= 0.06
    assert apart.max() <= 1.6 * 0.06


@pytest.mark.parametrize("case", CASES)
def test_lines_stay_inside_and_point_along_the_field(case):
    system, x, y, *ranges = case
    columns = [system.states.index(x), system.states.index(y)]
    lines = dynamics.streamlines(*case)
    assert len(lines) > 5
    for line in lines:
        for axis, (low, high) in enumerate(ranges):
            assert ((line[:, axis] >= low) & (line[:, axis] <= high)).all()
        middle = 0.5 * (line[1:] + line[:-1])
        slopes = dynamics.evaluate(system, middle)[:, columns]
        width = np.ptp(np.array(ranges), axis=1)
        along = (np.diff(line, axis=0) / width * slopes / width).sum(axis=1)
        assert (along > 0).mean() > 0.97  # next to equilibria the direction turns within a step


def test_lines_of_a_centre_are_closed_circles():
    lines = dynamics.streamlines(CENTRE, *SQUARE)
    circles = [line for line in lines if np.hypot(*line[0]) > 0.1 and np.hypot(*line.T).max() < 0.95]
    assert len(circles) > 5
    for line in circles:
        np.testing.assert_array_equal(line[0], line[-1])
        np.testing.assert_allclose(np.hypot(*line.T), np.hypot(*line[0]), atol=2e-4)


def test_lines_of_a_saddle_are_hyperbolas():
    lines = dynamics.streamlines(SADDLE, *SQUARE)
    assert len(lines) > 5
    for line in lines:
        products = line.prod(axis=1)[1:-1]  # the ends are cut at the rim along straight lines
        assert np.ptp(products) < 2e-4


def test_a_spiral_does_not_come_too_near_to_itself():
    lines = unit(dynamics.streamlines(FOCUS, *SQUARE, separation=0.08), (FOCUS, *SQUARE))
    assert max(map(len, lines)) > 12
    for line in lines:
        for i in range(12, len(line)):
            assert np.hypot(*(line[: i - 11] - line[i]).T).min() > 0.04 - 1e-9


def test_distances_are_those_on_the_screen():
    flat = dynamics.streamlines(typed("x' = 1\ny' = 0"), *SQUARE, separation=0.1, aspect=0.5)
    tall = dynamics.streamlines(typed("x' = 1\ny' = 0"), *SQUARE, separation=0.1, aspect=2.0)
    assert 4 <= len(flat) <= 8
    assert 16 <= len(tall) <= 32


def test_other_states_are_held():
    lines = dynamics.streamlines(LORENZ, "x", "y", (-20, 20), (-20, 20), held={"z": 5.0}, parameters={"r": 5.0})
    # With z = r the second row is y' = -y: nothing crosses the line y = 0.
    assert lines
    assert all((line[:, 1] > -0.5).all() or (line[:, 1] < 0.5).all() for line in lines)


def test_where_there_is_no_field_there_are_no_lines():
    assert dynamics.streamlines(typed("x' = 0\ny' = 0"), *SQUARE) == []
    lines = dynamics.streamlines(typed("x' = 1 + 0*y\ny' = sqrt(x)"), *SQUARE)
    assert lines
    assert min(line[:, 0].min() for line in lines) >= 0


def test_they_can_be_cancelled():
    token = CancelToken()
    token.cancel()
    assert dynamics.streamlines(CENTRE, *SQUARE, cancel=token) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": "y"}, "two different"),
        ({"x": "q"}, "no state called q"),
        ({"x_range": (1.0, 1.0)}, "range of x"),
        ({"separation": 0.0}, "separation"),
        ({"separation": [0.1, 0.1]}, "separation: expected one number"),
        ({"aspect": -1.0}, "aspect"),
        ({"aspect": np.nan}, "finite"),
    ],
)
def test_wrong_arguments(changes, words):
    arguments = {"x": "x", "y": "y", "x_range": (-1.0, 1.0), "y_range": (-1.0, 1.0)} | changes
    with pytest.raises(ValueError, match=words):
        dynamics.streamlines(CENTRE, **arguments)


def test_lines_are_the_same_for_every_width_of_vectors(monkeypatch):
    wide = dynamics.streamlines(FOCUS, *SQUARE)
    monkeypatch.setenv("ODEPLAYGROUND_WITHOUT", "avx2,avx512f")
    for line, other in zip(wide, dynamics.streamlines(FOCUS, *SQUARE), strict=True):
        np.testing.assert_array_equal(line, other)


def test_a_new_system_compiles_its_equations_only(monkeypatch):
    dynamics.streamlines(CENTRE, *SQUARE)
    monkeypatch.setattr(program, "compile_written", None)
    assert dynamics.streamlines(typed("x' = y + 0.37\ny' = -x"), *SQUARE)
