"""Undo reaches everything from everywhere, files can be opened again, and what cannot be done is said."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from odeplayground.gui import app
from odeplayground.gui.commands import named
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.gui.widgets.slider_row import ParameterRow
from odeplayground.session import UserError, edits, exports
from odeplayground.storage import presets, project
from tests.gui.window.conftest import settled


def notice(window) -> str:
    return window.findChild(MessageStrip, "notice").sentence


def give_focus(window, widget, qtbot) -> None:
    window.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def test_the_keys_for_undo_work_while_the_cursor_is_in_the_editor(window, qtbot):
    editor = window.findChild(CodeEditor, "code-editor")
    before = editor.text
    give_focus(window, editor, qtbot)
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(editor, " # mine")
    qtbot.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.text == before
    qtbot.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert editor.text.endswith(" # mine")


def test_the_keys_for_undo_work_in_a_number_that_was_entered(window, qtbot):
    row = window.findChild(ParameterRow, "parameter-b")
    give_focus(window, row.field, qtbot)
    row.field.selectAll()
    qtbot.keyClicks(row.field, "0.5")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert window.session.document.experiment.parameters["b"] == 0.5
    qtbot.keyClick(row.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.session.document.experiment.parameters["b"] == 0.25
    qtbot.keyClicks(row.field, "7")
    qtbot.keyClick(row.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.actions_by_name["redo"].isEnabled()  # what is being typed is undone first


def test_the_title_tells_what_is_saved(window, tmp_path):
    session = window.session
    session.document.apply(edits.set_parameter(session.document.experiment, "b", 0.5), "Change b")
    assert window.windowTitle().endswith("*")
    session.save(tmp_path / "mine.odep")
    assert window.windowTitle() == "mine.odep"
    session.open_preset("cooling")
    assert window.windowTitle() == session.document.experiment.name
    window.commands.run("undo")
    assert window.windowTitle() == "mine.odep"


def test_a_window_on_a_preset_can_go_back_to_the_last_session(window, qtbot):
    session = window.session
    session.document.apply(edits.set_parameter(session.document.experiment, "b", 0.5), "Change b")
    window.close()
    other = app.create_window(presets.load("cooling").experiment)
    qtbot.addWidget(other)
    assert other.session.document.experiment.preset == "cooling"
    other.commands.run("undo")
    assert other.session.document.experiment == session.document.experiment
    other.close()


def test_parameters_keep_their_capitals_in_the_menu(window):
    document = window.session.document
    document.apply(edits.set_parameter(document.experiment, "b", 0.5), "Change K")
    assert window.actions_by_name["undo"].text() == "Undo change K"


def test_the_last_starting_point_stays_and_the_notice_says_so(window):
    view = window.findChild(PortraitView, "portrait-view")
    document = window.session.document
    while len(document.experiment.starts) > 1:
        view.remove_requested.emit(0)
    view.remove_requested.emit(0)
    assert len(document.experiment.starts) == 1
    assert notice(window).startswith("The last starting point stays")


def test_a_picture_older_than_the_document_moves_nothing(window):
    view = window.findChild(PortraitView, "portrait-view")
    before = window.session.document.experiment
    gone = len(before.starts)
    view.select_requested.emit(gone)
    view.remove_requested.emit(gone)
    view.start_dragged.emit(gone, 0.0, 0.0)
    assert window.session.document.experiment == before


def test_a_number_beyond_the_range_is_taken_though_the_text_is_faulty(window, qtbot):
    document = window.session.document
    document.apply(edits.set_text(document.experiment, f"{document.experiment.text}\nx' = ("), "Edit")
    row = window.findChild(ParameterRow, "parameter-b")
    row.field.number_entered.emit(3.5)
    assert document.experiment.parameters["b"] == 3.5
    assert "mend the equations" in notice(window)


def test_the_palette_does_not_offer_what_cannot_be_done(window, qtbot):
    window.open_palette()
    qtbot.keyClicks(window._palette._field, "learned field")
    qtbot.keyClick(window._palette._field, Qt.Key.Key_Return)
    window._palette.hide()
    assert window.session.document.experiment.view.mode == "true"


def test_an_exported_table_is_told(window, qtbot, tmp_path):
    window.session.export(exports.table_job(window.session.document.experiment, tmp_path / "curve.csv"))
    qtbot.waitUntil(lambda: bool(notice(window)))
    assert "curve.csv" in notice(window)
    assert (tmp_path / "curve.csv").read_text().startswith("t,theta,omega")


def test_a_failed_comparison_is_told(window):
    window.session.comparison.message = "The comparison failed. There is nothing to compare."
    window.session.comparison.changed.emit()
    assert notice(window).startswith("The comparison failed")


def test_every_tolerance_of_the_form_can_be_saved(window):
    form = window.docks.starting_points.widget()._solver._form
    session = window.session
    for value in (1e-12, 0.1, 0.5, 1.0, 5.0):
        form._atol_entered(value)
        project.to_bytes(session.document.experiment)
    assert session.document.experiment.solver.atol == 0.1
    assert "tolerance" in notice(window)


def test_a_file_gets_the_name_by_which_it_can_be_opened(tmp_path):
    assert named(tmp_path / "fit.odep", ".odep") == tmp_path / "fit.odep"
    assert named(tmp_path / "fit v1.2", ".odep") == tmp_path / "fit v1.2.odep"
    (tmp_path / "fit v1.2.odep").touch()
    with pytest.raises(UserError, match="is there already"):
        named(tmp_path / "fit v1.2", ".odep")


def test_typing_a_comment_draws_nothing(window, qtbot):
    qtbot.waitUntil(lambda: settled(window))
    scenes: list[object] = []
    window.session.simulation.scene_changed.connect(scenes.append)
    editor = window.findChild(CodeEditor, "code-editor")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(editor, " # note")
    assert scenes == []
