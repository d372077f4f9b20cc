"""Choosing a system in the gallery, and beginning one of one's own, with keys and the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton

from odeplayground.gui.gallery.gallery import GallerySheet
from odeplayground.gui.gallery.new_system import NewSystemSheet
from odeplayground.gui.gallery.pictures import SIZE, painting
from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.theme import theme as current_theme
from odeplayground.jobs import CancelToken
from odeplayground.session import thumbnails
from odeplayground.session.gallery import MINE
from odeplayground.storage import presets
from tests.gui.window.conftest import settled


@pytest.fixture
def gallery(window) -> GallerySheet:
    window.commands.run("choose_system")
    return window.findChild(GallerySheet)


@pytest.fixture
def templates(window) -> NewSystemSheet:
    window.commands.run("new_system")
    return window.findChild(NewSystemSheet)


def preset(window: MainWindow) -> str:
    return window.session.document.experiment.preset


def press(qtbot, sheet, *keys) -> None:
    for key in keys:
        qtbot.keyClick(sheet.window().focusWidget(), key)


def button(sheet, text: str) -> QPushButton:
    return next(each for each in sheet.findChildren(QPushButton) if each.text() == text)


def test_the_preset_button_opens_it_on_the_current_system(window, qtbot):
    window.session.open_preset("lorenz")
    qtbot.mouseClick(window.tool_bar.preset, Qt.MouseButton.LeftButton)
    gallery = window.findChild(GallerySheet)
    assert gallery.isVisible()
    assert gallery.geometry() == window.rect()
    assert gallery.cards.card.key == "lorenz"
    assert len(gallery.cards.cards) == len(presets.presets())


def test_typing_searches_and_enter_opens(window, gallery, qtbot):
    qtbot.keyClicks(window.focusWidget(), "V")
    qtbot.keyClicks(window.focusWidget(), "an der pol")
    assert gallery.search.text() == "Van der pol"
    assert gallery.cards.card.key == "van-der-pol"
    press(qtbot, gallery, Qt.Key.Key_Return)
    assert not gallery.isVisible()
    assert preset(window) == "van-der-pol"


def test_arrows_move_among_the_cards_in_rows_and_columns(window, gallery, qtbot):
    names = [card.key for card in gallery.cards.cards]
    assert gallery.cards.columns() == 3
    press(qtbot, gallery, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left)
    assert gallery.cards.card.key == names[3]
    press(qtbot, gallery, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert gallery.cards.card.key == names[0]
    press(qtbot, gallery, Qt.Key.Key_End, Qt.Key.Key_Down)
    assert gallery.cards.card.key == names[-1]
    press(qtbot, gallery, Qt.Key.Key_Home, Qt.Key.Key_PageDown)
    assert names.index(gallery.cards.card.key) >= 3
    press(qtbot, gallery, Qt.Key.Key_Return)
    assert preset(window) in names[3:]


def test_the_columns_of_the_view_are_those_that_are_seen(window, gallery, qtbot):
    for width in (1024, 1280, 1920):
        window.resize(width, 900)
        QApplication.processEvents()
        model = gallery.cards.model()
        tops = [gallery.cards.visualRect(model.index(i, 0)).top() for i in range(8)]
        assert tops.count(tops[0]) == gallery.cards.columns() >= 3


def test_arrows_move_in_the_search_field_too(window, gallery, qtbot):
    qtbot.keyClicks(window.focusWidget(), "pendulum")
    first = gallery.cards.card.key
    press(qtbot, gallery, Qt.Key.Key_Down)
    assert gallery.search.hasFocus()
    assert gallery.cards.card.key != first


def test_escape_clears_the_search_and_then_leaves_everything_as_it_was(window, gallery, qtbot):
    before = window.session.document.experiment
    qtbot.keyClicks(window.focusWidget(), "chaos")
    press(qtbot, gallery, Qt.Key.Key_Escape)
    assert gallery.isVisible()
    assert len(gallery.cards.cards) == len(presets.presets())
    press(qtbot, gallery, Qt.Key.Key_Escape)
    assert not gallery.isVisible()
    assert window.session.document.experiment is before


def test_a_click_beside_the_sheet_leaves_and_one_on_it_does_not(window, gallery, qtbot):
    qtbot.mouseClick(gallery, Qt.MouseButton.LeftButton, pos=gallery.card.geometry().topLeft() + QPoint(40, 20))
    assert gallery.isVisible()
    qtbot.mouseClick(gallery, Qt.MouseButton.LeftButton, pos=QPoint(5, 300))
    assert not gallery.isVisible()


def test_a_double_click_opens(window, gallery, qtbot):
    view = gallery.cards
    place = view.visualRect(view.model().index(4, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    key = view.card.key
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert preset(window) == key == gallery.cards.cards[4].key


def test_the_window_below_stands_still_and_hears_no_keys(window, qtbot):
    window.session.playback.play()
    window.commands.run("choose_system")
    gallery = window.findChild(GallerySheet)
    assert not window.session.playback.playing
    starts = window.session.document.experiment.starts
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window.focusWidget(), "n", Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.session.document.experiment.starts == starts
    assert window.findChild(NewSystemSheet) is None
    gallery.close_sheet()
    assert window.session.playback.playing


def test_tab_stays_inside(window, gallery, qtbot):
    seen = set()
    for _ in range(20):
        press(qtbot, gallery, Qt.Key.Key_Tab)
        assert gallery.isAncestorOf(window.focusWidget())
        seen.add(window.focusWidget())
    assert {gallery.search, gallery.cards, gallery.shelves, gallery.open_button} <= seen
    for _ in range(20):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
        assert gallery.isAncestorOf(window.focusWidget())


def test_shelves_choose_and_details_tell(window, gallery, qtbot):
    gallery.shelves.pick("Chaos")
    keys = [card.key for card in gallery.cards.cards]
    assert keys == [card.name for card in presets.cards() if "Chaos" in card.tags]
    shown = " ".join(label.text() for label in (gallery.details._story, gallery.details._tags, gallery.details._source))
    assert presets.load(keys[0]).story in shown
    assert presets.load(keys[0]).source in shown
    assert "Chaos" in shown


def test_nothing_found_says_so_and_opens_nothing(window, gallery, qtbot):
    qtbot.keyClicks(window.focusWidget(), "zzzz")
    assert gallery.cards.card is None
    assert not gallery.open_button.isEnabled()
    press(qtbot, gallery, Qt.Key.Key_Return)
    assert gallery.isVisible()
    gallery.search.clear()
    assert gallery.cards.card is not None


def test_pictures_appear_and_follow_the_theme(window, gallery, qtbot):
    def colour() -> str:
        pixmap = gallery.cards._pictures.pixmap("pendulum", gallery.devicePixelRatioF())
        return "" if pixmap is None else pixmap.toImage().pixelColor(4, SIZE.height() // 2).name()

    qtbot.waitUntil(lambda: colour() == current_theme().color("sunken").name(), timeout=20_000)
    current_theme().set("dark")
    assert colour() == ""
    qtbot.waitUntil(lambda: colour() == current_theme().color("sunken").name(), timeout=5000)


def test_a_picture_is_painted_in_small_steps(qapp, theme):
    experiment = presets.load("lorenz").experiment
    steps = list(painting(thumbnails.portrait("lorenz", experiment, CancelToken()), 2.0))
    assert len(steps) > 5
    assert steps[-1].size() == 2 * SIZE
    assert all(step is None for step in steps[:-1])


def test_saved_systems_stand_on_their_own_shelf(window, qtbot, tmp_path):
    window.session.open_preset("cooling")
    window.session.save(tmp_path / "my cup.odep")
    window.session.open_preset("pendulum")
    window.commands.run("choose_system")
    gallery = window.findChild(GallerySheet)
    gallery.shelves.pick(MINE)
    assert [card.title for card in gallery.cards.cards] == ["my cup"]
    press(qtbot, gallery, Qt.Key.Key_Tab)
    gallery.open_button.click()
    assert window.session.document.path == (tmp_path / "my cup.odep").resolve()


def test_a_file_that_is_gone_is_told_not_raised(window, qtbot, tmp_path):
    path = tmp_path / "gone.odep"
    window.session.save(path)
    path.unlink()
    window.commands.run("choose_system")
    gallery = window.findChild(GallerySheet)
    gallery.shelves.pick(MINE)
    gallery.open_button.click()
    assert "gone.odep" in window.notices._message.sentence


def test_blank_system_leads_to_the_templates(window, gallery, qtbot):
    button(gallery, "Blank system").click()
    assert not gallery.isVisible()
    assert window.findChild(NewSystemSheet).isVisible()


def test_a_template_shows_its_text_before_it_is_chosen(window, templates, qtbot):
    press(qtbot, templates, Qt.Key.Key_Down, Qt.Key.Key_Down)
    text = templates.preview.text
    assert text.startswith("x' = v")
    assert templates.preview.isReadOnly()
    press(qtbot, templates, Qt.Key.Key_Return)
    assert not templates.isVisible()
    experiment = window.session.document.experiment
    assert experiment.text == text
    assert experiment.preset == ""
    qtbot.waitUntil(lambda: settled(window), timeout=20_000)
    window.commands.run("undo")
    assert preset(window) == "pendulum"


def test_the_templates_can_be_left(window, templates, qtbot):
    before = window.session.document.experiment
    press(qtbot, templates, Qt.Key.Key_Escape)
    assert not templates.isVisible()
    assert window.session.document.experiment is before
