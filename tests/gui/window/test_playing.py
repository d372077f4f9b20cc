"""Dragging, typing, clicking: what a person does, and what the window shows for it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QLineEdit

from odeplayground.gui.panels.equilibria import EquilibriaPanel
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.gui.widgets.running_line import RunningLine
from odeplayground.gui.widgets.slider import Slider
from odeplayground.gui.widgets.slider_row import ParameterRow
from odeplayground.session import edits
from odeplayground.spec import Status
from odeplayground.storage import presets
from tests.gui.window.conftest import settled


def drag(qtbot, widget, start: QPoint, end: QPoint, steps: int = 6) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for k in range(1, steps + 1):
        qtbot.mouseMove(widget, start + (end - start) * k / steps)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def test_dragging_a_slider_solves_again_and_is_one_undo_entry(window, qtbot):
    session = window.session
    before = session.simulation.scene.true.trajectories[0].y.copy()
    slider = window.findChild(Slider, "slider-c")
    y = slider.height() // 2
    drag(qtbot, slider, QPoint(slider.width() // 2, y), QPoint(slider.width() - 20, y))
    value = session.document.experiment.parameters["c"]
    assert value > 7
    qtbot.waitUntil(lambda: settled(window) and session.simulation.scene.experiment.parameters["c"] == value)
    after = session.simulation.scene.true.trajectories[0].y
    assert not np.array_equal(before, after)
    window.commands.run("undo")
    assert session.document.experiment.parameters["c"] == 5.0
    assert not window.actions_by_name["undo"].isEnabled()
    assert slider.value == 5.0


def test_a_number_beyond_the_range_widens_the_slider(window, qtbot):
    row = window.findChild(ParameterRow, "parameter-b")
    row.field.setFocus()
    row.field.selectAll()
    qtbot.keyClicks(row.field, "3.5")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert window.session.document.experiment.parameters["b"] == 3.5
    assert row.slider.scale.high >= 3.5
    assert row.value == 3.5


def test_double_click_brings_the_models_value_back(window, qtbot):
    session = window.session
    session.document.apply(edits.set_parameter(session.document.experiment, "b", 1.5), "Change b")
    slider = window.findChild(Slider, "slider-b")
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(10, slider.height() // 2))
    assert session.document.experiment.parameters["b"] == 0.25
    assert session.document.experiment.values == {}


def test_a_typing_error_is_told_and_mended_and_the_picture_stays(window, qtbot):
    session = window.session
    editor = window.findChild(CodeEditor, "code-editor")
    strip = window.findChild(MessageStrip, "message-strip")
    good = session.document.experiment.system
    editor.setPlainText(editor.text.replace("sin(theta)", "sinn(theta)"))
    assert strip.isVisible()
    assert "sinn" in strip.sentence
    assert session.document.experiment.system == good
    assert window.tool_bar.status.text == "1 error"
    editor.replace_problem(session.problems()[0])
    assert not strip.isVisible()
    assert session.document.experiment.system == good
    assert "sinn" not in session.document.experiment.text


def test_a_new_parameter_shows_its_slider_at_once_and_undo_takes_it_away(window, qtbot):
    editor = window.findChild(CodeEditor, "code-editor")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClicks(editor, "k = 3 in [1, 4]")
    row = window.findChild(ParameterRow, "parameter-k")
    assert row is not None
    assert (row.slider.scale.low, row.slider.scale.high, row.value) == (1, 4, 3)
    window.commands.run("undo")
    assert "k = 3" not in editor.text
    assert "k" not in window.session.document.experiment.parameters


def test_dragging_a_starting_point_moves_it(window, qtbot):
    session = window.session
    view = window.findChild(PortraitView, "portrait-view")
    start = view.handle_pixel(0).toPoint()
    drag(qtbot, view.viewport(), start, start + QPoint(-60, -50))
    moved = session.document.experiment.starts[0]
    expected = view.mapping.data(QPointF(start + QPoint(-60, -50)))
    assert moved == pytest.approx(expected, abs=0.1)
    qtbot.waitUntil(lambda: settled(window))
    assert session.simulation.scene.true.trajectories[0].start == pytest.approx(moved)
    window.commands.run("undo")
    assert session.document.experiment.starts[0] == pytest.approx((np.pi - 0.1, 0.0))


def test_a_click_adds_a_trajectory_and_delete_removes_it(window, qtbot):
    session = window.session
    view = window.findChild(PortraitView, "portrait-view")
    count = len(session.document.experiment.starts)
    place = view.mapping.point(-3.6, 6.0).toPoint()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(session.document.experiment.starts) == count + 1
    assert session.document.experiment.selected == count
    view.remove_selected()
    assert len(session.document.experiment.starts) == count


def test_a_typed_time_moves_dot_series_and_value_line(window, qtbot):
    session = window.session
    field = window.findChild(QLineEdit, "time-field")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "5.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert session.playback.time == 5.5
    assert not session.playback.playing
    theta, omega = session.simulation.scene.true.trajectories[0].at(5.5)
    line = window.findChild(RunningLine, "value-line").text
    assert "5.50 s" in line
    assert symbols.significant(theta) in line
    assert symbols.significant(omega) in line


def test_divergence_is_a_sentence_in_the_status(window, qtbot):
    session = window.session
    text = "x' = x^2\ny' = -y\nx(0) = 1\ny(0) = 1\n"
    session.document.apply(edits.set_text(session.document.experiment, text), "Edit")
    qtbot.waitUntil(lambda: settled(window), timeout=10_000)
    scene = session.simulation.scene
    assert any(run.status is Status.DIVERGED for run in scene.true.trajectories)
    assert scene.message
    assert window.tool_bar.status.text == "Note"


def pictured(session, preset: str) -> bool:
    """Whether curves and arrows of this preset are there."""
    scene = session.simulation.scene
    return scene.experiment.preset == preset and bool(scene.true.trajectories) and scene.true.arrows is not None


def test_every_preset_opens_and_is_drawn(window, qtbot):
    session = window.session
    for name in presets.presets():
        session.open_preset(name)
        # Not until everything is found: cycles and basins are searched for long after the first picture.
        qtbot.waitUntil(partial(pictured, session, name), timeout=20_000)
        scene = session.simulation.scene
        assert all(run.t.size > 1 for run in scene.true.trajectories), name
        assert scene.true.arrows is not None
        session.playback.seek(0.5 * sum(session.playback.span))
        assert not window.grab().isNull()


def test_a_new_system_and_another_preset_replace_everything(window, qtbot):
    window.session.new_system()
    qtbot.waitUntil(lambda: settled(window))
    assert window.session.document.experiment.system.states == ("x", "y")
    window.session.open_preset("cooling")
    qtbot.waitUntil(lambda: settled(window))
    assert len(window.session.document.experiment.system.states) == 1


def test_geometry_layout_and_theme_come_back(open_window, qtbot):
    first = open_window()
    first.commands.run("toggle_theme")
    first.docks.time_series.hide()
    first.close()
    second = open_window()
    assert second.session.preferences.theme == "dark"
    assert not second.docks.time_series.isVisible()
    second.commands.run("reset_layout")
    assert second.docks.time_series.isVisible()


def test_the_table_of_equilibria_says_what_is_in_doubt(window, qtbot):
    window.session.open_preset("lorenz")
    window.docks.inspector.show_panel("Equilibria")
    qtbot.waitUntil(lambda: settled(window), timeout=20_000)
    panel = window.findChild(EquilibriaPanel)
    said = [text for text in (label.text() for label in panel.findChildren(QLabel)) if "not known" in text]
    assert said
    window.session.open_preset("pendulum")
    qtbot.waitUntil(lambda: settled(window), timeout=20_000)
    assert not any("not known" in label.text() for label in panel.findChildren(QLabel))
