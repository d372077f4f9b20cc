from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from odeplayground.gui.theme import DARK, LIGHT
from odeplayground.gui.widgets.slider import Slider
from tests.gui.widgets.helpers import colors, drag, mouse, picture, shown, wheel

WIDTH = 216  # 200 between the ends


@pytest.fixture
def slider(qtbot, theme):
    return shown(qtbot, Slider(0, 2, 0.5, default=1.0), WIDTH, 28)


@pytest.fixture
def reports(slider):
    values: list[float] = []
    slider.value_changed.connect(values.append)
    return values


def x_of(value):
    return 8 + 200 * value / 2


def test_drag_reports_every_move_and_one_release(qtbot, slider, reports):
    released: list[None] = []
    slider.released.connect(lambda: released.append(None))
    drag(slider, (x_of(0.5), 14), (x_of(1.5), 14))
    assert reports == pytest.approx([0.7, 0.9, 1.1, 1.3, 1.5])
    assert len(released) == 1


def test_handle_stays_under_the_mouse(slider, reports):
    drag(slider, (x_of(0.5) + 4, 14), (x_of(0.5) + 5, 14), steps=1)
    assert slider.value == pytest.approx(0.51)


def test_click_on_the_track_jumps_there(slider, reports):
    mouse(slider, QEvent.Type.MouseButtonPress, x_of(1.2), 14)
    mouse(slider, QEvent.Type.MouseButtonRelease, x_of(1.2), 14)
    assert reports == pytest.approx([1.2])


def test_drag_beyond_the_end_stops_there(slider):
    drag(slider, (x_of(0.5), 14), (5000, 14))
    assert slider.value == 2


def test_other_buttons_do_nothing(slider, reports):
    mouse(slider, QEvent.Type.MouseButtonPress, x_of(1.2), 14, button=Qt.MouseButton.RightButton)
    assert reports == []


@pytest.mark.parametrize(
    ("key", "modifier", "value"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.51),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.51),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 0.49),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 0.6),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 0.7),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, 0.3),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0.0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 2.0),
    ],
)
def test_keys(qtbot, slider, key, modifier, value):
    with qtbot.waitSignals([slider.value_changed, slider.released]):
        QTest.keyClick(slider, key, modifier)
    assert slider.value == pytest.approx(value)


def test_unrelated_keys_pass(slider, reports):
    QTest.keyClick(slider, Qt.Key.Key_A)
    assert reports == []


def test_wheel(slider, reports):
    assert wheel(slider, 1)
    assert slider.value > 0.5


def test_wheel_scrolls_the_panel_unless_the_slider_has_the_focus(qtbot, theme):
    area, body, inner = QScrollArea(), QWidget(), Slider(0, 2, 0.5)
    body.setFixedHeight(900)
    layout = QVBoxLayout(body)
    other = Slider()
    layout.addWidget(other)
    layout.addWidget(inner)
    area.setWidget(body)
    shown(qtbot, area, 300, 200)
    other.setFocus()
    wheel(inner, 1)
    assert inner.value == 0.5
    inner.setFocus()
    qtbot.waitUntil(inner.hasFocus)
    wheel(inner, 1)
    assert inner.value > 0.5


def test_double_click_asks_for_the_models_value(qtbot, slider):
    with qtbot.waitSignal(slider.reset_requested):
        QTest.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())


def test_setting_a_value_is_silent(qtbot, slider, reports):
    slider.set_value(1.25)
    slider.set_range(0, 5)
    slider.set_default(None)
    assert reports == []
    assert slider.value == 1.25


def test_values_outside_the_range_do_not_break_the_picture(slider):
    slider.set_value(7)
    assert slider.scale.fraction(slider.value) == 1.0
    slider.set_value(float("nan"))
    assert slider.scale.fraction(slider.value) == 0.0
    picture(slider)


def test_description_for_screen_readers(slider):
    slider.set_value(1.5)
    assert slider.accessibleDescription() == "1.50, from 0.00 to 2.00"


def test_paint_follows_the_theme(qtbot, slider, theme):
    assert LIGHT.accent in colors(picture(slider))
    theme.set("dark")
    seen = colors(picture(slider))
    assert DARK.accent in seen
    assert LIGHT.accent not in seen


def test_disabled_has_no_accent(slider):
    slider.setEnabled(False)
    assert LIGHT.accent not in colors(picture(slider))


def test_focus_shows_only_by_keyboard(qtbot, slider):
    slider.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(slider.hasFocus)
    assert not slider.focus_shows
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.focus_shows
