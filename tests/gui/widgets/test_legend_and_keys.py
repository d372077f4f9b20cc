from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from odeplayground.gui.theme import DARK, LIGHT
from odeplayground.gui.widgets.key import ColorKey, KeyEntry
from odeplayground.gui.widgets.legend import Legend, LegendEntry
from odeplayground.gui.widgets.signs import Sign, draw_point, draw_sample, sign_of
from odeplayground.spec import EquilibriumKind
from tests.gui.widgets.helpers import colors, picture, shown

ENTRIES = [
    LegendEntry("trajectories", "trajectories", Sign.LINE, "bundle"),
    LegendEntry("nullclines", "θ′ = 0", Sign.DASHED, "v1"),
    LegendEntry("nullclines", "ω′ = 0", Sign.DASHED, "v2"),
    LegendEntry("separatrices", "separatrix", Sign.LONG_DASHED, "ink"),
    LegendEntry("equilibria", "stable focus", Sign.STABLE, "ink"),
    LegendEntry("equilibria", "saddle", Sign.SADDLE, "ink"),
    LegendEntry("time", "now", Sign.STABLE, "accent", switchable=False),
]


@pytest.fixture
def legend(qtbot, theme):
    widget = shown(qtbot, Legend(), 700, 32)
    widget.set_entries(ENTRIES)
    return widget


def click(legend, index):
    QTest.mouseClick(legend, Qt.MouseButton.LeftButton, pos=legend.shown()[index][1].center().toPoint())


def test_everything_has_room(legend):
    assert [entry for entry, _ in legend.shown()] == ENTRIES
    rects = [rect for _, rect in legend.shown()]
    assert rects[0].left() == 38
    assert all(one.right() + 8 <= two.left() for one, two in pairwise(rects))
    assert rects[-1].right() <= 700


def test_click_switches_all_entries_of_the_layer(qtbot, legend):
    with qtbot.waitSignal(legend.toggled) as blocker:
        click(legend, 1)
    assert blocker.args == ["nullclines", False]
    assert [entry.on for entry in legend.entries[:4]] == [True, False, False, True]
    with qtbot.waitSignal(legend.toggled) as blocker:
        click(legend, 2)
    assert blocker.args == ["nullclines", True]


def test_what_is_no_layer_does_not_switch(qtbot, legend):
    with qtbot.assertNotEmitted(legend.toggled):
        click(legend, 6)


def test_keyboard(qtbot, legend):
    QTest.keyClick(legend, Qt.Key.Key_Right)
    assert legend.accessibleDescription() == "θ′ = 0, shown"
    with qtbot.waitSignal(legend.toggled) as blocker:
        QTest.keyClick(legend, Qt.Key.Key_Space)
    assert blocker.args == ["nullclines", False]
    assert legend.accessibleDescription() == "θ′ = 0, hidden"


def test_the_end_gives_way_and_waits_in_a_menu(qtbot, legend):
    legend.resize(360, 32)
    kept = [entry for entry, _ in legend.shown()]
    assert 0 < len(kept) < len(ENTRIES)
    assert kept == ENTRIES[: len(kept)]
    assert legend.shown()[-1][1].right() + 34 <= 360
    legend.open_rest()
    menu = legend.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == [entry.text for entry in ENTRIES[len(kept) :]]
    with qtbot.waitSignal(legend.toggled) as blocker:
        menu.actions()[-2].trigger()
    assert blocker.args == ["equilibria", False]
    menu.close()


def test_tiny_widths_are_survived(legend):
    for width in (0, 10, 60, 120):
        legend.resize(width, 32)
        legend.shown()
        picture(legend)


def test_hues_follow_the_theme(legend, theme):
    theme.set("dark")
    seen = colors(picture(legend))
    assert DARK.ink in seen
    assert LIGHT.ink not in seen


@pytest.mark.parametrize("sign", [sign for sign in Sign if sign != Sign.NONE])
def test_every_sign_paints(qapp, theme, sign):
    image = QImage(24, 24, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw_sample(painter, sign, 4, 12, theme.color("ink"))
    draw_point(painter, sign, QPointF(12, 12), theme.color("ink"), halo=theme.color("surface"))
    painter.end()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


def test_every_kind_of_equilibrium_has_a_sign():
    assert all(isinstance(sign_of(kind), Sign) for kind in EquilibriumKind)
    assert sign_of(EquilibriumKind.STABLE_NODE) == sign_of(EquilibriumKind.STABLE_FOCUS) == Sign.STABLE
    assert sign_of(EquilibriumKind.SADDLE) == Sign.SADDLE


def test_color_key(qtbot, either_theme):
    entries = [KeyEntry("theta", variable=0), KeyEntry("omega", variable=6), KeyEntry("learned", dashed=True)]
    key = shown(qtbot, ColorKey(entries))
    assert key.accessibleName() == "Colours: theta, omega, learned"
    assert either_theme.tokens.v1 in colors(picture(key))
    before = key.width()
    key.set_entries(entries[:1])
    assert key.width() < before
