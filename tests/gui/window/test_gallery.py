"""Choosing a system in the gallery, and beginning one of one's own, with keys and the mouse."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton
from shiboken6 import delete

from odeplayground.gui.gallery.gallery import GallerySheet
from odeplayground.gui.gallery.new_system import NewSystemSheet
from odeplayground.gui.gallery.pictures import SIZE, Pictures, painting
from odeplayground.gui.theme import theme as current_theme
from odeplayground.jobs import CancelToken
from odeplayground.session import Session, thumbnails
from odeplayground.session.gallery import GALLERY, MINE
from odeplayground.session.templates import FIRST_TEMPLATE, template
from odeplayground.storage import presets
from tests.gui.window.conftest import settled
from tests.unit.session.manual import ManualRunner


@pytest.fixture
def host(qtbot, theme) -> QMainWindow:
    """A window with nothing in it but a field."""
    window = QMainWindow()
    window.setCentralWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    return window


@pytest.fixture
def runner() -> ManualRunner:
    return ManualRunner()


@pytest.fixture
def gallery(host, runner) -> GallerySheet:
    sheet = GallerySheet(host, Session(runner=runner))
    sheet.chosen = []
    sheet.preset_chosen.connect(sheet.chosen.append)
    sheet.open_on("pendulum")
    return sheet


@pytest.fixture
def templates(host, runner) -> NewSystemSheet:
    sheet = NewSystemSheet(host, Session(runner=runner))
    sheet.chosen = []
    sheet.template_chosen.connect(sheet.chosen.append)
    sheet.open_on()
    return sheet


def press(qtbot, sheet, *keys) -> None:
    for key in keys:
        qtbot.keyClick(sheet.window().focusWidget(), key)


def write(qtbot, sheet, text: str) -> None:
    for letter in text:  # the first one moves the focus
        qtbot.keyClicks(sheet.window().focusWidget(), letter)


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


def test_a_system_that_is_chosen_is_opened(window, qtbot):
    window.commands.run("choose_system")
    gallery = window.findChild(GallerySheet)
    write(qtbot, gallery, "brusselator")
    press(qtbot, gallery, Qt.Key.Key_Return)
    assert window.session.document.experiment.preset == "brusselator"
    window.commands.run("undo")
    assert window.session.document.experiment.preset == "pendulum"


def test_typing_searches_and_enter_opens(gallery, qtbot):
    write(qtbot, gallery, "Van der pol")
    assert gallery.search.text() == "Van der pol"
    assert gallery.cards.card.key == "van-der-pol"
    press(qtbot, gallery, Qt.Key.Key_Return)
    assert not gallery.isVisible()
    assert gallery.chosen == ["van-der-pol"]


def test_arrows_move_among_the_cards_in_rows_and_columns(gallery, qtbot):
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


def test_the_columns_of_the_view_are_those_that_are_seen(host, gallery):
    for width in (1024, 1280, 1920):
        host.resize(width, 900)
        QApplication.processEvents()
        model = gallery.cards.model()
        tops = [gallery.cards.visualRect(model.index(i, 0)).top() for i in range(8)]
        assert tops.count(tops[0]) == gallery.cards.columns() >= 3


def test_what_is_told_of_a_system_has_room_in_the_smallest_window(host, gallery):
    host.resize(1024, 700)
    QApplication.processEvents()
    for i, card in enumerate(gallery.cards.cards):
        gallery.cards.setCurrentIndex(gallery.cards.model().index(i, 0))
        QApplication.processEvents()
        for label in (gallery.details._story, gallery.details._tags, gallery.details._source):
            assert label.heightForWidth(label.width()) <= label.height(), card.key


def test_arrows_move_in_the_search_field_too(gallery, qtbot):
    write(qtbot, gallery, "pendulum")
    first = gallery.cards.card.key
    press(qtbot, gallery, Qt.Key.Key_Down)
    assert gallery.search.hasFocus()
    assert gallery.cards.card.key != first


def test_escape_clears_the_search_and_then_leaves_with_nothing_chosen(host, gallery, qtbot):
    write(qtbot, gallery, "chaos")
    assert len(gallery.cards.cards) < len(presets.presets())
    press(qtbot, gallery, Qt.Key.Key_Escape)
    assert gallery.isVisible()
    assert len(gallery.cards.cards) == len(presets.presets())
    press(qtbot, gallery, Qt.Key.Key_Escape)
    assert not gallery.isVisible()
    assert gallery.chosen == []


def test_a_click_beside_the_sheet_leaves_and_one_on_it_does_not(gallery, qtbot):
    qtbot.mouseClick(gallery, Qt.MouseButton.LeftButton, pos=gallery.card.geometry().topLeft() + QPoint(40, 20))
    assert gallery.isVisible()
    qtbot.mouseClick(gallery, Qt.MouseButton.LeftButton, pos=QPoint(5, 300))
    assert not gallery.isVisible()


def test_one_sheet_gives_way_to_another(gallery, templates):
    assert gallery.isHidden()
    assert not templates.isHidden()


def test_a_double_click_opens(gallery, qtbot):
    view = gallery.cards
    place = view.visualRect(view.model().index(4, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    key = view.card.key
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert gallery.chosen == [key] == [gallery.cards.cards[4].key]


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


def test_tab_stays_inside_and_the_focus_comes_back(host, qtbot, runner):
    host.centralWidget().setFocus()
    gallery = GallerySheet(host, Session(runner=runner))
    gallery.open_on("")
    seen = set()
    for _ in range(20):
        press(qtbot, gallery, Qt.Key.Key_Tab)
        assert gallery.isAncestorOf(host.focusWidget())
        seen.add(host.focusWidget())
    assert {gallery.search, gallery.cards, gallery.shelves, gallery.open_button} <= seen
    for _ in range(20):
        press(qtbot, gallery, Qt.Key.Key_Backtab)
        assert gallery.isAncestorOf(host.focusWidget())
    gallery.close_sheet()
    assert host.focusWidget() is host.centralWidget()


def test_enter_presses_the_button_that_has_the_focus(gallery, qtbot):
    button(gallery, "Cancel").setFocus()
    press(qtbot, gallery, Qt.Key.Key_Return)
    assert not gallery.isVisible()
    assert gallery.chosen == []


def test_shelves_choose_and_details_tell(gallery):
    gallery.shelves.pick("Chaos")
    keys = [card.key for card in gallery.cards.cards]
    assert keys == [card.name for card in presets.cards() if "Chaos" in card.tags]
    shown = " ".join(label.text() for label in (gallery.details._story, gallery.details._tags, gallery.details._source))
    assert presets.load(keys[0]).story in shown
    assert presets.load(keys[0]).source in shown
    assert "Chaos" in shown


def test_nothing_found_says_so_and_opens_nothing(gallery, qtbot):
    write(qtbot, gallery, "zzzz")
    assert gallery.cards.card is None
    assert not gallery.open_button.isEnabled()
    press(qtbot, gallery, Qt.Key.Key_Return)
    assert gallery.isVisible()
    gallery.search.clear()
    assert gallery.cards.card is not None


def test_pictures_appear_and_follow_the_theme(gallery, runner, qtbot):
    def colour() -> str:
        """The colour that most of the picture has."""
        pixmap = gallery.cards._pictures.pixmap("pendulum", gallery.devicePixelRatioF())
        if pixmap is None:
            return ""
        image = pixmap.toImage()
        places = [(x, y) for x in range(10, SIZE.width() - 10, 7) for y in range(10, SIZE.height() - 10, 7)]
        return Counter(image.pixelColor(x, y).name() for x, y in places).most_common(1)[0][0]

    qtbot.waitUntil(lambda: GALLERY in runner.tasks)  # the sheet asks when it has been painted
    assert colour() == ""
    runner.advance(GALLERY)
    gallery._session.pump()
    sheet = current_theme().color("sunken").name()
    qtbot.waitUntil(lambda: colour() != "")
    assert colour() == sheet
    current_theme().set("dark")
    assert colour() == ""
    qtbot.waitUntil(lambda: colour() != "")
    assert colour() == current_theme().color("sunken").name() != sheet


def test_a_changed_file_gets_its_new_picture(qtbot, qapp, theme):
    class Made:
        def picture(self, key):
            return self.now

    def made(preset):
        return thumbnails.portrait("mine", presets.load(preset).experiment, CancelToken())

    gallery, parent = Made(), QObject()
    pictures = Pictures(gallery, parent)
    gallery.now = made("pendulum")
    qtbot.waitUntil(lambda: pictures.pixmap("mine", 1.0) is not None)
    before = pictures.pixmap("mine", 1.0).toImage()
    gallery.now = made("lorenz")
    assert pictures.pixmap("mine", 1.0) is None
    qtbot.waitUntil(lambda: pictures.pixmap("mine", 1.0) is not None)
    assert pictures.pixmap("mine", 1.0).toImage() != before


def test_a_field_that_is_gone_meanwhile_gets_no_focus(host, runner):
    host.centralWidget().setFocus()
    sheet = NewSystemSheet(host, Session(runner=runner))
    sheet.open_on()
    delete(host.takeCentralWidget())
    sheet.close_sheet()
    assert not sheet.isVisible()


def test_a_sheet_opened_twice_remembers_what_played(window):
    window.session.playback.play()
    window.commands.run("choose_system")
    gallery = window.findChild(GallerySheet)
    gallery.open_on("lorenz")
    gallery.close_sheet()
    assert window.session.playback.playing


def test_closing_stops_the_pictures(gallery, runner, qtbot):
    qtbot.waitUntil(lambda: GALLERY in runner.tasks)
    gallery.close_sheet()
    assert GALLERY not in runner.tasks


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


def test_blank_system_leads_to_the_templates(window):
    window.commands.run("choose_system")
    gallery = window.findChild(GallerySheet)
    button(gallery, "Blank system").click()
    assert not gallery.isVisible()
    assert window.findChild(NewSystemSheet).isVisible()


def test_a_template_becomes_the_document(window, qtbot):
    window.commands.run("new_system")
    press(qtbot, window, Qt.Key.Key_Return)
    experiment = window.session.document.experiment
    assert (experiment.text, experiment.preset) == (template(FIRST_TEMPLATE).text, "")
    qtbot.waitUntil(lambda: settled(window), timeout=20_000)


def test_a_template_shows_its_text_before_it_is_chosen(templates, qtbot):
    press(qtbot, templates, Qt.Key.Key_Down, Qt.Key.Key_Down)
    key = templates.templates.key
    assert templates.preview.text == template(key).text != template(FIRST_TEMPLATE).text
    assert templates.preview.isReadOnly()
    press(qtbot, templates, Qt.Key.Key_Return)
    assert not templates.isVisible()
    assert templates.chosen == [key]


def test_the_templates_can_be_left(templates, qtbot):
    press(qtbot, templates, Qt.Key.Key_Escape)
    assert not templates.isVisible()
    assert templates.chosen == []
