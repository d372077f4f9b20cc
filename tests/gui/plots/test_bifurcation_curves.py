"""Stability along curves, places under the mouse, scales: the geometry of bifurcation diagrams."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.gui.plots import bifurcation_curves as curves
from odeplayground.gui.plots.screen import Mapping
from odeplayground.session.bifurcation_picture import Curve, Picture


def curve(unstable: list[int], special: list[int] = (), *, cycles: bool = False, low: float = 0.0) -> Curve:
    count = len(unstable)
    flags = np.zeros(count, dtype=bool)
    flags[list(special)] = True
    high = np.linspace(1.0, 2.0, count)[None]
    lowest = high - low
    return Curve(cycles, np.linspace(0.0, 1.0, count), high, lowest, np.array(unstable), flags)


@pytest.mark.parametrize("at_the_point", [0, 1])
def test_stability_changes_at_the_bifurcation_whatever_rounding_says_there(at_the_point):
    segments = curves.stable_segments(curve([0, 0, at_the_point, 1, 1], [2]))
    assert segments.tolist() == [True, True, False, False]


def test_pieces_meet_at_the_bifurcation():
    one = curve([0, 0, 0, 1, 1], [2])
    (stable,) = curves.runs(one, one.high[0], stable=True)
    (unstable,) = curves.runs(one, one.high[0], stable=False)
    assert stable[-1].tolist() == unstable[0].tolist() == [0.5, 1.5]
    assert len(stable) + len(unstable) == 6


def test_cycles_have_their_maxima_and_minima():
    picture = Picture("r", ("x",), (0.0, 1.0), (curve([0, 0, 0], cycles=True, low=3.0),))
    found = curves.lines(picture, 0, cycles=True, stable=True)
    assert [line[0, 1] for line in found] == [1.0, -2.0]
    assert curves.lines(picture, 0, cycles=False, stable=True) == []


def test_the_scale_holds_everything_with_room():
    picture = Picture("r", ("x",), (0.0, 1.0), (curve([0, 0, 0], cycles=True, low=3.0),))
    low, high = curves.value_range(picture, 0)
    assert low < -2.0
    assert high > 2.0
    assert curves.value_range(Picture("r", ("x",), (0.0, 1.0)), 0) is None


def test_the_place_under_the_mouse_lies_between_points():
    picture = Picture("r", ("x",), (0.0, 1.0), (curve([0, 0, 1]),))
    mapping = Mapping(100.0, -100.0, 0.0, 300.0)
    spot = curves.nearest(picture, 0, mapping, 20.0, 183.0, reach=9.0)
    assert spot is not None
    assert float(spot.between(spot.curve.parameter)) == pytest.approx(0.185)  # at right angles to the line
    assert float(spot.between(spot.curve.high)[0]) == pytest.approx(1.185)
    assert spot.stable
    assert curves.nearest(picture, 0, mapping, 20.0, 260.0, reach=9.0) is None


def test_gaps_are_never_under_the_mouse():
    one = curve([0, 0, 0])
    one.high[0, 1] = np.nan
    picture = Picture("r", ("x",), (0.0, 1.0), (one,))
    assert curves.nearest(picture, 0, Mapping(100.0, -100.0, 0.0, 300.0), 50.0, 150.0, reach=9.0) is None
