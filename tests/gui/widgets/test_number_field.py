from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.number_field import NumberField
from tests.gui.widgets.helpers import shown

MU = 0.012277471


@pytest.fixture
def field(qtbot, theme):
    field = shown(qtbot, NumberField(MU), 64, 24)
    field.clearFocus()
    return field


def room(field):
    """Border, padding and Qt's margin of two pixels on each side are not for text."""
    return field.width() - 2 - 8 - 4


@pytest.mark.parametrize("value", [MU, -MU, -123456.7, 1.23456e-7, -1.23457e-10, 0.1 + 0.2, 0.25, 8 / 3])
def test_every_number_fits_and_is_told_in_full(field, value):
    field.set_number(value)
    assert QFontMetrics(field.font()).horizontalAdvance(field.text()) <= room(field)
    assert symbols.parse_number(field.text()) == pytest.approx(value, rel=0.5)  # one digit at least
    told = field.toolTip() or field.text()
    assert symbols.parse_number(told) == value
    assert (field.toolTip() == "") == (symbols.parse_number(field.text()) == value)


def test_a_rounded_number_is_edited_in_full_and_kept_by_return(field):
    assert field.text() == "0.01228"
    entered = []
    field.number_entered.connect(entered.append)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert field.text() == "0.012277471"
    QTest.keyClick(field, Qt.Key.Key_Return)
    field.clearFocus()
    assert (field.text(), field.value, entered) == ("0.01228", MU, [])
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert entered == [0.01227747]


def test_more_room_shows_more(field, qtbot):
    field.setFixedWidth(120)
    qtbot.waitUntil(lambda: field.text() == "0.0122775")
    assert field.toolTip() == "0.012277471"


def test_help_of_the_form_stays(field):
    field.set_number(0.5)
    field.setToolTip("The step size")
    field.set_number(MU)
    assert field.toolTip() == "The step size"
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.clipboard().setText("many")
    field.selectAll()
    field.paste()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "not a number" in field.toolTip()
    field.restore()
    assert field.toolTip() == "The step size"
