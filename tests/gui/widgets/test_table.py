from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from odeplayground.gui.widgets.signs import Sign
from odeplayground.gui.widgets.table import Column, QuietTable, Row
from tests.gui.widgets.helpers import colors, picture, shown

COLUMNS = [
    Column("start", "theta", 0, editable=True),
    Column("start", "omega", 1, editable=True),
    Column("now", "theta", 0),
    Column("now", "omega", 1),
]
ROWS = [
    Row(("3.04", "0.00", "−0.73", "3.05"), Sign.THICK, "ink"),
    Row(("−4.90", "3.10", "−5.82", "2.74"), Sign.LINE),
    Row(("1.20", "4.30", "6.97", "−3.25"), Sign.LINE),
]


@pytest.fixture
def table(qtbot, theme):
    widget = QuietTable(COLUMNS)
    widget.set_rows(ROWS)
    return shown(qtbot, widget, 288, 120)


def center(table, row, column):
    return table.visualRect(table.model().index(row, column + 1)).center()


def test_heights(table):
    assert table.sizeHint().height() == 28 + 3 * 30 + 1
    assert table.rowHeight(0) == 30


def test_click_selects_the_row(qtbot, table):
    with qtbot.waitSignal(table.row_selected) as blocker:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=center(table, 1, 2))
    assert blocker.args == [1]
    assert table.selected == 1


def test_arrow_keys_select(qtbot, table):
    table.set_selected(0)
    with qtbot.waitSignal(table.row_selected) as blocker:
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert blocker.args == [1]


def test_selecting_by_program_is_silent(qtbot, table):
    with qtbot.assertNotEmitted(table.row_selected):
        table.set_selected(2)
        table.set_rows(ROWS[:2])
    assert table.selected == 1
    table.set_selected(-1)
    assert table.selected == -1


def edit(table, row, column):
    editor = table.edit_cell(row, column)
    assert editor is not None
    editor.selectAll()
    return editor


def test_edit_reports_the_number(qtbot, table):
    editor = edit(table, 1, 0)
    QTest.keyClicks(editor, "2.5")
    with qtbot.waitSignal(table.cell_edited) as blocker:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert blocker.args == [1, 0, 2.5]
    assert table.rows[1].cells[0] == "−4.90", "the table shows what it is given, not what was typed"


def test_leaving_the_cell_takes_the_number(qtbot, table):
    editor = edit(table, 0, 1)
    QTest.keyClicks(editor, "7")
    with qtbot.waitSignal(table.cell_edited) as blocker:
        table.setFocus()
    assert blocker.args == [0, 1, 7.0]


@pytest.mark.parametrize(("text", "key"), [("9", Qt.Key.Key_Escape), ("abc", Qt.Key.Key_Return)])
def test_escape_and_nonsense_change_nothing(qtbot, table, text, key):
    editor = edit(table, 0, 0)
    QTest.keyClicks(editor, text)
    with qtbot.assertNotEmitted(table.cell_edited, wait=50):
        QTest.keyClick(editor, key)


def test_values_that_run_do_not_close_the_editor(qtbot, table):
    editor = edit(table, 0, 0)
    QTest.keyClicks(editor, "12")
    table.set_rows([Row(("3.04", "0.00", "1.00", "2.00"), Sign.THICK, "ink"), *ROWS[1:]])
    assert editor.isVisible()
    assert editor.text() == "12"


def test_columns_that_run_cannot_be_edited(table):
    assert table.edit_cell(0, 2) is None


def test_double_click_edits(qtbot, table):
    at = center(table, 1, 1)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert table.state() == table.State.EditingState


def test_delete_key(qtbot, table):
    table.set_selected(2)
    with qtbot.waitSignal(table.delete_requested) as blocker:
        QTest.keyClick(table, Qt.Key.Key_Delete)
    assert blocker.args == [2]


@pytest.mark.parametrize(("y", "row"), [(28 + 45, 1), (28 + 5, 0), (28 + 91 + 20, -1)])
def test_menu_hook(qtbot, table, y, row):
    table.resize(288, 200)
    at = QPoint(20, y)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at - QPoint(0, 28), table.mapToGlobal(at))
    with qtbot.waitSignal(table.menu_requested) as blocker:
        QApplication.sendEvent(table.viewport(), event)
    assert blocker.args[0] == row


def test_texts_for_screen_readers(table):
    index = table.model().index(0, 1)
    assert table.model().data(index, Qt.ItemDataRole.AccessibleTextRole) == "theta start 3.04"


def test_selected_row_is_tinted_over_the_full_width(qtbot, table, either_theme):
    table.set_selected(1)
    image = picture(table)
    y = 28 + 30 + 4
    tint = either_theme.tokens.accent_soft
    assert {image.pixelColor(x, y).name().upper() for x in (1, 5, 282, 286)} == {tint}
    assert either_theme.tokens.v1 in colors(image)


def test_many_rows_scroll(qtbot, table):
    table.set_rows([Row(("1", "2", "3", "4"))] * 100)
    qtbot.waitUntil(lambda: table.verticalScrollBar().maximum() > 0)
