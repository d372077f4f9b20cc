"""At 1280 by 800 everything can be read, with the three first steps shown."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QTextCursor
from PySide6.QtWidgets import QFrame

from odeplayground.gui import app
from odeplayground.gui.hint_badges import HintBadges
from odeplayground.gui.panels.equilibria import KIND
from odeplayground.gui.theme import fonts
from odeplayground.gui.widgets.badge import Badge
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.gui.widgets.running_line import RunningLine
from odeplayground.gui.widgets.table import QuietTable
from odeplayground.spec import EquilibriumKind
from odeplayground.storage import presets
from tests.gui.window.conftest import settled


def badges(window) -> list[Badge]:
    return [one for one in window.findChildren(Badge) if one.parent() is window and one.isVisible()]


def test_an_error_shows_its_lines_whole(window, qtbot):
    window.show_hint()
    editor = window.findChild(CodeEditor, "code-editor")
    cursor = editor.textCursor()
    cursor.setPosition(editor.text.index("\n", editor.text.index("omega'")))
    cursor.insertText(" + foo*x(")
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    strip = window.findChild(MessageStrip, "message-strip")
    qtbot.waitUntil(lambda: strip.isVisible() and strip.height() >= strip.heightForWidth(strip.width()))
    assert strip.parentWidget().rect().contains(strip.geometry())
    assert not editor.geometry().intersects(strip.geometry())


def test_the_whole_row_of_the_solver_opens_its_form_on_the_screen(window, qtbot):
    row = window.docks.starting_points.widget()._solver
    window.move(0, 0)
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(24, row.height() // 2))
    form = row.findChild(QFrame, "solver-form")
    assert form.isVisible()
    assert form.screen().availableGeometry().contains(form.geometry())
    form.hide()


def test_kinds_of_equilibria_fit_their_column(window):
    metrics = QFontMetrics(fonts.ui(12))
    assert all(metrics.horizontalAdvance(kind.label) <= KIND - 12 for kind in EquilibriumKind)


def test_the_selected_row_agrees_with_the_time_series_at_every_moment(window):
    table = window.findChild(QuietTable, "starts")
    line = window.findChild(RunningLine, "value-line")
    window.session.playback.pause()
    for moment in (1.0, 1.02, 7.3, 12.9):
        window.session.playback.seek(moment)
        told = [float(part.split()[2].replace("−", "-")) for part in line.text.split(":")[1].split(",")]
        now = [float(cell.replace("−", "-")) for cell in table.rows[0].cells[2:]]
        assert all(abs(one - other) <= 0.0051 for one, other in zip(told, now, strict=True))


def test_the_first_steps_stay_closed(open_window, qtbot):
    window = open_window()
    qtbot.waitUntil(lambda: len(badges(window)) == 3)
    qtbot.mouseClick(window.notices.hint.close_button, Qt.MouseButton.LeftButton)
    window.close()
    other = app.create_window(presets.load("pendulum").experiment)
    qtbot.addWidget(other)
    other.session.warm_up = lambda: None
    other.show()
    qtbot.waitUntil(lambda: settled(other))
    assert other.findChild(HintBadges) is not None
    qtbot.wait(50)
    assert not badges(other)
    assert other.notices.hint.isHidden()
    other.show_hint()
    qtbot.waitUntil(lambda: len(badges(other)) == 3)
    other.close()


def test_no_badge_lies_on_a_sheet(window, qtbot):
    window.show_hint()
    qtbot.waitUntil(lambda: len(badges(window)) == 3)
    window.commands.run("new_system")
    qtbot.waitUntil(lambda: not badges(window))
    sheet = next(one for one in window.children() if one.inherits("Sheet"))
    sheet.close_sheet()
    qtbot.waitUntil(lambda: len(badges(window)) == 3)
