from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from odeplayground.gui.theme import LIGHT
from odeplayground.gui.widgets.slider_row import ParameterRow
from tests.gui.widgets.helpers import colors, drag, picture, shown


@pytest.fixture
def row(qtbot, theme):
    return shown(qtbot, ParameterRow("b", 0.25, 0, 2, 0.25, unit="1/s"), 304, 36)


@pytest.fixture
def log(row):
    events: list[tuple] = []
    row.value_changed.connect(lambda name, value: events.append(("value", name, round(value, 6))))
    row.range_requested.connect(lambda name, low, high: events.append(("range", name, low, high)))
    row.released.connect(lambda name: events.append(("released", name)))
    row.reset_requested.connect(lambda name: events.append(("reset", name)))
    return events


def type_number(row, text, end=Qt.Key.Key_Return):
    row.field.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.clipboard().setText(text)  # keyClicks aborts on a real minus
    row.field.paste()
    QTest.keyClick(row.field, end)


def test_drag_moves_the_number(row, log):
    middle = row.slider.height() / 2
    drag(row.slider, (8 + (row.slider.width() - 16) / 8, middle), (8 + (row.slider.width() - 16) / 2, middle), steps=2)
    assert row.field.text() == "1.00"
    assert log[-2:] == [("value", "b", 1.0), ("released", "b")]


def test_typed_number_inside_the_range(row, log):
    type_number(row, "1.5")
    assert log == [("value", "b", 1.5), ("released", "b")]
    assert row.field.text() == "1.50"
    assert row.slider.value == 1.5


def test_typed_number_outside_widens_first(row, log):
    type_number(row, "3.1")
    assert log == [("range", "b", 0, 5.0), ("value", "b", 3.1), ("released", "b")]


def test_real_minus_and_powers_of_ten_can_be_typed(row, log):
    type_number(row, "−0.4")
    assert log[0] == ("range", "b", -0.5, 2)
    assert row.field.text() == "−0.40"


def test_more_digits_than_the_track_are_kept(row, log):
    type_number(row, "0.1234")
    assert row.value == 0.1234
    assert row.field.text() == "0.1234"


def test_bad_number_is_marked_and_restored_on_leave(qtbot, row, log):
    type_number(row, "abc")
    assert row.field.bad
    assert "not a number" in row.field.toolTip()
    assert LIGHT.error in colors(picture(row.field))
    row.slider.setFocus()
    qtbot.waitUntil(lambda: not row.field.hasFocus())
    assert not row.field.bad
    assert row.field.text() == "0.25"
    assert log == []


def test_mark_goes_when_the_number_is_mended(row):
    type_number(row, "1..2")
    assert row.field.bad
    row.field.selectAll()
    QTest.keyClicks(row.field, "1.2")
    assert not row.field.bad


def test_leaving_takes_the_number(qtbot, row, log):
    row.field.setFocus()
    QTest.keyClicks(row.field, "1.5")
    row.slider.setFocus()
    qtbot.waitUntil(lambda: not row.field.hasFocus())
    assert log[0] == ("value", "b", 1.5)


def test_escape_restores(row, log):
    row.field.setFocus()
    QTest.keyClicks(row.field, "1.5")
    QTest.keyClick(row.field, Qt.Key.Key_Escape)
    assert row.field.text() == "0.25"
    assert log == []


def test_same_number_is_no_change(row, log):
    type_number(row, "0.25")
    assert log == []


def test_arrows_in_the_field_step(row, log):
    row.field.setFocus()
    QTest.keyClick(row.field, Qt.Key.Key_Up)
    assert log == [("value", "b", 0.26)]
    QTest.keyClick(row.field, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert log[-1] == ("value", "b", 0.16)


def test_what_is_being_typed_is_left_alone(row):
    row.field.setFocus()
    QTest.keyClicks(row.field, "1.")
    row.set_value(0.75)
    assert row.field.text() == "1."
    assert row.slider.value == 0.75


def test_set_value_and_range_are_silent(row, log):
    row.set_value(1.0)
    row.set_range(0, 20)
    row.set_default(3.0)
    assert log == []
    assert row.field.text() == "1.0"


def test_double_click_resets(row, log):
    QTest.mouseDClick(row.slider, Qt.MouseButton.LeftButton, pos=row.slider.rect().center())
    assert ("reset", "b") in log


def test_menu_hook(qtbot, row):
    with qtbot.waitSignal(row.menu_requested) as blocker:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(4, 4), row.mapToGlobal(QPoint(4, 4)))
        QApplication.sendEvent(row, event)
    assert blocker.args[0] == "b"


def test_names_for_screen_readers(row):
    assert row.slider.accessibleName() == "b in 1/s"
    assert row.field.accessibleName() == "Value of b in 1/s"


def test_long_symbols_leave_room_for_the_track(qtbot, theme):
    row = shown(qtbot, ParameterRow("temperature", 1, 0, 2), 288, 36)
    assert row.symbol.width() <= 64
    assert row.slider.width() >= 60


def test_logarithmic_values_fit_the_field(qtbot, theme):
    row = shown(qtbot, ParameterRow("k", 1.23e-5, 1e-6, 1), 288, 36)
    room = row.field.width() - 14
    assert row.field.fontMetrics().horizontalAdvance(row.field.text()) <= room
