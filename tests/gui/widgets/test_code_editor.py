from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from odeplayground.gui.theme import DARK, LIGHT
from odeplayground.gui.widgets.code_editor import CodeEditor
from odeplayground.spec import Problem, Role, Token
from tests.gui.widgets.helpers import colors, picture, shown

TEXT = "theta' = omega\nomega' = -b*omega - c*sinn(theta)\n\nb = 0.25 in [0, 2]"
TOKENS = (
    Token(1, 1, 6, Role.STATE, 0),
    Token(1, 8, 1, Role.OPERATOR),
    Token(1, 10, 5, Role.STATE, 1),
    Token(4, 5, 4, Role.NUMBER),
    Token(4, 10, 2, Role.KEYWORD),
)
SINN = Problem(2, 23, 4, "There is no function “sinn”.", "Did you mean “sin”?", "sin")


@pytest.fixture
def editor(qtbot, theme):
    widget = CodeEditor()
    widget.reset_text(TEXT)
    widget.set_analysis([SINN], TOKENS)
    shown(qtbot, widget, 304, 140)
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


@pytest.fixture
def edits(editor):
    texts: list[str] = []
    editor.text_edited.connect(texts.append)
    return texts


def color_at(editor, line, column):
    """The colour that the highlighter gave to a character."""
    block = editor.document().findBlockByNumber(line - 1)
    for span in block.layout().formats():
        if span.start <= column - 1 < span.start + span.length:
            return span.format.foreground().color().name().upper()
    return ""


def to_end(editor):
    editor.moveCursor(QTextCursor.MoveOperation.End)


def test_roles_have_their_colors_and_states_their_hue(editor, theme):
    assert color_at(editor, 1, 1) == LIGHT.v1
    assert color_at(editor, 1, 12) == LIGHT.v2
    assert color_at(editor, 4, 6) == LIGHT.num
    assert color_at(editor, 4, 10) == LIGHT.accent_text
    theme.set("dark")
    assert color_at(editor, 1, 1) == DARK.v1


def test_coloring_is_no_edit(editor, edits, theme):
    editor.set_analysis([], TOKENS[:2])
    theme.set("dark")
    assert edits == []
    assert not editor.document().isUndoAvailable()
    assert color_at(editor, 1, 12) == ""


def test_typing_reports_the_text(editor, edits):
    to_end(editor)
    QTest.keyClicks(editor, " #")
    assert edits == [TEXT + " ", TEXT + " #"]


def test_new_lines_keep_their_height(editor):
    to_end(editor)
    for _ in range(3):
        QTest.keyClick(editor, Qt.Key.Key_Return)
    heights = {editor.line_rect(editor.document().findBlockByNumber(line)).height() for line in range(7)}
    assert heights == {20}
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert editor.document().blockCount() == 8


def test_lines_keep_their_height_after_everything_was_deleted(editor):
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, "x")
    assert editor.text == "x"
    assert editor.line_rect(editor.document().firstBlock()).height() == 20


@pytest.mark.parametrize("text", [TEXT.replace("sinn", "sin"), "", TEXT + "\nc = 1", "x' = 1\n" + TEXT, TEXT])
def test_set_text_is_exact_silent_and_can_be_undone(editor, edits, text):
    editor.set_text(text)
    assert editor.text == text
    assert edits == []
    if text != TEXT:
        editor.undo()
        assert editor.text == TEXT


def test_set_text_keeps_the_cursor(editor):
    editor.go_to(4, 3)
    editor.set_text(TEXT.replace("sinn", "sin"))
    cursor = editor.textCursor()
    assert (cursor.blockNumber() + 1, cursor.positionInBlock() + 1) == (4, 3)


def test_set_text_beyond_the_basic_plane(editor):
    editor.reset_text("𝜃' = 1\n# 𝜔𝜔 x")
    editor.set_text("𝜃' = 2\n# 𝜔𝜔 y")
    assert editor.text == "𝜃' = 2\n# 𝜔𝜔 y"


def test_reset_text_leaves_nothing_to_undo(editor, edits):
    QTest.keyClicks(editor, "y")
    editor.reset_text("x' = 1")
    assert not editor.document().isUndoAvailable()
    assert len(edits) == 1
    assert editor.line_rect(editor.document().firstBlock()).height() == 20


def test_undo_and_redo_of_typing(editor):
    to_end(editor)
    QTest.keyClicks(editor, "9")
    editor.set_analysis([], TOKENS)
    editor.undo()
    assert editor.text == TEXT
    editor.redo()
    assert editor.text == TEXT + "9"


def test_repair_replaces_exactly_the_marked_characters(editor, edits):
    editor.replace_problem(SINN)
    assert editor.text == TEXT.replace("sinn", "sin")
    assert edits == [editor.text]
    editor.undo()
    assert editor.text == TEXT


def test_squiggle_lies_under_the_characters(editor):
    (rect,) = editor.problem_rects(SINN)
    cell = QFontMetricsF(editor.font()).horizontalAdvance("x")
    assert rect.left() == pytest.approx(22 * cell, abs=4)
    assert rect.width() == pytest.approx(4 * cell, abs=2)
    assert rect.top() == editor.line_rect(editor.document().findBlockByNumber(1)).top()
    image = editor.viewport().grab().toImage()
    below = [QColor(image.pixel(x, 38)).name() for x in range(int(rect.left()), int(rect.right()))]
    assert len(set(below)) > 1, "nothing is drawn under the characters"


def test_squiggle_of_nothing_is_still_visible(editor):
    (rect,) = editor.problem_rects(Problem(3, 1, 0, "An equation is missing."))
    assert rect.width() > 4
    assert editor.problem_rects(Problem(99, 1, 1, "Too far")) == []


def test_squiggle_goes_around_the_corner_of_a_wrapped_line(editor):
    editor.reset_text("x' = " + "+".join(["alpha*x"] * 12))
    rects = editor.problem_rects(Problem(1, 6, 95, "long"))
    assert len(rects) > 1
    assert all(rect.right() <= editor.viewport().width() + 8 for rect in rects)
    tops = [rect.top() for rect in rects]
    assert tops == sorted(tops)


def test_message_of_a_squiggle_as_tooltip(editor):
    (rect,) = editor.problem_rects(SINN)
    assert editor._message_at(rect.center()) == "There is no function “sinn”. Did you mean “sin”?"
    assert editor._message_at(QPoint(2, 2).toPointF()) == ""


def test_columns_after_letters_beyond_the_basic_plane(editor):
    editor.reset_text("𝜃𝜃 = yy")
    (rect,) = editor.problem_rects(Problem(1, 6, 2, "unknown"))
    editor.set_analysis([], [Token(1, 6, 2, Role.NUMBER)])
    block = editor.document().firstBlock()
    (span,) = block.layout().formats()
    assert block.text()[6 - 1 : 8 - 1] == "yy"
    assert (span.start, span.length) == (7, 2)
    assert rect.width() < 20


def test_line_of_a_problem_has_its_number_in_the_color_of_errors(editor, theme):
    gutter = picture(editor).copy(0, 20, 30, 20)
    plain = picture(editor).copy(0, 60, 30, 20)
    reddish = [name for name in colors(gutter) if QColor(name).red() > QColor(name).green() + 60]
    assert reddish
    assert not [name for name in colors(plain) if QColor(name).red() > QColor(name).green() + 60]


def test_current_line_is_tinted_over_the_full_width(editor, either_theme):
    editor.go_to(3)
    image = picture(editor)
    assert {QColor(image.pixel(x, 50)).name().upper() for x in (2, 28, 45, 200, 300)} == {either_theme.tokens.sunken}


def test_inserted_lines_move_their_colors(editor):
    editor.go_to(1)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    moved = [Token(token.line + 1, token.column, token.length, token.role, token.index) for token in TOKENS]
    editor.set_analysis([], moved)
    assert color_at(editor, 1, 1) == ""
    assert color_at(editor, 2, 1) == LIGHT.v1
    assert color_at(editor, 5, 6) == LIGHT.num


def test_paste_is_plain_text(editor):
    editor.reset_text("")
    data = QMimeData()
    data.setHtml("<b>x' = 1</b>")
    data.setText("x' = 1\r\ny' = 2")
    editor.insertFromMimeData(data)
    assert editor.text == "x' = 1\ny' = 2"
    assert editor.line_rect(editor.document().findBlockByNumber(1)).height() == 20
    editor.selectAll()
    assert editor.createMimeDataFromSelection().formats() == ["text/plain"]


def test_tab_leaves_the_editor(qtbot, theme):
    window, editor, after = QWidget(), CodeEditor(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(editor)
    layout.addWidget(after)
    shown(qtbot, window, 300, 300)
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert after.hasFocus()
    assert editor.text == ""


def test_cursor_is_reported(qtbot, editor):
    with qtbot.waitSignal(editor.cursor_moved) as blocker:
        editor.go_to(2, 5)
    assert blocker.args == [2, 5]


@pytest.fixture
def completing(editor):
    editor.set_names(["omega", "omicron", "theta", "sin", "sinh"])
    editor.reset_text("x' = ")
    to_end(editor)
    yield editor
    editor._completion.close()


def popup(editor):
    return editor._completion._popup


def test_completion_after_two_letters(completing):
    QTest.keyClicks(completing, "o")
    assert not completing._completion.popup_open
    QTest.keyClicks(completing, "m")
    assert completing._completion.popup_open
    QTest.keyClick(popup(completing), Qt.Key.Key_Down)
    QTest.keyClick(popup(completing), Qt.Key.Key_Return)
    assert completing.text == "x' = omicron"
    assert not completing._completion.popup_open


def test_completion_narrows_and_goes(completing):
    QTest.keyClicks(completing, "om")
    QTest.keyClicks(popup(completing), "e")
    assert completing.text == "x' = ome"
    assert completing._completion._completer.completionCount() == 1
    QTest.keyClicks(popup(completing), "ga")
    assert not completing._completion.popup_open, "a finished name needs no completion"


def test_escape_closes_completion(completing):
    QTest.keyClicks(completing, "om")
    QTest.keyClick(popup(completing), Qt.Key.Key_Escape)
    assert not completing._completion.popup_open
    assert completing.text == "x' = om"


def test_ctrl_space_offers_everything(completing):
    QTest.keyClick(completing, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert completing._completion.popup_open
    assert completing._completion._completer.completionCount() == 5
    QTest.keyClick(popup(completing), Qt.Key.Key_Tab)
    assert completing.text == "x' = omega"


def test_words_that_fit_nothing_open_nothing(completing):
    QTest.keyClicks(completing, "zz")
    assert not completing._completion.popup_open


def test_long_lines_wrap_and_the_editor_asks_for_room(qtbot, theme):
    editor = shown(qtbot, CodeEditor(), 304, 80)
    editor.reset_text("x' = 1\ny' = 1\nz' = 1")
    short = editor.sizeHint().height()
    editor.set_text("x' = " + "+".join(["alpha*x"] * 12))
    QApplication.processEvents()
    assert editor.content_height() >= 60
    editor.set_text("\n".join(["x' = 1"] * 8))
    assert editor.sizeHint().height() > short
    editor.set_text("\n".join(["x' = 1"] * 500))
    assert editor.sizeHint().height() <= 300
