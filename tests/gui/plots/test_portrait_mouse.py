"""Real mouse and key events on the portrait, and what they report."""

from __future__ import annotations

import math

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu

from odeplayground.gui.plots import PortraitView
from odeplayground.session.scene import Portrait, Scene
from odeplayground.spec import FieldMode
from tests.gui.plots import scenes


@pytest.fixture
def view(qtbot, theme):
    widget = PortraitView()
    qtbot.addWidget(widget)
    widget.resize(600, 500)
    widget.show()
    widget.set_scene(scenes.scene())
    QApplication.processEvents()
    return widget


def pixel(view, x, y) -> QPoint:
    return view.mapping.point(x, y).toPoint()


def drag(qtbot, view, begin: QPoint, end: QPoint, steps: int = 5) -> None:
    port = view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=begin)
    for i in range(1, steps + 1):
        qtbot.mouseMove(port, begin + (end - begin) * i / steps)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def wheel(view, at: QPoint, turns: int) -> None:
    place = QPointF(at)
    event = QWheelEvent(
        place,
        view.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def empty_place(view) -> QPoint:
    return pixel(view, -2.0, -5.5)


def test_dragging_a_start_reports_its_way_and_its_end(qtbot, view):
    moves, released = [], []
    view.start_dragged.connect(lambda *values: moves.append(values))
    view.start_released.connect(released.append)
    begin, end = pixel(view, 1.2, 4.3), pixel(view, 2.0, 2.0)
    drag(qtbot, view, begin, end)
    assert released == [2]
    assert {index for index, *_ in moves} == {2}
    per_pixel = 1 / view.mapping.sx
    assert moves[-1][1] == pytest.approx(2.0, abs=1.5 * per_pixel)
    assert moves[-1][2] == pytest.approx(2.0, abs=1.5 / abs(view.mapping.sy))


def test_the_handle_does_not_jump_when_it_is_taken_at_its_edge(qtbot, view):
    moves = []
    view.start_dragged.connect(lambda *values: moves.append(values))
    begin = pixel(view, 1.2, 4.3) + QPoint(5, 0)
    drag(qtbot, view, begin, begin + QPoint(30, 0))
    assert moves[-1][1] == pytest.approx(1.2 + 30 / view.mapping.sx, abs=1 / view.mapping.sx)


def test_a_click_on_a_handle_selects_it(qtbot, view):
    with qtbot.waitSignal(view.select_requested) as caught:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=pixel(view, -4.0, 3.0))
    assert caught.args == [1]


def test_a_click_on_a_curve_selects_its_trajectory(qtbot, view):
    x, y = scenes.TRUE.trajectories[2].at(0.15)
    with qtbot.waitSignal(view.select_requested) as caught:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=pixel(view, x, y))
    assert caught.args == [2]


def test_a_right_click_on_a_curve_removes_it(qtbot, view):
    x, y = scenes.TRUE.trajectories[2].at(0.15)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=pixel(view, x, y))
    menu = view.findChild(QMenu, "portrait-menu")
    remove = next(action for action in menu.actions() if action.text() == "Remove trajectory 3")
    with qtbot.waitSignal(view.remove_requested) as caught:
        remove.trigger()
    menu.close()
    assert caught.args == [2]


def test_a_right_click_on_nothing_does_nothing(qtbot, view):
    with qtbot.assertNotEmitted(view.remove_requested), qtbot.assertNotEmitted(view.add_requested):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=empty_place(view))


def test_a_click_on_an_empty_place_adds_there(qtbot, view):
    with qtbot.waitSignal(view.add_requested) as caught:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=empty_place(view))
    x, y = caught.args
    assert x == pytest.approx(-2.0, abs=1 / view.mapping.sx)
    assert y == pytest.approx(-5.5, abs=1 / abs(view.mapping.sy))


def test_a_double_click_adds_only_one(qtbot, view):
    added = []
    view.add_requested.connect(lambda *place: added.append(place))
    place = empty_place(view)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(added) == 1


def test_a_click_on_an_axis_does_nothing(qtbot, view):
    with qtbot.assertNotEmitted(view.add_requested):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 200))


def test_dragging_an_empty_place_pans_and_adds_nothing(qtbot, view):
    added, ranges = [], []
    view.add_requested.connect(lambda *place: added.append(place))
    view.range_changed.connect(lambda *both: ranges.append(both))
    mapping = view.mapping
    drag(qtbot, view, empty_place(view), empty_place(view) + QPoint(60, -40))
    assert not added
    x, y = ranges[-1]
    assert view.ranges == (x, y)
    assert x[0] == pytest.approx(scenes.X_RANGE[0] - 60 / mapping.sx, abs=0.01)
    assert x[1] - x[0] == pytest.approx(10.0)
    assert y[0] == pytest.approx(scenes.Y_RANGE[0] + 40 / mapping.sy, abs=0.01)


def test_a_small_tremble_is_still_a_click(qtbot, view):
    with qtbot.waitSignal(view.add_requested), qtbot.assertNotEmitted(view.range_changed):
        drag(qtbot, view, empty_place(view), empty_place(view) + QPoint(2, 1), steps=2)


def test_late_answers_do_not_pull_the_view_back(qtbot, view):
    asked = []
    view.range_changed.connect(lambda *both: asked.append(both))
    drag(qtbot, view, empty_place(view), empty_place(view) + QPoint(60, 0))
    assert len(asked) >= 4
    here = view.ranges
    for x, y in (asked[0], asked[2]):
        view.set_scene(scenes.scene(x_range=x, y_range=y))
        assert view.ranges == here
    view.set_scene(scenes.scene())  # for example undo
    assert view.ranges[0] == pytest.approx(scenes.X_RANGE)


def test_the_wheel_zooms_around_the_mouse(qtbot, view):
    at = pixel(view, 2.0, -3.0)
    before = view.mapping.data(QPointF(at))
    with qtbot.waitSignal(view.range_changed) as caught:
        wheel(view, at, 1)
    (x0, x1), (y0, y1) = caught.args
    assert x1 - x0 == pytest.approx(10 / 1.2)
    assert y1 - y0 == pytest.approx(12 / 1.2)
    assert view.mapping.data(QPointF(at)) == pytest.approx(before, abs=0.02)
    wheel(view, at, -1)
    assert view.ranges[0] == pytest.approx(scenes.X_RANGE)


def test_the_wheel_on_an_axis_zooms_only_that_axis(view):
    wheel(view, QPoint(10, 200), 1)
    x, y = view.ranges
    assert x == pytest.approx(scenes.X_RANGE)
    assert y[1] - y[0] == pytest.approx(10.0)


def test_zooming_ends_where_numbers_end(view):
    at = pixel(view, 1.0, 1.0)
    for _ in range(300):
        wheel(view, at, 1)
    (x0, x1), _ = view.ranges
    assert 0 < x1 - x0 < 1e-6
    for _ in range(900):
        wheel(view, at, -1)
    (x0, x1), _ = view.ranges
    assert math.isfinite(x1 - x0)
    view.grab()


def test_the_cursor_tells_what_a_press_would_do(qtbot, view):
    port = view.viewport()
    x, y = scenes.TRUE.trajectories[2].at(0.15)
    shapes = Qt.CursorShape
    for place, shape in (
        (pixel(view, 1.2, 4.3), shapes.OpenHandCursor),
        (pixel(view, x, y), shapes.PointingHandCursor),
        (empty_place(view), shapes.CrossCursor),
        (QPoint(5, 200), shapes.ArrowCursor),
    ):
        qtbot.mouseMove(port, place)
        assert port.cursor().shape() == shape


def test_hovering_tells_coordinates_and_equilibria(qtbot, view):
    view.set_scene(scenes.scene(FieldMode.BOTH))
    qtbot.mouseMove(view.viewport(), pixel(view, 0.0, 0.0) + QPoint(2, 1))
    assert view.card_text.splitlines()[:2] == ["Stable focus", "true learned"]
    assert "−0.12 ± 2.23 i" in view.card_text
    assert "0.100" in view.card_text
    assert "𝜃" in view.readout_text
    place = empty_place(view)
    qtbot.mouseMove(view.viewport(), place)
    assert view.card_text == ""
    assert f"{view.mapping.data(place)[1]:.2f}".replace("-", "−") in view.readout_text
    qtbot.mouseMove(view.viewport(), QPoint(3, 300))
    assert view.readout_text == ""


def test_in_true_mode_the_card_says_nothing_of_the_learned(qtbot, view):
    qtbot.mouseMove(view.viewport(), pixel(view, math.pi, 0.0) + QPoint(3, 0))
    assert view.card_text.startswith("Saddle")
    assert "learned" not in view.card_text


def test_keys_move_zoom_nudge_and_remove(qtbot, view):
    moves, removed = [], []
    view.start_dragged.connect(lambda *values: moves.append(values))
    view.remove_requested.connect(removed.append)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.ranges[0] == pytest.approx((-4.0, 6.0))
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.ranges[1] == pytest.approx((-4.8, 7.2))
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.ranges[0][1] - view.ranges[0][0] == pytest.approx(10 / 1.2)
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert moves[0][0] == 0
    assert moves[0][1] == pytest.approx(3.0)
    assert moves[0][2] > 0.05
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert removed == [0]


def test_with_one_state_a_start_moves_up_and_down_only(qtbot, view):
    view.set_scene(scenes.decay_scene())
    moves = []
    view.start_dragged.connect(lambda *values: moves.append(values))
    begin = pixel(view, 0.0, 30.0) + QPoint(3, 0)
    drag(qtbot, view, begin, begin + QPoint(50, -60))
    assert moves[-1][0] == 1
    assert moves[-1][1] == 0.0
    assert moves[-1][2] == pytest.approx(30 + 60 / abs(view.mapping.sy), abs=0.5)


def test_without_a_scene_the_mouse_means_nothing(qtbot, theme):
    view = PortraitView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    with qtbot.assertNotEmitted(view.add_requested):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
        qtbot.keyClick(view, Qt.Key.Key_Delete)


def test_without_starts_nothing_can_be_removed(qtbot, view):
    empty = msgspec.structs.replace(scenes.PENDULUM, starts=())
    view.set_scene(Scene(empty, Portrait()))
    with qtbot.assertNotEmitted(view.remove_requested), qtbot.assertNotEmitted(view.start_dragged):
        qtbot.keyClick(view, Qt.Key.Key_Delete)
        qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
