"""The bifurcation diagram in the window, with the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from odeplayground.gui.panels.bifurcation import BifurcationPanel
from odeplayground.session import bifurcation_edits, edits
from odeplayground.spec import DiagramKind


@pytest.fixture
def pitchfork(open_window, qtbot):
    """The window with the pitchfork and its diagram."""
    window = open_window("pitchfork")
    window.commands.run("toggle_diagram")
    settle(window, qtbot)
    return window


def settle(window, qtbot) -> None:
    session = window.session
    qtbot.waitUntil(lambda: not session.diagram.busy and not session.simulation.busy, timeout=30_000)


def panel_of(window) -> BifurcationPanel:
    panel = window.docks.centre.diagram
    assert panel is not None
    return panel


def pixel(view, x: float, y: float) -> QPoint:
    return view.mapping.point(x, y).toPoint()


def drag(view, start: QPoint, end: QPoint) -> None:
    target = view.viewport()
    QTest.mouseMove(target, start)
    QTest.mousePress(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for share in (0.3, 0.6, 1.0):
        place = QPointF(start) + share * QPointF(end - start)
        QTest.mouseMove(target, place.toPoint())
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def test_it_opens_beside_the_portrait_and_closes_again(pitchfork, qtbot):
    panel = panel_of(pitchfork)
    assert panel.isVisible()
    assert pitchfork.portrait.isVisible()
    assert min(panel.view.area.width(), pitchfork.portrait.view.area.width()) > 300
    assert "branch point at" in panel.view.accessibleDescription()
    panel.close_button.click()
    assert not panel.isVisible()
    assert pitchfork.session.document.undo_label == "Close the bifurcation diagram"
    pitchfork.session.undo()
    assert panel.isVisible()
    settle(pitchfork, qtbot)


def test_dragging_the_line_moves_the_slider_as_one_edit(pitchfork, qtbot):
    view, document = panel_of(pitchfork).view, pitchfork.session.document
    before = document.experiment
    start = pixel(view, before.parameters["r"], -0.3)
    drag(view, start, pixel(view, -0.5, -0.3))
    assert document.experiment.parameters["r"] == pytest.approx(-0.5, abs=0.02)
    assert document.undo_label == "Set r"
    document.undo()
    assert document.experiment == before
    settle(pitchfork, qtbot)


def test_the_slider_moves_the_line(pitchfork, qtbot):
    view, document = panel_of(pitchfork).view, pitchfork.session.document
    document.apply(edits.set_parameter(document.experiment, "r", -0.25), "Change r")
    assert view.line_pixel == pytest.approx(view.mapping.point(-0.25, 0).x(), abs=1)
    assert "0.250" in view.line_text
    assert not pitchfork.session.diagram.busy  # the diagram itself is still the right one
    settle(pitchfork, qtbot)


def test_a_click_on_a_branch_goes_there(pitchfork, qtbot):
    view, document = panel_of(pitchfork).view, pitchfork.session.document
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=pixel(view, 0.25, 0.5))
    assert document.experiment.parameters["r"] == pytest.approx(0.25, abs=0.03)
    settle(pitchfork, qtbot)


def test_hovering_tells_what_is_there(pitchfork):
    view = panel_of(pitchfork).view
    QTest.mouseMove(view.viewport(), pixel(view, 0.0, 0.0))
    assert view.card_text.startswith("Branch point")
    QTest.mouseMove(view.viewport(), pixel(view, -0.7, 0.0))
    assert view.card_text.startswith("Stable equilibrium")
    QTest.mouseMove(view.viewport(), pixel(view, 0.3, 0.0))
    assert view.card_text.startswith("Unstable equilibrium")
    QTest.mouseMove(view.viewport(), pixel(view, -0.7, 0.7))
    assert view.card_text == ""


def test_a_box_looks_closer_and_back_returns(pitchfork, qtbot):
    panel = panel_of(pitchfork)
    assert not panel.back.isVisible()
    whole = panel.view.ranges
    drag(panel.view, pixel(panel.view, -0.4, 0.5), pixel(panel.view, 0.4, -0.5))
    settle(pitchfork, qtbot)
    (left, right), (low, high) = panel.view.ranges
    assert (left, right, low, high) == pytest.approx((-0.4, 0.4, -0.5, 0.5), abs=0.03)
    panel.back.click()
    settle(pitchfork, qtbot)
    for now, then in zip(panel.view.ranges, whole, strict=True):
        assert now == pytest.approx(then)
    assert not panel.back.isVisible()


def test_orbits_of_a_state_are_drawn(pitchfork, qtbot):
    document = pitchfork.session.document
    document.apply(bifurcation_edits.choose_kind(document.experiment, DiagramKind.ORBITS), "Show orbits")
    settle(pitchfork, qtbot)
    picture = pitchfork.session.diagram.picture
    assert picture is not None
    assert len(picture.orbits) > 0
    assert panel_of(pitchfork).kinds.current == "orbits"


def test_arrow_keys_change_the_parameter_and_backspace_goes_back(pitchfork, qtbot):
    panel, document = panel_of(pitchfork), pitchfork.session.document
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert document.experiment.parameters["r"] == pytest.approx(0.62)
    document.apply(bifurcation_edits.refine(document.experiment, (0.0, 1.0), (0.0, 1.0)), "Look closer")
    QTest.keyClick(panel.view, Qt.Key.Key_Backspace)
    assert document.experiment.diagram.boxes == ()
    settle(pitchfork, qtbot)


def test_without_parameters_a_sentence_stands_there(pitchfork, qtbot):
    document = pitchfork.session.document
    document.apply(edits.set_text(document.experiment, "x' = -x\n"), "Edit")
    settle(pitchfork, qtbot)
    panel = panel_of(pitchfork)
    assert "no parameter" in panel.findChild(type(panel._empty), "bifurcation-empty").text()
    assert not panel.view.isVisible()


def test_it_shares_the_room_side_by_side_where_that_is_wide(pitchfork, qtbot):
    centre = pitchfork.docks.centre
    assert centre.orientation() is Qt.Orientation.Vertical
    pitchfork.resize(1920, 1080)
    qtbot.waitUntil(lambda: centre.orientation() is Qt.Orientation.Horizontal)
    settle(pitchfork, qtbot)


def test_it_has_room_in_the_smallest_window(pitchfork, qtbot):
    pitchfork.resize(1024, 700)
    qtbot.waitUntil(lambda: pitchfork.height() == 700)
    assert panel_of(pitchfork).view.area.height() >= 80
    settle(pitchfork, qtbot)
