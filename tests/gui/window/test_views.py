"""Several views in the real window, flat and in space."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QBuffer, QPoint, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from odeplayground.gui.exponents_card import ExponentsCard
from odeplayground.gui.exporting.plot_picture import draw_plot
from odeplayground.gui.exporting.sources import PORTRAIT, sources
from odeplayground.session.exponents import Estimate
from odeplayground.storage import project
from tests.gui.window.conftest import settled


def test_views_are_added_linked_saved_undone_and_closed(open_window, qtbot, tmp_path):
    window = open_window("lorenz")
    session, views = window.session, window.docks.centre.views
    document = session.document
    window.commands.run("add_view")
    assert [panel.isVisibleTo(window) for panel in views.panels] == [True, True]
    other = views.panels[1]
    qtbot.waitUntil(lambda: session.panes.scene(1) is not None and not session.panes.busy, timeout=20_000)
    assert other.view.x_name.text != window.portrait.view.x_name.text or (
        other.view.y_name.text != window.portrait.view.y_name.text
    )
    # What the mouse is over in one view is marked in the other.
    state = np.array(document.experiment.starts[0])
    session.panes.pointed.emit(state)
    place = other.view._projection.pair(0.0, state)
    assert (other.view._pointer.pos().x(), other.view._pointer.pos().y()) == place
    # Each is moved by itself, and a start that is added in one is in all.
    before = document.experiment.view
    other.view.range_changed.emit((0.0, 1.0), (2.0, 3.0))
    other.view.add_requested.emit(0.5, 2.5)
    assert document.experiment.view == before
    assert document.experiment.beside[0].x_range == (0.0, 1.0)
    assert len(document.experiment.starts) == 3
    project.save(document.experiment, tmp_path / "views.odep")
    assert project.open(tmp_path / "views.odep").beside == document.experiment.beside
    other.close_requested.emit(1)
    assert [panel.isVisibleTo(window) for panel in views.panels] == [True, False]
    document.undo()
    assert views.panels[1].isVisibleTo(window)
    for _ in range(3):
        document.undo()
    assert not document.experiment.beside
    qtbot.waitUntil(lambda: settled(window), timeout=20_000)


def test_space_is_one_click_away_and_turning_it_is_one_edit(open_window, qtbot):
    window = open_window("lorenz")
    document, portrait = window.session.document, window.portrait
    assert portrait.held.isVisibleTo(window)  # the third state is held by a slider
    portrait.held.value_changed.emit("y", 5.0)
    assert document.experiment.view.held == {"y": 5.0}
    portrait.space_button.click()
    assert portrait.space.isVisibleTo(window)
    assert not portrait.view.isVisibleTo(window)
    assert not portrait.held.isVisibleTo(window)
    qtbot.waitUntil(lambda: settled(window) and portrait.space.eye is not None, timeout=20_000)
    portrait.space.turned.emit(10.0, 30.0, 1.5)
    assert document.experiment.view.space.azimuth == 10.0
    assert portrait.space.camera.elevation == 30.0
    assert document.undo_label == "Turn the view"
    document.undo()
    assert portrait.space.camera.elevation == 20.0
    document.undo()
    assert portrait.view.isVisibleTo(window)


def test_the_exponents_of_a_trajectory_are_told_and_given_up(window, qtbot):
    window.portrait.view.exponents_requested.emit(0, QPoint(200, 200))
    card = window.portrait.findChild(ExponentsCard)
    assert "averaged" in card.text
    window.session.exponents.changed.emit(Estimate((-0.125, -0.125), (0.001, 0.001), True))
    assert "ends at rest" in card.text
    card.close()
    window.session.exponents.changed.emit(Estimate((0.5,), (0.1,), True))  # nobody listens any more


def test_a_page_shows_what_is_on_show_also_in_space(open_window, qtbot):
    window = open_window("lorenz")
    portrait = window.portrait
    portrait.space_button.click()
    qtbot.waitUntil(lambda: settled(window) and portrait.space.eye is not None, timeout=20_000)
    assert sources(window)[PORTRAIT] == [portrait.space]
    data = QBuffer()
    data.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(data)
    generator.setSize(QSize(600, 500))
    painter = QPainter(generator)
    draw_plot(painter, portrait.space, QRectF(20, 30, 500, 400), 0.0)
    painter.end()
    text = bytes(data.data().data()).decode()
    assert "<image" not in text
    assert text.count("<polyline") > 10
