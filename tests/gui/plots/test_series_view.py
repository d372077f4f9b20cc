"""The time series."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from odeplayground.gui.plots import SeriesView
from odeplayground.gui.plots.series_scale import value_range
from odeplayground.gui.plots.value_marks import spread
from odeplayground.session import series_edits
from odeplayground.session.scene import Portrait, Scene, Trajectory
from odeplayground.spec import Array, FieldMode, Samples, SeriesAxes, System, Variable
from tests.gui.plots import scenes


@pytest.fixture
def view(qtbot, theme):
    widget = SeriesView()
    qtbot.addWidget(widget)
    widget.resize(360, 300)
    widget.show()
    widget.set_scene(scenes.scene())
    QApplication.processEvents()
    return widget


def count(view, code: str) -> int:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    return int((pixels == QColor(code).rgb() & 0xFFFFFF).sum())


def test_both_states_are_drawn_in_their_hues(view, either_theme):
    assert count(view, either_theme.tokens.v1) > 100
    assert count(view, either_theme.tokens.v2) > 100


def test_a_click_and_a_drag_seek(qtbot, view):
    times = []
    view.seek_requested.connect(times.append)
    lane = view.lanes[0]
    port = lane.viewport()
    at = lane.mapping.point(5.0, 0.0).toPoint()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(port, lane.mapping.point(10.0, 0.0).toPoint())
    qtbot.mouseMove(port, at + QPoint(5000, 0))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(port, at)
    assert times == pytest.approx([5.0, 10.0, 20.0], abs=0.1)


def test_keys_seek(qtbot, view):
    view.set_time(5.0)
    with qtbot.waitSignal(view.seek_requested) as caught:
        qtbot.keyClick(view.lanes[0], Qt.Key.Key_Right)
    assert caught.args == [pytest.approx(5.2)]
    view.set_time(0.0)
    with qtbot.waitSignal(view.seek_requested) as caught:
        qtbot.keyClick(view.lanes[0], Qt.Key.Key_Left)
    assert caught.args == [0.0]


def test_values_at_the_cursor_are_told(view):
    view.set_time(2.0)
    theta, omega = scenes.TRUE.trajectories[0].at(2.0)
    assert view.value_texts == [f"{value:.2f}".replace("-", "−") for value in (theta, omega)]


def test_the_cursor_is_one_pixel_wide(view, theme):
    view.set_time(7.3)
    image = view.grab().toImage()
    (lane,) = view.lanes
    y = round(lane.area.bottom()) - 3
    accent = QColor(theme.tokens.accent).rgb()
    columns = [x for x in range(image.width()) if image.pixel(x, y) == accent]
    assert len(columns) == 1
    assert abs(columns[0] - lane.mapping.point(7.3, 0).x()) <= 1


def test_time_alone_does_not_touch_the_curves(view, monkeypatch):
    monkeypatch.setattr(view.lanes[0], "set_ranges", lambda *_: pytest.fail("the layout was computed again"))
    for time in (0.0, 1.0, 20.0):
        view.set_time(time)


def test_learned_curves_and_what_is_beyond_the_samples(view):
    before = view.grab().toImage()
    view.set_scene(scenes.scene(FieldMode.BOTH))
    both = view.grab().toImage()
    assert both != before
    view.set_samples(scenes.samples())
    sampled = view.grab().toImage()
    assert sampled != both
    view.set_samples(None)
    assert view.grab().toImage() == both


def test_samples_of_another_trajectory_are_not_drawn_on_this_one(view):
    t = np.linspace(0, 10, 30)
    y = np.stack([np.full(30, 40.0), np.full(30, -40.0)])
    lane = view.lanes[0]
    before = lane.ranges
    view.set_samples(Samples(("theta", "omega"), (Array.of(t),), (Array.of(y),)))
    assert lane.ranges == before
    assert lane.n_samples == 0
    view.set_samples(scenes.samples())
    assert lane.n_samples == 25


def test_names_are_in_the_corner(view):
    view.set_scene(scenes.decay_scene())
    view.set_time(1.0)
    (lane,) = view.lanes
    assert lane.y_name.text == "𝑇"
    assert lane.ranges[0] == (0.0, 10.0)
    assert len(view.value_texts) == 1
    view.set_scene(scenes.scene())
    assert lane.y_name.text == "𝜃 𝜔"


def test_many_states_repeat_hues_with_a_dash(view):
    names = tuple(f"x{i}" for i in range(12))
    t = np.linspace(0, 20, 50)
    many = msgspec.structs.replace(scenes.PENDULUM, system=System(tuple(Variable(name, "0") for name in names)))
    view.set_scene(Scene(many, Portrait((Trajectory(t, np.arange(12.0)[:, None] + np.sin(t)),))))
    view.set_time(3.0)
    assert view.lanes[-1].value_texts == []
    view.grab()


@pytest.mark.parametrize(
    "y",
    [
        np.full((2, 50), np.nan),
        np.stack([np.exp(np.linspace(0, 700, 50)), np.zeros(50)]),
        np.stack([np.where(np.arange(50) > 25, np.inf, 1.0), 1e308 * np.cos(np.arange(50.0))]),
        np.zeros((2, 50)),
    ],
)
def test_undefined_huge_and_constant_values(view, y):
    portrait = Portrait((Trajectory(np.linspace(0, 20, 50), y),))
    view.set_scene(Scene(scenes.with_view(mode=FieldMode.BOTH), portrait, portrait))
    view.set_samples(scenes.samples())
    view.set_time(10.0)
    low, high = view.lanes[0].ranges[1]
    assert low < high
    view.grab()


def test_an_empty_scene(view):
    view.set_scene(Scene(msgspec.structs.replace(scenes.PENDULUM, starts=()), Portrait()))
    view.set_time(1.0)
    view.grab()


def test_the_range_is_calm_round_and_keeps_concentrations_positive():
    low, high = value_range(np.linspace(0.0, 0.93, 50))
    assert -0.1 <= low <= 0
    assert 0.93 < high < 1.2
    assert value_range(np.linspace(-4.01, 3.3, 50)) == value_range(np.linspace(-4.0, 3.31, 50))


def test_an_explosion_does_not_flatten_the_rest():
    values = np.concatenate([np.sin(np.linspace(0, 20, 500)), 10.0 ** np.arange(1, 12)])
    low, high = value_range(values)
    assert high < 10
    assert low < -1


def test_labels_move_apart_and_stay_inside():
    tops = spread([50.0, 52.0, 51.0], 200.0)
    gaps = np.diff(sorted(tops))
    assert (gaps >= 15).all()
    assert [tops.index(value) for value in sorted(tops)] == [0, 2, 1]
    assert max(spread([195.0, 196.0], 200.0)) <= 185


def changed(edit, *arguments):
    scene = scenes.scene()
    return msgspec.structs.replace(scene, experiment=edit(scene.experiment, *arguments))


def test_lanes_share_the_time_and_stand_below_each_other(view):
    view.set_scene(changed(series_edits.set_axes, SeriesAxes.EACH))
    view.set_time(2.0)
    QApplication.processEvents()
    above, below = view.lanes
    assert (above.y_name.text, below.y_name.text) == ("𝜃 rad", "𝜔 rad/s")
    assert above.area.left() == below.area.left()
    assert above.area.width() == below.area.width()
    assert above.ranges[0] == below.ranges[0]
    assert not above.axes["bottom"].isVisible()
    assert below.axes["bottom"].isVisible()
    assert len(view.value_texts) == 2
    view.set_scene(scenes.scene())
    assert len(view.lanes) == 1
    assert not below.isVisible()


def test_a_log_axis_says_what_it_leaves_out(view):
    view.set_scene(changed(series_edits.set_log, "theta", True))
    (log,) = [lane for lane in view.lanes if lane.log]
    assert "theta at" in view.note
    view.set_time(0.0)
    assert len(view.value_texts) == 2  # the value itself, not its logarithm
    assert view.value_texts[0] == f"{scenes.TRUE.trajectories[0].at(0.0)[0]:.2f}"
    assert log.ranges[1][1] < 3
    view.set_scene(scenes.scene())
    assert view.note == ""


def test_an_expression_has_a_curve_and_a_value(view):
    view.set_scene(changed(series_edits.add_expression, "theta + 10*omega"))
    view.set_time(2.0)
    theta, omega = scenes.TRUE.trajectories[0].at(2.0)
    assert f"{theta + 10 * omega:.2f}".replace("-", "−") in view.value_texts
    view.set_scene(changed(series_edits.show, "omega", False))
    assert [curve.row.name for lane in view.lanes for curve in lane.curves] == ["theta"]


def test_the_wheel_zooms_around_the_pointer_and_a_double_click_shows_everything(qtbot, view):
    lane, asked = view.lanes[0], []
    view.range_requested.connect(lambda low, high: asked.append((low, high)))
    at = lane.mapping.point(5.0, 0.0)
    turn(lane, at, 120)
    ((low, high),) = asked
    assert (high - low) == pytest.approx(16.0, abs=0.1)
    assert (5.0 - low) / (high - low) == pytest.approx(0.25, abs=0.01)
    qtbot.keyClick(lane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert asked[-1] == pytest.approx((2.0, 22.0))
    qtbot.mousePress(lane.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at.toPoint())
    qtbot.mouseMove(lane.viewport(), lane.mapping.point(7.0, 0.0).toPoint())
    assert asked[-1] == pytest.approx((-2.0, 18.0), abs=0.1)
    qtbot.mouseRelease(lane.viewport(), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.whole_requested):
        qtbot.mouseDClick(lane.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    view.set_scene(changed(series_edits.set_t_range, 4.0, 6.0))
    assert lane.ranges[0] == (4.0, 6.0)


def turn(lane, at, angle):
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
    event = QWheelEvent(at, lane.viewport().mapToGlobal(at), QPoint(), QPoint(0, angle), *none)
    QApplication.sendEvent(lane.viewport(), event)
