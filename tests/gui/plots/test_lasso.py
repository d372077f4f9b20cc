"""Drawing a region in the portrait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from odeplayground.gui.plots import PortraitView
from tests.gui.plots import scenes

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot, theme):
    widget = PortraitView()
    qtbot.addWidget(widget)
    widget.resize(500, 420)
    widget.show()
    widget.set_scene(scenes.scene())
    return widget


def draw(view, corners):
    target = view.viewport()
    QTest.mousePress(target, LEFT, SHIFT, corners[0])
    for corner in corners[1:]:
        QTest.mouseMove(target, corner)
    QTest.mouseRelease(target, LEFT, SHIFT, corners[-1])


def around(view, index, reach=25):
    middle = view.handle_pixel(index).toPoint()
    steps = ((-reach, -reach), (reach, -reach), (reach, reach), (-reach, reach))
    return [middle + QPoint(*step) for step in steps]


def test_shift_and_drag_tells_a_region_and_adds_nothing(qtbot, view):
    added, ranges = [], view.ranges
    view.add_requested.connect(lambda *place: added.append(place))
    with qtbot.waitSignal(view.region_drawn) as caught:
        draw(view, around(view, 1))
    polygon, spacing = caught.args
    assert view.mapping.points(polygon)[0].tolist() == pytest.approx(
        [around(view, 1)[0].x(), around(view, 1)[0].y()], abs=1
    )
    assert spacing[0] * view.mapping.sx == pytest.approx(28.0)
    assert not added
    assert view.ranges == ranges


def test_a_group_moves_and_goes_together(qtbot, view):
    view.set_group((0, 1))
    places = [view.handle_pixel(i) for i in range(3)]
    moves = []
    view.group_dragged.connect(lambda *move: moves.append(move))
    begin = places[1].toPoint()
    QTest.mousePress(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, begin)
    QTest.mouseMove(view.viewport(), begin + QPoint(20, 10))
    QTest.mouseRelease(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, begin + QPoint(20, 10))
    assert {move[0] for move in moves} == {(0, 1)}
    assert sum(move[1] for move in moves) * view.mapping.sx == pytest.approx(20)
    for index, by in ((0, 20), (1, 20), (2, 0)):
        assert view.handle_pixel(index).x() - places[index].x() == pytest.approx(by)
    with qtbot.waitSignal(view.group_removed) as caught:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert caught.args == [(0, 1)]
    assert view.group == ()


def test_escape_or_a_click_lets_the_group_go(qtbot, view):
    added = []
    view.add_requested.connect(lambda *place: added.append(place))
    view.set_group((2,))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.group == ()
    view.set_group((2,))
    place = view.area.bottomLeft().toPoint() + QPoint(60, -12)
    qtbot.mouseClick(view.viewport(), LEFT, pos=place)
    assert view.group == ()
    assert not added
