"""Several windows, what comes back at a start, what is offered after a crash, and files dropped or pasted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from odeplayground.gui.gallery.new_system import CLIPBOARD, NewSystemSheet
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.recent_menu import RecentMenu
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.gui.windows import Windows
from odeplayground.session import edits, keeping
from odeplayground.session.files import shared_text
from odeplayground.storage import presets, recovery
from odeplayground.storage.recovery import About, Slot


@pytest.fixture
def started(theme, home):
    """Starts the program as often as one likes; no libraries are loaded in the background."""
    every: list[Windows] = []

    def start() -> Windows:
        windows = Windows()
        every.append(windows)
        windows.first().show()
        theme.set("light")
        QApplication.processEvents()
        for window in windows:
            window.session.warm_up = lambda: None
        return windows

    yield start
    for windows in every:
        windows.close_all()
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.deleteLater()


def change(window, value: float) -> None:
    document = window.session.document
    document.apply(edits.follow_values(edits.set_parameter(document.experiment, "b", value)), "Set b")


def damping(windows) -> list[float]:
    return sorted(window.session.document.experiment.parameters["b"] for window in windows)


def drop(widget, *paths) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *none))
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *none)
    QApplication.sendEvent(widget, event)
    assert event.isAccepted()


def test_windows_that_were_open_together_come_back_together(started):
    windows = started()
    (first,) = windows
    change(first, 0.5)
    first.commands.run("new_window")
    first.commands.run("new_window")
    _, second, third = windows
    change(second, 1.5)
    change(third, 1.0)
    assert first.session.document.experiment.parameters["b"] == 0.5  # a document of its own
    second.close()
    assert len(windows) == 2
    first.commands.run("reopen_window")
    assert damping(windows) == [0.5, 1.0, 1.5]
    first.commands.run("quit")
    assert len(windows) == 0
    assert damping(started()) == [0.5, 1.0, 1.5]


def test_after_a_crash_the_work_is_offered_and_comes_back_where_nothing_is_lost(started):
    slot = Slot()
    slot.write(edits.set_parameter(presets.load("pendulum").experiment, "b", 0.75), About(edited=True))
    slot.leave()
    windows = started()
    (window,) = windows
    strip = window.findChild(MessageStrip, "offer")
    assert not strip.isHidden()
    assert window.session.document.experiment.parameters["b"] == 0.25
    strip.repair_requested.emit()
    assert strip.isHidden()
    assert damping(windows) == [0.75]
    assert window.session.document.dirty
    assert keeping.lost() == []


def test_what_is_refused_after_a_crash_is_not_offered_again_but_not_lost(started):
    slot = Slot()
    slot.write(presets.load("cooling").experiment, About(edited=True))
    slot.leave()
    (window,) = started()
    window.findChild(MessageStrip, "offer").closed.emit()
    assert keeping.lost() == []
    assert [kept.about.name for kept in keeping.closed()] == ["Newton’s law of cooling"]


def test_dropped_files_open_and_tables_are_told(started, tmp_path):
    windows = started()
    (window,) = windows
    (tmp_path / "decay.txt").write_text("x' = -k*x\nk = 1\nx(0) = 2\n")
    (tmp_path / "data.xlsx").write_text("t,x\n0,1\n")
    before = window.findChild(CodeEditor, "code-editor").text
    drop(window.findChild(CodeEditor, "code-editor").viewport(), tmp_path / "decay.txt")
    assert window.session.document.experiment.system.states == ("x",)
    drop(window, tmp_path / "data.xlsx")
    assert "table of numbers" in window.findChild(MessageStrip, "notice").sentence
    window.commands.run("undo")
    assert window.findChild(CodeEditor, "code-editor").text == before


def test_a_shared_text_and_equations_can_be_pasted(started):
    (window,) = started()
    change(window, 0.5)
    window.commands.run("share")
    shared = window.session.document.experiment
    window.session.open_preset("lorenz")
    window.commands.run("paste_system")
    assert window.session.document.experiment == shared
    QGuiApplication.clipboard().setText("x' = -x\nx(0) = 1")
    window.commands.run("paste_system")
    assert window.session.document.experiment.name == "Pasted system"
    QGuiApplication.clipboard().setText(shared_text(shared))
    window.commands.run("new_system")
    sheet = window.findChild(NewSystemSheet)
    assert (sheet.templates.key, sheet.preview.text) == (CLIPBOARD, shared.text)
    sheet._create()
    assert window.session.document.experiment == shared
    QGuiApplication.clipboard().setText("Dear all,")
    window.commands.run("new_system")
    assert sheet.templates.key != CLIPBOARD
    sheet.close_sheet()
    window.commands.run("paste_system")
    assert "no system on the clipboard" in window.findChild(MessageStrip, "notice").sentence


def test_recent_projects_are_in_the_menu_while_they_exist(started, tmp_path):
    (window,) = started()
    window.session.save(tmp_path / "mine.odep")
    menu = window.findChild(RecentMenu)
    menu.fill()
    assert [action.text() for action in menu.actions()] == ["mine.odep"]
    (tmp_path / "mine.odep").unlink()
    menu.fill()
    assert not menu.actions()[0].isEnabled()


def test_a_window_keeps_its_file_to_itself(started, qtbot):
    (window,) = started()
    change(window, 0.5)
    window.session.autosave()
    qtbot.waitUntil(lambda: recovery.newest() == window.session.document.experiment)
    assert keeping.lost() == []
