"""The pages of spectrum and delay."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from odeplayground.gui.series_pages import DelayPage, SpectrumPage
from odeplayground.jobs import InlineRunner, Mailbox
from odeplayground.session import Session, series_edits
from odeplayground.spec import SeriesPicture
from odeplayground.storage import presets


def analysed(name, picture):
    session = Session(presets.load(name).experiment, InlineRunner(Mailbox()))
    session.start()
    session.document.apply(series_edits.set_picture(session.document.experiment, picture), "Look")
    session.pump()
    return session


@pytest.fixture
def spectrum(qtbot, theme):
    page = SpectrumPage()
    qtbot.addWidget(page)
    page.resize(336, 300)
    page.show()
    return page


@pytest.fixture
def delay(qtbot, theme):
    page = DelayPage()
    qtbot.addWidget(page)
    page.resize(336, 300)
    page.show()
    return page


def test_the_peak_is_marked_with_its_period_and_the_resolution_is_told(spectrum, either_theme):
    session = analysed("van-der-pol", SeriesPicture.SPECTRUM)
    spectrum.show_analysis(session.analysis, "s")
    assert any("period 7.1" in text for text in spectrum.view.peak_texts)
    assert "amplitude" in spectrum.summary
    assert spectrum.view.ranges[0] == (0.0, session.analysis.picture.highest)
    spectrum.grab()


def test_without_a_picture_there_is_a_sentence(spectrum, delay):
    session = analysed("van-der-pol", SeriesPicture.SERIES)
    session.analysis.message = "There is nothing."
    spectrum.show_analysis(session.analysis, "")
    delay.show_analysis(session.analysis, session.document.experiment)
    assert spectrum.view.peak_texts == []
    for page in (spectrum, delay):
        assert "There is nothing." in [label.text() for label in page.findChildren(QLabel)]
        page.grab()


def test_the_delay_slider_asks_and_a_double_click_takes_the_suggestion(qtbot, delay):
    session = analysed("lorenz", SeriesPicture.DELAY)
    delay.show_analysis(session.analysis, session.document.experiment)
    picture = session.analysis.picture
    assert delay.slider.value == pytest.approx(picture.suggested)
    with qtbot.waitSignal(delay.delay_requested) as asked:
        qtbot.keyClick(delay.slider, Qt.Key.Key_Right)
    assert asked.args[0] > picture.suggested
    with qtbot.waitSignal(delay.suggestion_requested):
        qtbot.mouseDClick(delay.slider, Qt.MouseButton.LeftButton)


def test_the_dot_of_the_delay_is_on_the_curve_once_there_is_a_past(delay):
    session = analysed("lorenz", SeriesPicture.DELAY)
    delay.show_analysis(session.analysis, session.document.experiment)
    picture = session.analysis.picture
    dot = delay.view._dot
    delay.view.set_time(0.5 * picture.delay)
    assert not dot.isVisible()
    delay.view.set_time(10.0)
    assert dot.isVisible()
    trajectory = session.simulation.scene.true.trajectories[0]
    assert dot.x() == pytest.approx(trajectory.at(10.0)[0], abs=0.5)
    assert dot.y() == pytest.approx(trajectory.at(10.0 - picture.delay)[0], abs=0.5)
