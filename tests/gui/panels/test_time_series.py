"""The panels of the time series and of the thing itself, without a window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from odeplayground.gui.panels.animation import AnimationPanel
from odeplayground.gui.panels.time_series import TimeSeriesPanel
from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session
from odeplayground.spec import Animation, SeriesAxes, SeriesPicture
from odeplayground.storage import presets


@pytest.fixture
def session():
    session = Session(presets.load("van-der-pol").experiment, InlineRunner(Mailbox()))
    session.start()
    session.pump()
    return session


@pytest.fixture
def panel(qtbot, theme, session):
    panel = TimeSeriesPanel(session)
    qtbot.addWidget(panel)
    panel.resize(336, 340)
    panel.header.resize(336, 40)
    panel.header.show()
    panel.show()
    return panel


def settings(session):
    return session.document.experiment.series


def choose(qtbot, panel, index):
    words = panel.header.words
    at = words.word_rect(index).center().toPoint()
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton, pos=at)
    panel.session.pump()


def test_the_words_of_the_header_choose_the_picture_and_undo_goes_back(qtbot, panel, session):
    choose(qtbot, panel, 1)
    assert settings(session).picture is SeriesPicture.SPECTRUM
    assert panel.spectrum.isVisible()
    assert any("period 7." in text for text in panel.spectrum.view.peak_texts)
    choose(qtbot, panel, 2)
    assert panel.delay.isVisible()
    assert panel.delay.slider.value == session.analysis.picture.suggested
    session.undo()
    session.undo()
    assert panel.view.isVisible()
    assert panel.header.words.current == 0


def test_an_expression_is_typed_shown_and_removed(qtbot, panel, session):
    panel.popup.show_experiment(session.document.experiment)
    qtbot.keyClicks(panel.popup.expression, "x^2 +")
    qtbot.keyClick(panel.popup.expression, Qt.Key.Key_Return)
    assert settings(session).expressions == ()
    panel.popup.expression.setText("x^2 + y^2")
    qtbot.keyClick(panel.popup.expression, Qt.Key.Key_Return)
    assert settings(session).expressions == ("x^2 + y^2",)
    session.pump()
    assert "x^2 + y^2" in [curve.row.name for lane in panel.view.lanes for curve in lane.curves]
    assert session.document.undo_label == "Add x^2 + y^2"
    panel.popup.remove_requested.emit("x^2 + y^2")
    assert settings(session).expressions == ()


def test_axes_log_and_eyes_are_edits_of_the_document(panel, session):
    panel.popup.axes_requested.emit("each")
    assert settings(session).axes is SeriesAxes.EACH
    assert len(panel.view.lanes) == 2
    panel.popup.log_requested.emit("x", True)
    assert "Left out" in panel._note.text()
    panel.popup.show_requested.emit("x", False)
    assert [curve.row.name for lane in panel.view.lanes for curve in lane.curves] == ["y"]
    problems = []
    session.problem.connect(problems.append)
    panel.popup.show_requested.emit("y", False)
    assert problems
    assert settings(session).hidden == ("x",)


def test_zooming_is_one_edit_however_long_it_takes(panel, session):
    lane = panel.view.lanes[0]
    for _ in range(3):
        lane._zoom(10.0, 0.5)
    assert settings(session).t_range == (8.75, 11.25)
    assert lane.ranges[0] == (8.75, 11.25)
    session.undo()
    assert settings(session).t_range is None
    lane._zoom(10.0, 0.5)
    panel.view.whole_requested.emit()
    assert settings(session).t_range is None


def test_dragging_the_delay_is_one_edit_and_the_suggestion_comes_back(qtbot, panel, session):
    choose(qtbot, panel, 2)
    suggested = session.analysis.picture.suggested
    for delay in (0.5, 0.7, 0.9):
        panel.delay.delay_requested.emit(delay)
        session.pump()
    assert session.analysis.picture.delay == 0.9
    panel.delay.released.emit()
    panel.delay._menu.actions()[1].trigger()
    assert settings(session).delayed == "y"
    session.undo()
    session.undo()
    session.pump()
    assert session.analysis.picture.delay == suggested


def test_a_click_goes_to_a_time(qtbot, panel, session):
    lane = panel.view.lanes[0]
    qtbot.mouseClick(lane.viewport(), Qt.MouseButton.LeftButton, pos=lane.mapping.point(12.0, 0.0).toPoint())
    assert session.playback.time == pytest.approx(12.0, abs=0.1)
    assert f"{session.playback.time:.2f}" in panel._values.text


def test_another_drawing_is_chosen_and_undone(qtbot, theme, session):
    panel = AnimationPanel(session)
    qtbot.addWidget(panel)
    action = next(action for action in panel.menu.actions() if action.data() == Animation.DIALS.value)
    action.trigger()
    assert session.document.experiment.animation is Animation.DIALS
    assert panel._drawing.accessibleName() == "Dials"
    assert panel._drawing.values
    session.undo()
    assert panel._drawing.accessibleName() == "Oscillator circuit"
