"""The table of actions, the menus and the palette say the same and everything in them works."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from odeplayground.gui.actions import ACTIONS, MENUS
from odeplayground.gui.commands import Commands
from odeplayground.gui.theme import theme as current_theme
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.spec import FieldMode

OTHER_WINDOWS = {"new_window", "reopen_window", "close_window", "open_learned"}
OPENS_A_DIALOG = {"open_file", "load_data", "save", "save_as", "export_picture", "export_data", "about", "quit"}
NEEDS_TRAINING = {"train", "pause_training", "step_training", "stop_training", "back_to_best"}


def test_every_action_is_complete_and_its_key_is_its_own():
    for spec in ACTIONS:
        assert callable(getattr(Commands, spec.name))
        assert spec.menu in MENUS
        assert spec.help.endswith(".")
        assert spec.shortcut == "" or not QKeySequence(spec.shortcut).isEmpty()
    keys = Counter(spec.shortcut for spec in ACTIONS if spec.shortcut)
    assert max(keys.values()) == 1
    assert max(Counter(spec.name for spec in ACTIONS).values()) == 1


def test_every_command_has_an_action():
    names = {name for name, value in vars(Commands).items() if callable(value) and not name.startswith("_")}
    assert names - {"run", "open_preset", "open_data"} == {spec.name for spec in ACTIONS}


def test_menus_hold_every_action(window):
    shown = [action.text() for menu in window.menuBar().actions() for action in menu.menu().actions()]
    for spec in ACTIONS:
        assert any(text.startswith(spec.text) for text in shown), spec.text


def test_every_quiet_action_can_be_triggered_at_any_time(window):
    for spec in ACTIONS:
        if spec.name not in OPENS_A_DIALOG | NEEDS_TRAINING | OTHER_WINDOWS:
            window.commands.run(spec.name)
    window._palette.hide()


def test_what_cannot_be_done_is_a_sentence_not_a_crash(window):
    window.commands.run("stop_training")
    notice = window.findChild(MessageStrip, "notice")
    assert notice.isVisible()
    assert "No training" in notice.sentence


def test_the_palette_finds_a_command_by_typing(window, qtbot):
    window.open_palette()
    palette = window._palette
    qtbot.keyClicks(palette._field, "dark")
    qtbot.keyClick(palette._field, Qt.Key.Key_Return)
    assert current_theme().name == "dark"


def test_modes_without_a_learned_field_are_disabled_with_a_reason(window):
    for name in ("show_learned", "show_both", "show_error"):
        assert not window.actions_by_name[name].isEnabled()
    assert window.session.why_not_mode(FieldMode.BOTH)


def test_undo_is_labelled_and_off_when_there_is_nothing(window):
    undo = window.actions_by_name["undo"]
    assert not undo.isEnabled()
    window.commands.run("add_start")
    assert undo.isEnabled()
    assert undo.text() == "Undo add a starting point"
    window.commands.run("undo")
    assert not undo.isEnabled()
    assert window.actions_by_name["redo"].text() == "Redo add a starting point"
