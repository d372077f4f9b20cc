from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import SIGNAL, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from odeplayground.gui.theme import DARK, LIGHT
from odeplayground.gui.widgets.badge import Badge
from odeplayground.gui.widgets.buttons import (
    FieldButton,
    FlatButton,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    set_available,
)
from odeplayground.gui.widgets.check_box import CheckBox
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.gui.widgets.equation_view import EquationView
from odeplayground.gui.widgets.fold import Fold
from odeplayground.gui.widgets.hint_strip import HintStrip
from odeplayground.gui.widgets.labels import ElidedLabel, hairline, label, set_tone
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.gui.widgets.rows import ValueRow, ValueRows
from odeplayground.gui.widgets.status_dot import StatusDot, StatusKind
from odeplayground.gui.widgets.table import QuietTable
from tests.gui.widgets.helpers import colors, picture, shown

STEPS = [("Drag 𝑏 to zero", "The spiral opens."), ("Pull the starting point", "Across the saddle."), ("Train", "Go.")]


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_message_strip_says_where_and_repairs(qtbot, theme):
    strip = MessageStrip()
    qtbot.addWidget(strip)
    assert not strip.isVisible()
    strip.show_message("There is no function “sinn”.", "Line 2, column 23.", "Change to sin")
    link = strip.findChild(LinkButton)
    with qtbot.waitSignal(strip.repair_requested):
        click(link)
    assert strip.accessibleName() == "Error: There is no function “sinn”. Line 2, column 23."
    strip.show_message("Something else.")
    assert not link.isVisible()
    strip.clear()
    assert not strip.isVisible()
    assert strip.sentence == ""


def test_message_strip_wraps(qtbot, theme):
    strip = MessageStrip()
    shown(qtbot, strip, 304, 80)
    strip.show_message("A short sentence.", "The picture still shows the last valid system. " * 3, "Repair")
    assert strip.heightForWidth(304) > strip.heightForWidth(900)


def test_message_strip_takes_the_room_that_its_lines_need(qtbot, theme):
    strip = shown(qtbot, MessageStrip(), 304, 60)
    strip.show_message("A sentence.", "A long sentence about where it is and what follows from it. " * 3)
    assert strip.minimumHeight() == strip.heightForWidth(304) > 60
    strip.resize(900, strip.height())
    assert strip.minimumHeight() == strip.heightForWidth(900)


def test_message_strip_is_tinted_and_has_its_icon(qtbot, either_theme):
    strip = shown(qtbot, MessageStrip(closable=True), 304, 60)
    strip.show_message("A sentence.", closable_place := "Somewhere.")
    assert closable_place in strip.accessibleName()
    seen = colors(picture(strip))
    assert either_theme.tokens.error_soft in seen
    assert either_theme.tokens.error in seen
    with qtbot.waitSignal(strip.closed):
        click(strip.findChild(IconButton))
    assert not strip.isVisible()


def test_hint_strip_is_dismissed(qtbot, theme):
    strip = shown(qtbot, HintStrip(STEPS), 1280, 64)
    with qtbot.waitSignal(strip.dismissed):
        click(strip.close_button)
    assert not strip.isVisible()


def test_hint_strip_fits_where_the_window_is_narrow(qtbot, theme):
    strip = shown(qtbot, HintStrip(STEPS), 1024, 64)
    assert strip.minimumSizeHint().width() <= 1024
    assert strip.height() == 64


def test_badge(qtbot, either_theme):
    parent = shown(qtbot, QWidget(), 100, 100)
    badge = Badge(2, floating=True, parent=parent)
    badge.center_on(QPointF(50, 50))
    badge.show()
    assert badge.geometry().center().x() in (49, 50)
    assert parent.childAt(50, 50) is None, "the mouse must reach what lies below"
    assert either_theme.tokens.accent in colors(picture(parent))


def test_status(qtbot, theme):
    status = shown(qtbot, StatusDot())
    assert status.text == "Idle"
    assert not status.stop.isVisible()
    status.set_status(StatusKind.BUSY, "Training 73 %", stop="Stop training")
    assert status.stop.accessibleName() == "Stop training"
    with qtbot.waitSignal(status.stop_requested):
        click(status.stop)
    status.set_status(StatusKind.ERROR, "1 error")
    assert not status.stop.isVisible()
    assert LIGHT.error in colors(picture(status))


def test_running_numbers_do_not_shake_the_status(qtbot, theme):
    status = shown(qtbot, StatusDot())
    widths = []
    for percent in (9, 10, 99, 100, 8):
        status.set_status(StatusKind.BUSY, f"Training {percent} %")
        widths.append(status.sizeHint().width())
    assert widths == sorted(widths)
    status.set_status(StatusKind.IDLE, "Idle")
    assert status.sizeHint().width() < widths[0]


def test_fold(qtbot, theme):
    fold = shown(qtbot, Fold("Data", "60 samples"), 300, 200)
    body = QLabel("Settings")
    fold.set_body(body)
    assert not body.isVisible()
    with qtbot.waitSignal(fold.toggled) as blocker:
        click(fold.head)
    assert blocker.args == [True]
    assert body.isVisible()
    assert fold.head.accessibleDescription() == "open, 60 samples"
    with qtbot.assertNotEmitted(fold.toggled):
        fold.set_open(False)
        fold.set_summary("30 samples")
    assert not body.isVisible()
    QTest.keyClick(fold.head, Qt.Key.Key_Right)
    assert fold.is_open
    QTest.keyClick(fold.head, Qt.Key.Key_Right)
    assert fold.is_open
    QTest.keyClick(fold.head, Qt.Key.Key_Left)
    assert not fold.is_open
    QTest.keyClick(fold.head, Qt.Key.Key_Space)
    assert fold.is_open


def test_fold_takes_another_body(qtbot, theme):
    fold = shown(qtbot, Fold("Data"), 300, 200)
    fold.set_body(QLabel("one"))
    fold.set_open(True)
    other = QLabel("other")
    fold.set_body(other)
    assert other.isVisible()


def test_value_rows(qtbot, either_theme):
    rows = ValueRows()
    rows.set_rows([ValueRow("Loss, training", "0.011", "Mean square of the residuals"), ValueRow("Time left", "6 s")])
    shown(qtbot, rows, 300, 48)
    assert rows.sizeHint().height() == 48
    assert rows.accessibleName() == "Loss, training 0.011, Time left 6 s"
    image = picture(rows)
    rightmost = max(x for x in range(300) for y in range(24) if image.pixelColor(x, y) != image.pixelColor(150, 23))
    assert rightmost >= 296


def test_buttons_in_both_themes(qtbot, theme):
    button = shown(qtbot, PrimaryButton("Train", "play-fill"), 128, 32)
    assert LIGHT.accent in colors(picture(button))
    theme.set("dark")
    assert DARK.accent in colors(picture(button))
    assert button.height() == 32


@pytest.mark.parametrize("made", [PrimaryButton, PlainButton, FlatButton, LinkButton])
def test_push_buttons_by_keyboard_only_when_asked(qtbot, theme, made):
    button = shown(qtbot, made("Words"))
    assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, Qt.Key.Key_Space)


def test_why_a_button_cannot_be_used(qtbot, theme):
    button = shown(qtbot, IconButton("skip-forward-fill", "Step"))
    set_available(button, False, "Pause the training first")
    assert (button.isEnabled(), button.toolTip()) == (False, "Pause the training first")
    set_available(button, True, "")
    assert (button.isEnabled(), button.toolTip()) == (True, "Step")


def test_field_button(qtbot, either_theme):
    button = shown(qtbot, FieldButton("Damped pendulum"), 200, 32)
    button.set_label("A name that is far too long for the room there is")
    assert button.accessibleName().startswith("A name")
    button.clearFocus()
    image = picture(button)
    edge = either_theme.tokens.border
    assert edge in {image.pixelColor(100, 0).name().upper(), image.pixelColor(100, 31).name().upper()}
    menu = QMenu(button)
    menu.addAction("One")
    button.setMenu(menu)
    menu.aboutToShow.connect(partial(QTimer.singleShot, 50, menu, menu.close))
    with qtbot.waitSignal(menu.aboutToHide):
        QTest.keyClick(button, Qt.Key.Key_Down)


def test_field_button_with_hint(qtbot, theme):
    button = shown(qtbot, FieldButton("Search commands", icon="magnifying-glass", hint="Ctrl K", tone="text3"))
    with qtbot.waitSignal(button.clicked):
        click(button)
    picture(button)


def test_check_box(qtbot, either_theme):
    box = CheckBox("Collocation start")
    box.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # focus and hovering look different
    box.move(200, 200)
    shown(qtbot, box)
    assert either_theme.tokens.border in colors(picture(box))
    with qtbot.waitSignal(box.toggled):
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    assert either_theme.tokens.accent in colors(picture(box))


def test_elided_label(qtbot, theme):
    text = shown(qtbot, ElidedLabel("A rather long sentence about the field"), 80, 20)
    assert text.text().endswith("…")
    assert text.toolTip() == text.full_text == "A rather long sentence about the field"
    text.resize(400, 20)
    assert text.text() == text.full_text
    assert text.toolTip() == ""
    text.set_text("Short")
    assert text.text() == "Short"


def test_tones(qtbot, theme):
    text = shown(qtbot, label("Held out", tone="text2"))
    assert text.palette().windowText().color().name().upper() == LIGHT.text2
    set_tone(text, "error")
    assert text.palette().windowText().color().name().upper() == LIGHT.error


def test_hairlines(qtbot, either_theme):
    parent = shown(qtbot, QWidget(), 20, 20)
    line = hairline(parent=parent)
    line.setGeometry(0, 5, 20, 1)
    line.show()
    image = picture(parent)
    assert image.pixelColor(10, 5).name().upper() == either_theme.tokens.sep
    assert image.pixelColor(10, 6).name().upper() == either_theme.tokens.surface


def test_destroyed_widgets_leave_the_theme_alone(qtbot, theme):
    before = theme.receivers(SIGNAL("changed()"))
    parent = QWidget()
    for made in (Badge(1), ValueRows(), CodeEditor(), EquationView(), QuietTable(), StatusDot(), Fold("Data")):
        made.setParent(parent)
    assert theme.receivers(SIGNAL("changed()")) > before
    parent.deleteLater()
    del made
    qtbot.waitUntil(lambda: theme.receivers(SIGNAL("changed()")) == before)
    theme.set("dark")
