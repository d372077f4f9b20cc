from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from odeplayground.gui.theme import DARK, LIGHT
from odeplayground.gui.widgets.header import DockHeader
from odeplayground.gui.widgets.segmented import Segment, Segmented
from tests.gui.widgets.helpers import colors, picture, shown

MODES = [
    Segment("true", "True"),
    Segment("learned", "Learned", False, "Train first"),
    Segment("both", "Both"),
    Segment("error", "Error", False, "Train first"),
]


@pytest.fixture
def modes(qtbot, theme):
    return shown(qtbot, Segmented(MODES))


def click(widget, key):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.segment_rect(key).center().toPoint())


def test_click_chooses_and_reports_once(qtbot, modes):
    chosen: list[str] = []
    modes.current_changed.connect(chosen.append)
    click(modes, "both")
    click(modes, "both")
    assert (modes.current, chosen) == ("both", ["both"])


def test_what_cannot_be_chosen_is_not(qtbot, modes):
    with qtbot.assertNotEmitted(modes.current_changed):
        click(modes, "learned")
    modes.set_enabled("learned", True)
    click(modes, "learned")
    assert modes.current == "learned"


def test_arrow_keys_skip_what_cannot_be_chosen(modes):
    QTest.keyClick(modes, Qt.Key.Key_Right)
    assert modes.current == "both"
    QTest.keyClick(modes, Qt.Key.Key_Right)
    assert modes.current == "both"
    QTest.keyClick(modes, Qt.Key.Key_Left)
    assert modes.current == "true"


def test_setting_is_silent(qtbot, modes):
    with qtbot.assertNotEmitted(modes.current_changed):
        modes.set_current("error")
    assert modes.current == "error"
    assert modes.accessibleDescription() == "Error is chosen"
    with pytest.raises(ValueError, match="sepia"):
        modes.set_current("sepia")


def test_current_is_raised_in_both_themes(modes, theme):
    assert colors(picture(modes)).get(LIGHT.raised, 0) > 300
    theme.set("dark")
    assert colors(picture(modes)).get(DARK.raised, 0) > 300


def test_a_dock_keeps_the_height_of_its_header(qtbot, theme):
    window = QMainWindow()
    dock = QDockWidget("Parameters")
    header, body = DockHeader("Parameters"), QWidget()
    dock.setTitleBarWidget(header)
    dock.setWidget(body)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.setCentralWidget(QWidget())
    shown(qtbot, window, 500, 300)
    assert header.height() == 40
    assert body.mapTo(dock, QPoint()).y() == 40


def test_words_of_a_header_are_tabs(qtbot, theme):
    header = shown(qtbot, DockHeader("Animation", "Equilibria", "Comparison"), 336, 40)
    words = header.words
    with qtbot.waitSignal(header.tab_changed) as blocker:
        QTest.mouseClick(words, Qt.MouseButton.LeftButton, pos=words.word_rect(1).center().toPoint())
    assert blocker.args == [1]
    QTest.keyClick(words, Qt.Key.Key_Right)
    assert words.current == 2
    with qtbot.assertNotEmitted(header.tab_changed):
        QTest.keyClick(words, Qt.Key.Key_Right)
        header.set_current(0)


def test_a_title_leaves_the_mouse_to_the_dock(qtbot, theme):
    header = shown(qtbot, DockHeader("Phase portrait"), 336, 40)
    assert header.words.focusPolicy() == Qt.FocusPolicy.NoFocus
    with qtbot.assertNotEmitted(header.tab_changed):
        QTest.mouseClick(header.words, Qt.MouseButton.LeftButton)


def test_count_and_buttons(qtbot, theme):
    header = shown(qtbot, DockHeader("Starting points"), 304, 40)
    header.set_count("3")
    button = header.add_button("dots-three", "More")
    assert button.accessibleName() == button.toolTip() == "More"
    QTest.mouseMove(button)
    header.set_count("")
    assert header.height() == 40


def test_title_starts_at_the_left_edge_of_all_things(qtbot, theme):
    header = shown(qtbot, DockHeader("Equations"), 304, 40)
    assert header.words.mapTo(header, QPoint()).x() == 16


def test_segments_lose_their_hover(qtbot, modes):
    QTest.mouseMove(modes, modes.segment_rect("both").center().toPoint())
    before = picture(modes)
    from PySide6.QtWidgets import QApplication

    QApplication.sendEvent(modes, QEvent(QEvent.Type.Leave))
    assert before.size() == picture(modes).size()
