"""Streamlines, particles, limit cycles and basins in the portrait, and what a right click says of them."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication

from odeplayground.gui.legend_entries import legend_entries
from odeplayground.gui.plots import PortraitView, explanations
from odeplayground.gui.plots.particles import Particles
from odeplayground.gui.plots.portrait_menu import PortraitMenu
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.session.scene import ArrowField, BasinEnd, BasinMap, CycleMark, Scene
from odeplayground.spec import CycleKind, FieldMode, FieldStyle
from tests.gui.plots import scenes

ROUND = np.stack([np.cos(np.linspace(0, 2 * math.pi, 200)), np.sin(np.linspace(0, 2 * math.pi, 200))], axis=1)
STABLE = CycleMark(4.0 * ROUND, 7.096, CycleKind.STABLE, (1.0, 0.001))
UNSTABLE = CycleMark(2.0 * ROUND, 3.5, CycleKind.UNSTABLE, (1.0, 12.0))
ENDS = (BasinEnd(np.array([0.0, 0.0]), "stable focus"), BasinEnd(np.array([1.0, 0.0]), "stable cycle", 7.096))


def halves() -> BasinMap:
    labels = np.zeros((20, 30), dtype=np.int16)
    labels[:, 15:] = 1
    labels[0] = -2
    return BasinMap(labels, scenes.X_RANGE, scenes.Y_RANGE, ENDS)


def scene(style=FieldStyle.ARROWS, mode=FieldMode.TRUE, **parts) -> Scene:
    plain = scenes.scene(mode, field_style=style, basins="basins" in parts)
    portrait = msgspec.structs.replace(plain.true, trajectories=plain.true.trajectories[:1], **parts)
    experiment = msgspec.structs.replace(plain.experiment, starts=plain.experiment.starts[:1])
    return msgspec.structs.replace(plain, true=portrait, experiment=experiment)


@pytest.fixture
def view(qtbot, theme):
    widget = PortraitView()
    qtbot.addWidget(widget)
    widget.resize(600, 500)
    widget.show()
    widget.set_scene(scene())
    QApplication.processEvents()
    return widget


def pixels(view) -> np.ndarray:
    QApplication.processEvents()
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()) & 0xFFFFFF


def count(view, code: str) -> int:
    return int((pixels(view) == QColor(code).rgb() & 0xFFFFFF).sum())


def pixel(view, x, y) -> QPoint:
    return view.mapping.point(x, y).toPoint()


def test_cycles_and_basins_are_drawn_in_the_colours_of_the_theme(view, either_theme):
    tokens = either_theme.tokens
    assert count(view, tokens.cycle) == count(view, tokens.basin1) == 0
    view.set_scene(scene(cycles=(STABLE, UNSTABLE), basins=halves()))
    assert count(view, tokens.cycle) > 100
    assert count(view, tokens.basin1) > 10_000
    assert count(view, tokens.basin2) > 10_000
    view.set_scene(scenes.scene(cycles=False))
    assert count(view, tokens.cycle) == count(view, tokens.basin1) == 0


def test_a_stable_cycle_is_solid_and_others_are_dashed(view, theme):
    def share(mark: CycleMark) -> float:
        view.set_scene(scene(cycles=(mark,), arrows=None, nullclines={}, separatrices=()))
        image, surface = pixels(view), QColor(theme.tokens.surface).rgb() & 0xFFFFFF
        places = [view.mapping.point(*point).toPoint() for point in mark.curve]
        return float(np.mean([image[at.y(), at.x()] != surface for at in places]))

    assert share(STABLE) == 1.0
    assert 0.3 < share(UNSTABLE) < 0.95


def test_cycles_of_the_learned_field_are_violet(view, theme):
    plain = scenes.scene(FieldMode.LEARNED)
    bare = msgspec.structs.replace(plain.learned, arrows=None, trajectories=plain.learned.trajectories, nullclines={})
    view.set_scene(msgspec.structs.replace(plain, learned=bare))
    before = count(view, theme.tokens.learned)
    marked = msgspec.structs.replace(bare, cycles=(STABLE,))
    view.set_scene(msgspec.structs.replace(plain, learned=marked))
    assert count(view, theme.tokens.learned) > before
    assert count(view, theme.tokens.cycle) == 0


def test_the_error_map_stands_alone(view, theme):
    view.set_scene(scene(mode=FieldMode.ERROR, cycles=(STABLE,), basins=halves()))
    assert count(view, theme.tokens.cycle) == count(view, theme.tokens.basin2) == 0


def test_streamlines_replace_the_arrows(view, theme):
    view.set_scene(scene(arrows=None))
    bare = count(view, theme.tokens.field)
    lines = tuple(np.stack([np.linspace(-4, 4, 60), np.full(60, y)], axis=1) for y in np.linspace(-5.2, 5.3, 9))
    view.set_scene(scene(FieldStyle.STREAMLINES, streamlines=lines))
    image = pixels(view)
    row, column = pixel(view, 0.0, lines[0][0, 1]).y(), pixel(view, -3.3, 0).x()
    assert (image[row - 1 : row + 2, column : column + 60] != QColor(theme.tokens.surface).rgb() & 0xFFFFFF).any()
    assert bare == 0


def test_hovering_a_cycle_tells_its_period(qtbot, view):
    view.set_scene(scene(cycles=(STABLE, UNSTABLE)))
    qtbot.mouseMove(view.viewport(), pixel(view, 0.0, 4.0))
    assert view.card_text.splitlines() == ["Stable cycle", "Period 7.10", "Multiplier 0.0010"]
    qtbot.mouseMove(view.viewport(), pixel(view, 0.0, -2.0))
    assert view.card_text.startswith("Unstable cycle\nPeriod 3.50")
    qtbot.mouseMove(view.viewport(), pixel(view, 4.5, -5.5))
    assert view.card_text == ""


def asked(qtbot, view, x: float, y: float) -> PortraitMenu:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=pixel(view, x, y))
    return view.findChildren(PortraitMenu)[-1]


def test_a_right_click_explains_what_is_there(qtbot, view):
    view.set_scene(scene(cycles=(STABLE,), basins=halves()))
    words = {
        (math.pi, 0.0): "Saddle, eigenvalues 2.1",
        (0.0, 4.0): "Stable cycle, period 7.10\nFloquet multiplier 0.0010",
        (-4.0, -5.0): "goes to the stable focus (0, 0).",
        (4.0, -5.0): "goes to the stable cycle of period 7.10.",
        (-4.0, -5.9): "goes away for good.",
    }
    for place, said in words.items():
        menu = asked(qtbot, view, *place)
        assert said in menu.explanation.text
        assert menu.accessibleDescription() == menu.explanation.text
        menu.close()


def test_a_right_click_offers_a_start_there(qtbot, view):
    menu = asked(qtbot, view, -4.0, -5.0)
    (offer,) = [action for action in menu.actions() if action.text().startswith("Add")]
    with qtbot.waitSignal(view.add_requested) as caught:
        offer.trigger()
    menu.close()
    assert caught.args == pytest.approx([-4.0, -5.0], abs=0.05)


def test_the_menu_key_explains_the_selected_start(view):
    for reason, opens in ((QContextMenuEvent.Reason.Mouse, False), (QContextMenuEvent.Reason.Keyboard, True)):
        view.contextMenuEvent(QContextMenuEvent(reason, QPoint(10, 10), view.mapToGlobal(QPoint(10, 10))))
        menus = view.findChildren(PortraitMenu)
        assert bool(menus) is opens
    assert "Select trajectory 1" in [action.text() for action in menus[0].actions()]
    menus[0].close()


def test_multipliers_and_eigenvalues_in_words():
    assert explanations.multiplier(0.5 - 0.25j) == "0.50 − 0.25 i"
    line = explanations.equilibrium(scenes.TRUE.equilibria[0], ("theta", "omega"))
    assert line.lines[-1].endswith(".")
    learned = explanations.cycle(STABLE, learned=True)
    assert learned.title == "Stable cycle of the learned field, period 7.10"


def test_the_legend_names_cycles_and_where_basins_lead():
    words = [entry.text for entry in legend_entries(scene(cycles=(STABLE, UNSTABLE), basins=halves()), False)]
    assert "stable cycle, period 7.10" in words
    assert "unstable cycle, period 3.50" in words
    assert {"to (0, 0)", "to cycle, period 7.10", "goes away"} <= set(words)
    two = [entry.text for entry in legend_entries(scene(cycles=(UNSTABLE, UNSTABLE)), False)]
    assert "2 unstable cycles" in two


def field() -> ArrowField:
    """Straight to the right, twice as fast above."""
    x, y = (one.ravel() for one in np.meshgrid(np.arange(10.0), np.arange(8.0)))
    return ArrowField(x, y, 1.0 + (y > 3.5), np.zeros_like(x))


def test_particles_drift_with_the_field_and_stay_in_its_window():
    layer = Particles(Stroke("field"), 0.0)
    layer.set_field(field())
    assert len(layer) > 50
    for _ in range(300):
        before = layer.places
        layer.step()
        moved = layer.places - before
        same = np.abs(moved[:, 1]) < 1e-9  # the others began anew
        assert same.mean() > 0.8
        assert (moved[same, 0] > 0).all()
        x, y = layer.places.T
        assert ((x >= -0.5) & (x <= 9.5) & (y >= -0.5) & (y <= 7.5)).all()
    layer.set_field(None)
    assert len(layer) == 0
    layer.step()


def test_particles_cope_with_holes_in_a_field():
    holes = field()
    u = holes.u.copy()
    u[::3] = np.nan
    layer = Particles(Stroke("field"), 0.0)
    layer.set_field(msgspec.structs.replace(holes, u=u))
    for _ in range(20):
        layer.step()
    assert np.isfinite(layer.places).all()


def test_particles_move_only_while_somebody_sees_them(qtbot, view):
    def moves() -> bool:
        before = pixels(view)
        qtbot.wait(150)
        return bool((pixels(view) != before).any())

    assert not moves()
    view.set_scene(scene(FieldStyle.PARTICLES))
    assert moves()
    view.hide()
    assert not view._frames.isActive()
    view.show()
    assert view._frames.isActive()
    view.set_scene(scene())
    assert not view._frames.isActive()


def test_a_place_outside_of_the_map_says_nothing(view):
    away = explanations.place(("theta", "omega"), (100.0, 0.0), halves())
    assert away.lines == ()
    assert view.explanation(view.target(QPointF(300, 250)), QPointF(300, 250)).title
