"""The list of layers, and pictures of a real session with them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from odeplayground.gui.layers_popup import LayersPopup
from odeplayground.spec import FieldStyle, Layer
from odeplayground.storage import project
from tests.gui.window.conftest import settled


@pytest.fixture
def opened(open_window, qtbot):
    def open_one(preset: str) -> tuple[object, LayersPopup]:
        window = open_window(preset)
        window.portrait.open_layers()
        popup = window.portrait.findChild(LayersPopup)
        qtbot.waitUntil(popup.isVisible)
        return window, popup

    return open_one


def test_every_layer_has_an_eye_with_a_name_and_a_sentence(opened):
    window, popup = opened("van-der-pol")
    for layer in Layer:
        row = popup.rows[layer]
        assert row.accessibleName() == layer.label
        assert row.accessibleDescription() == layer.help
        assert row.isChecked() is getattr(window.session.document.experiment.view, layer.value)


def test_basins_are_switched_by_keyboard_saved_and_undone(opened, qtbot, tmp_path):
    window, popup = opened("toggle-switch")
    document, simulation = window.session.document, window.session.simulation
    assert simulation.scene.true.basins is None
    for _ in range(12):
        if popup.focusWidget() is popup.rows[Layer.BASINS]:
            break
        qtbot.keyClick(popup.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(popup.focusWidget(), Qt.Key.Key_Space)
    assert document.experiment.view.basins
    qtbot.waitUntil(lambda: settled(window) and simulation.scene.true.basins is not None, timeout=20_000)
    assert len(simulation.scene.true.basins.ends) == 2
    legend = [entry.text for entry in window.portrait.legend.entries]
    assert sum(text.startswith("to (") for text in legend) == 2
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    window.session.save(tmp_path / "one.odep")
    assert project.open(tmp_path / "one.odep").view.basins
    assert document.undo_label == "Show basins of attraction"
    window.commands.run("undo")
    assert not document.experiment.view.basins


def test_choosing_a_style_draws_it(opened, qtbot):
    window, popup = opened("van-der-pol")
    popup.styles.current_changed.emit("streamlines")
    assert window.session.document.experiment.view.field_style is FieldStyle.STREAMLINES
    simulation = window.session.simulation
    qtbot.waitUntil(lambda: settled(window) and len(simulation.scene.true.streamlines) > 5, timeout=20_000)
    assert simulation.scene.true.arrows is None


def test_the_first_picture_of_van_der_pol_has_its_cycle(open_window, qtbot):
    window = open_window("van-der-pol")
    (cycle,) = window.session.simulation.scene.true.cycles
    assert cycle.stable
    assert any(text.text.startswith("stable cycle, period 7.1") for text in window.portrait.legend.entries)


@pytest.mark.parametrize(
    ("preset", "layer"),
    [
        ("cooling", Layer.CYCLES),
        ("cooling", Layer.SEPARATRICES),
        ("driven-pendulum", Layer.EQUILIBRIA),
        ("lorenz", Layer.SEPARATRICES),
    ],
)
def test_what_a_system_cannot_have_says_why(opened, preset, layer):
    _, popup = opened(preset)
    row = popup.rows[layer]
    assert not row.isEnabled()
    assert row.accessibleDescription() != layer.help
    assert row.accessibleDescription().endswith(".")
