"""The map of errors."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from odeplayground.gui.plots import TRUSTED, ColourBar, PortraitView
from odeplayground.gui.plots.error_map import LEVELS, colours, contours, refined
from odeplayground.session.scene import ErrorMap, Scene
from odeplayground.spec import FieldMode
from tests.gui.plots import scenes

RANGES = ((-2.0, 2.0), (0.0, 8.0))


def test_small_maps_are_refined_without_moving():
    x = np.linspace(-1, 0, 20)
    fine = refined(np.tile(x, (10, 1)))
    assert fine.shape == (360, 400)
    assert (np.diff(fine, axis=1) >= 0).all()
    assert np.ptp(fine, axis=0).max() < 1e-12
    assert abs(fine.mean() - x.mean()) < 1e-3


def test_large_maps_stay_as_they_are():
    values = np.zeros((500, 600))
    assert refined(values).shape == values.shape


def test_undefined_errors_count_as_the_largest():
    values = np.zeros((4, 4))
    values[0, 0], values[3, 3], values[1, 1] = np.nan, np.inf, -np.inf
    fine = refined(values)
    assert fine[0, 0] == fine[-1, -1] == LEVELS[1]
    assert fine.min() < -1


def test_the_contour_lies_where_the_error_has_its_value():
    values = np.tile(np.linspace(-2, 1, 40)[:, None], (1, 30))
    [line] = contours(ErrorMap(values, *RANGES))
    height = 8 * (np.interp(np.log10(TRUSTED), values[:, 0], np.arange(40)) + 0.5) / 40
    np.testing.assert_allclose(line[:, 1], height, atol=1e-9)
    assert contours(ErrorMap(np.full((3, 3), np.nan), *RANGES)) == []
    assert contours(ErrorMap(np.zeros((1, 5)), *RANGES)) == []


def test_no_error_is_the_colour_of_the_surface(either_theme):
    assert colours()[0].tolist() == list(QColor(either_theme.tokens.surface).getRgb()[:3])


def test_the_map_stands_upright_in_the_portrait(qtbot, either_theme):
    view = PortraitView()
    qtbot.addWidget(view)
    view.resize(500, 420)
    view.show()
    bare = dict.fromkeys(("trajectories", "equilibria"), False)
    view.set_scene(Scene(scenes.with_view(mode=FieldMode.ERROR, **bare), scenes.TRUE, scenes.LEARNED, scenes.ERROR))
    image = view.grab().toImage()
    low = image.pixelColor(view.mapping.point(1.0, -5.9).toPoint())
    high = image.pixelColor(view.mapping.point(1.0, 5.9).toPoint())
    tokens = either_theme.tokens
    assert abs(low.lightness() - QColor(tokens.error_map[0]).lightness()) < 12
    assert abs(high.lightness() - QColor(tokens.error_map[-1]).lightness()) < 12


def test_error_mode_without_a_map_yet(qtbot, theme):
    view = PortraitView()
    qtbot.addWidget(view)
    view.show()
    view.set_scene(Scene(scenes.with_view(mode=FieldMode.ERROR), scenes.TRUE))
    view.grab()


def test_the_colour_bar(qtbot, either_theme):
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.resize(bar.sizeHint())
    image = bar.grab().toImage()
    assert image.pixelColor(5, 8).rgb() != image.pixelColor(bar.width() - 5, 8).rgb()
    assert bar.accessibleName()
