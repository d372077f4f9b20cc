"""Choosing what stands on an axis."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from odeplayground.gui.axis_popup import AxisPopup
from odeplayground.gui.plots import PortraitView
from tests.gui.plots import scenes


@pytest.fixture
def view(qtbot, theme):
    widget = PortraitView()
    qtbot.addWidget(widget)
    widget.resize(500, 420)
    widget.show()
    widget.set_scene(scenes.scene())
    return widget


@pytest.fixture
def popup(qtbot, view):
    widget = AxisPopup(view)
    qtbot.addWidget(widget)
    widget.open_for(scenes.PENDULUM, "x", QPoint(0, 400))
    return widget


def test_a_click_on_a_name_asks_for_its_axis(qtbot, view):
    for tag, side in ((view.x_name, "x"), (view.y_name, "y")):
        with qtbot.waitSignal(view.axis_requested) as caught:
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=tag.sceneBoundingRect().center().toPoint())
        assert caught.args[0] == side


def test_a_state_is_chosen_by_keyboard(qtbot, popup):
    assert popup.buttons["theta"].isChecked()
    qtbot.keyClick(popup.buttons["theta"], Qt.Key.Key_Down)
    with qtbot.waitSignal(popup.chosen) as caught:
        qtbot.keyClick(popup.focusWidget(), Qt.Key.Key_Return)
    assert caught.args == ["x", "omega"]


def test_a_mistake_is_told_and_mended(qtbot, popup):
    qtbot.keyClicks(popup.field, "sin(theta")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.isVisible()
    assert "closing" in popup.strip.sentence
    qtbot.keyClicks(popup.field, ")^2")
    assert popup.strip.isHidden()
    with qtbot.waitSignal(popup.chosen) as caught:
        qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert caught.args == ["x", "sin(theta)^2"]


def test_the_portrait_shows_an_expression_and_a_wrapped_angle(view):
    view.set_scene(scenes.scene(x="theta^2 + omega^2", x_range=(0.0, 40.0)))
    assert view.x_name.text == "𝜃² + 𝜔²"
    index = 0
    (theta, omega), pixel = scenes.STARTS[index], view.handle_pixel(index)
    assert view.mapping.data(pixel) == pytest.approx((theta**2 + omega**2, omega))
    view.drag_start(index, view.mapping.point(1.0, 2.0))  # only the state can be set
    assert view.mapping.data(view.handle_pixel(index)) == pytest.approx((theta**2 + omega**2, 2.0))
    view.set_scene(scenes.scene(wrap=("theta",)))
    assert view.mapping.data(view.handle_pixel(1))[0] == pytest.approx(-4.0 + 2 * 3.141592653589793)
