"""From a table of measurements to dots in the picture, as a person does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from odeplayground.gui.plots.series_view import SeriesView
from odeplayground.gui.training_form import TrainingForm

TABLE = "time,theta,omega\n0,1,0\n1,0.5,-1\n2,oops,-0.5\n3,-0.5,0\n4,0,1\n5,0.5,0.5\n"


@pytest.fixture
def table(tmp_path) -> Path:
    path = tmp_path / "swing.csv"
    path.write_text(TABLE)
    return path


def drop(window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *none))
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *none))


def test_a_table_that_is_dropped_is_loaded_and_shown(window, qtbot, table):
    drop(window, table)
    sheet, data = window.commands._data, window.session.data_import
    qtbot.waitUntil(lambda: data.reading is not None)
    assert sheet.isVisible()
    assert sheet.target.current == "this"
    assert sheet.heads.head(1).choice.currentText() == "State theta"
    assert not sheet.take.isEnabled()
    assert "Line 4, column theta" in sheet._strip.sentence
    assert sheet.table.model().index(2, 1).data(Qt.ItemDataRole.BackgroundRole) is not None
    sheet._strip.repair_requested.emit()
    qtbot.waitUntil(lambda: not data.why_not)
    assert "5 samples of theta and omega" in sheet.sentence.text()
    qtbot.mouseClick(sheet.take, Qt.MouseButton.LeftButton)
    assert sheet.isHidden()
    document = window.session.document
    assert document.experiment.data is not None
    assert window.portrait.view._sample_dots._points.shape == (5, 2)
    lane = window.findChild(SeriesView).lanes[0]
    assert lane.n_samples == 5
    document.undo()
    assert len(window.portrait.view._sample_dots._points) == 0
    assert document.redo_label == "Load data"


def test_columns_are_chosen_with_the_keyboard(window, qtbot, table):
    table.write_text(TABLE.replace("oops", "0").replace("theta", "angle").replace("omega", "speed"))
    window.commands.open_data(table)
    sheet, data = window.commands._data, window.session.data_import
    qtbot.waitUntil(lambda: data.reading is not None)
    assert sheet.target.current == "new"
    name = sheet.heads.head(1).name
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "phi")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not data.why_not)
    choice = sheet.heads.head(2).choice
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: not data.why_not and "speed" not in sheet.sentence.text())
    sheet.take.click()
    assert window.session.document.experiment.system.states == ("phi",)


def test_the_training_panel_says_where_the_data_come_from(window, qtbot, table):
    table.write_text(TABLE.replace("oops", "0"))
    window.commands.open_data(table)
    qtbot.waitUntil(lambda: not window.session.data_import.why_not)
    window.commands._data.take.click()
    window.training_panel.toggle() if not window.training_panel.is_open else None
    form = window.findChild(TrainingForm)
    assert form._source.choice.current == "file"
    assert "6 samples" in form.data.head._summary
    form._source.choice.current_changed.emit("system")
    experiment = window.session.document.experiment
    assert not experiment.plan.from_file
    assert experiment.data is not None
    assert "300 samples" in form.data.head._summary
