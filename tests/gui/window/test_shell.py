"""Palette, preferences, help, tour and first steps in the real window."""

from __future__ import annotations

import gettext

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from odeplayground.gui import words
from odeplayground.gui.actions import ACTIONS
from odeplayground.gui.dock import TabbedDock
from odeplayground.gui.palette import choices, typed
from odeplayground.gui.preferences.settings import SETTINGS
from odeplayground.gui.theme import theme as current_theme
from odeplayground.gui.tour.steps import STEPS
from odeplayground.session import edits
from odeplayground.session.activity import Work, activity
from odeplayground.session.help_pages import pages
from odeplayground.spec import FieldMode
from tests.gui.window.conftest import settled


def change(window, experiment) -> None:
    window.session.document.apply(experiment, "Edit")


def choose(window, qtbot, text: str) -> None:
    window.open_palette()
    qtbot.keyClicks(window._palette._field, text)
    qtbot.keyClick(window._palette._field, Qt.Key.Key_Return)


def test_the_palette_sets_values_and_finds_systems_help_and_preferences(window, qtbot):
    document = window.session.document
    choose(window, qtbot, "b = 0.3")
    assert document.experiment.parameters["b"] == 0.3
    assert document.undo_label == "Change b"
    choose(window, qtbot, "look: dark")
    assert current_theme().name == "dark"
    assert window.session.preferences.theme == "dark"
    choose(window, qtbot, "how to train")
    assert window.help.is_open
    assert window.help.panel.key == "training"
    window.help.close_help()
    choose(window, qtbot, "lorenz")
    assert document.experiment.preset == "lorenz"


def test_only_a_known_name_and_a_number_are_a_new_value(window):
    assert [choice.text for choice in typed(window, "B = 1e-3")] == ["Set b to 0.001"]
    assert typed(window, "b") == []
    assert typed(window, "b = x") == []
    assert typed(window, "z = 3") == []
    keys = [choice.key for choice in choices(window)]
    assert len(keys) == len(set(keys))


def test_preferences_count_at_once_and_are_remembered(window, qtbot):
    window.commands.run("show_preferences")
    sheet = window.commands._preferences
    for setting in SETTINGS:
        assert sheet.controls[setting.name].current == str(getattr(window.session.preferences, setting.name))
    qtbot.keyClick(sheet.controls["palette"], Qt.Key.Key_Right)
    assert window.session.preferences.palette == "safe"
    assert current_theme().tokens.v1 != "#0B8468"
    qtbot.keyClick(sheet.controls["palette"], Qt.Key.Key_Left)
    assert current_theme().tokens.v1 == "#0B8468"
    qtbot.keyClick(sheet.controls["autosave_seconds"], Qt.Key.Key_Right)
    assert window._autosave.interval() == 10_000
    sheet.close_sheet()


def test_help_takes_the_right_column_and_gives_it_back(window, qtbot):
    qtbot.waitUntil(lambda: window.docks.time_series.isVisible())
    window.commands.run("show_help")
    assert window.help.dock.isVisible()
    assert not window.docks.time_series.isVisible()
    panel = window.help.panel
    for one in pages():
        panel.show_page(one.key)
    panel.back()
    assert panel.key == pages()[-2].key
    panel.follow("preset:van-der-pol?mu=5")
    qtbot.waitUntil(lambda: window.session.document.experiment.preset == "van-der-pol")
    assert window.session.document.experiment.parameters["mu"] == 5
    window.commands.run("show_help")
    assert window.docks.time_series.isVisible()


def test_first_steps_are_ticked_off_and_stay_so(window):
    experiment = window.session.document.experiment
    hint = window.notices.hint
    assert not hint.isHidden()
    assert [badge.done for badge in hint.badges] == [False, False, False]
    change(window, edits.set_parameter(experiment, "b", 0.5))
    assert not hint.badges[0].done
    change(window, edits.set_parameter(experiment, "b", 0.0))
    change(window, edits.set_start(window.session.document.experiment, 0, (1.0, 1.0)))
    assert [badge.done for badge in hint.badges] == [True, True, False]
    assert window.session.preferences.steps_done == (1, 2)


def test_the_tour_waits_for_each_step_and_remembers_where_it_was_left(window, qtbot, monkeypatch):
    window.start_tour()
    tour, document = window.tour, window.session.document
    tour._later.setInterval(0)
    row = STEPS[0].target(window)
    assert tour._spotlight.lit.contains(row.mapTo(window, row.rect().center()))
    change(window, edits.set_start(document.experiment, 0, (1.0, 1.0)))  # not yet asked for
    assert tour.step is STEPS[0]
    change(window, edits.set_parameter(document.experiment, "b", 0.0))
    qtbot.waitUntil(lambda: tour.step is STEPS[1])
    change(window, edits.set_start(document.experiment, 0, (1.0, 2.0)))
    qtbot.waitUntil(lambda: tour.step is STEPS[2])
    tour._card.leave.click()
    assert tour.step is None
    assert window.session.preferences.tour_step == 2
    window.start_tour()
    assert tour.step is STEPS[2]
    monkeypatch.setattr(type(window.session.training), "active", property(lambda self: True))
    window.session.training.state_changed.emit()
    qtbot.waitUntil(lambda: tour.step is STEPS[3])
    tour._card.skip.click()
    change(window, edits.set_mode(document.experiment, FieldMode.ERROR))
    qtbot.waitUntil(lambda: tour.step is STEPS[5])
    tour._card.finish.click()
    assert tour.step is None
    assert window.session.preferences.tour_step == 0
    monkeypatch.undo()


def test_one_panel_alone_and_all_of_them_again(window, qtbot):
    before = window.docks.left[0].size(), window.portrait.size()
    window.commands.run("focus_portrait")
    assert window.portrait.isVisible()
    assert not any(dock.isVisible() for dock in (*window.docks.left, *window.docks.right, window.docks.training))
    window.commands.run("focus_portrait")
    qtbot.mouseDClick(window.docks.time_series.titleBarWidget(), Qt.MouseButton.LeftButton)
    assert window.docks.time_series.isVisible()
    assert not window.portrait.isVisible()
    window.focus_mode.toggle()
    qtbot.waitUntil(lambda: (window.docks.left[0].size(), window.portrait.size()) == before)


def test_on_a_small_screen_the_right_column_gives_way(window, qtbot):
    window.setMinimumSize(800, 500)
    window.resize(853, 533)
    qtbot.waitUntil(lambda: not window.docks.inspector.isVisible())
    bar = window.tool_bar
    shown = [part for part in (bar.preset, bar.play, bar.time, bar.undo, bar.status) if part.isVisible()]
    lefts = [part.mapTo(bar, part.rect().topLeft()).x() for part in shown]
    rights = [part.mapTo(bar, part.rect().topRight()).x() for part in shown]
    assert all(right < left for right, left in zip(rights, lefts[1:], strict=False))
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.docks.inspector.isVisible() and window.docks.time_series.isVisible())


def test_the_status_tells_the_method_and_can_stop_a_search(window, qtbot):
    qtbot.waitUntil(lambda: activity(window.session).work is Work.NOTHING)
    assert "Tsitouras" in activity(window.session).details
    change(window, edits.set_text(window.session.document.experiment, "x' = ("))
    assert activity(window.session).work is Work.PROBLEM


def test_format_and_latex(window):
    document = window.session.document
    change(window, edits.set_text(document.experiment, document.experiment.text.replace(" = ", "=")))
    window.commands.run("format_equations")
    assert "theta' = omega\n" in document.experiment.text
    assert document.undo_label == "Format the equations"
    window.commands.run("copy_latex")
    assert window.notices._message.isVisible()


class Shouting(gettext.NullTranslations):
    """A language in which everything is loud."""

    def gettext(self, message: str) -> str:
        return message.upper()


def test_menus_and_the_palette_speak_another_language(open_window, request):
    words.use(Shouting())
    request.addfinalizer(lambda: words.use(None))
    window = open_window()
    for menu in window.menuBar().actions():
        assert menu.text().isupper()
    for spec in ACTIONS:
        action = window.actions_by_name[spec.name]
        assert action.text() == action.text().upper()
        assert action.toolTip().isupper()
    assert any(choice.text == "TOUR" for choice in choices(window))


INNER = (QWidget, QListView, QHeaderView, QScrollArea, QScrollBar)
"""Parts of other widgets: viewports, lists of combo boxes, bars."""
INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QTextEdit)


def unnamed(root: QWidget) -> list[str]:
    """Controls that a screen reader cannot name, or that do not teach anything when the mouse rests on them."""
    missing = []
    for widget in root.findChildren(QWidget):
        takes = isinstance(widget, INTERACTIVE) or bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if (
            not takes
            or type(widget) in INNER
            or isinstance(widget, QHeaderView)
            or widget.objectName().startswith("qt_")
        ):
            continue
        where = f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()!r} in {root.objectName()}"
        text = widget.text() if isinstance(widget, (QPushButton, QCheckBox)) else ""
        if isinstance(widget, QPushButton) and not text and not widget.isVisible():
            continue  # an offer of a strip that has nothing to offer
        if not (widget.accessibleName() or text):
            missing.append(f"no name: {where}")
        if not (widget.toolTip() or isinstance(widget, (QAbstractItemView, QTextEdit)) or teaches(widget)):
            missing.append(f"no tooltip: {where}")
    return missing


def teaches(widget: QWidget) -> bool:
    """Whether the widget tells tooltips for its parts by itself."""
    names = (
        "Segmented",
        "Legend",
        "PortraitView",
        "SeriesView",
        "LossView",
        "TabWords",
        "BifurcationView",
        "NumberField",
    )
    return type(widget).__name__ in names


@pytest.mark.parametrize("preset", ["pendulum"])
def test_every_control_has_a_name_and_teaches(open_window, qtbot, preset):
    window = open_window(preset)
    window.training_panel.toggle()
    window.commands.run("toggle_diagram")
    inspector: TabbedDock = window.docks.inspector
    for title in ("Equilibria", "Comparison", "Animation"):
        inspector.show_panel(title)
    window.commands.run("show_preferences")
    window.commands._preferences.close_sheet()
    window.help.open_help("equilibria")
    qtbot.waitUntil(lambda: settled(window))
    found = sorted(set(unnamed(window)))
    assert not found, "\n".join(found)
