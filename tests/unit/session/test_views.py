from __future__ import annotations

import numpy as np
import pytest

from odeplayground.session import views
from odeplayground.session.scene import Portrait, Trajectory
from tests.unit.session.systems import experiment

TWO = experiment("x' = y\ny' = -x\n")


@pytest.mark.parametrize("value", [0.0, 1e-6, 3.0, -250.0])
def test_a_default_range_shows_the_value_well_inside(value: float) -> None:
    low, high = views.default_range(value)
    assert low < value < high
    assert abs(value) < 0.8 * high


def curve(*points: tuple[float, float]) -> Trajectory:
    y = np.array(points).T
    return Trajectory(np.arange(float(y.shape[1])), y)


def test_the_fitted_view_holds_every_curve_with_a_margin() -> None:
    portrait = Portrait((curve((0.0, 0.0), (10.0, 1.0)), curve((-10.0, 5.0), (np.nan, 99.0))))
    x_range, y_range = views.fitted(portrait, TWO)
    assert x_range == pytest.approx((-11.6, 11.6))
    assert y_range[0] < 0.0
    assert y_range[1] > 99.0


def test_a_point_is_shown_in_the_middle() -> None:
    x_range, y_range = views.fitted(Portrait((curve((4.0, 0.0), (4.0, 0.0)),)), TWO)
    assert x_range == pytest.approx((2.0, 6.0))
    assert y_range == pytest.approx((-0.5, 0.5))


def test_time_is_an_axis_too_and_nothing_finite_is_no_view() -> None:
    one = Trajectory(np.array([0.0, 5.0]), np.array([[1.0, 3.0]]))
    shown = experiment("x' = 1\n")
    assert views.fitted(Portrait((one,)), shown)[0] == pytest.approx((-0.4, 5.4))
    assert views.fitted(Portrait((curve((np.nan, np.nan)),)), TWO) is None
    assert views.fitted(Portrait(), TWO) is None
