"""The sheet writes what was chosen, and tells why it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from odeplayground.gui.main_window import MainWindow
from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.session import Session, edits, slider_edits
from odeplayground.storage import presets


@pytest.fixture
def window(qtbot, theme, tmp_path, monkeypatch) -> MainWindow:
    monkeypatch.setenv("ODEPLAYGROUND_HOME", str(tmp_path / "home"))
    made = MainWindow(Session(presets.load("pendulum").experiment))
    made.session.warm_up = lambda: None
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.session.simulation.scene is not None, timeout=20_000)
    yield made
    made.close()


def notice(window) -> str:
    return window.findChild(MessageStrip, "notice").sentence


def test_every_format_is_written(window, qtbot, tmp_path):
    sheet = window.commands._export
    sheet.width_field.set_number(400)
    sheet.height_field.set_number(300)
    sheet.seconds.set_number(0.5)
    pictures = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "gif": b"GIF89a"}
    for suffix, begin in (pictures | {"csv": b"# name", "npz": b"PK", "py": b'"""'}).items():
        sheet.open_on(suffix)
        sheet._preview()
        path = tmp_path / f"pendulum.{suffix}"
        sheet.write(path)
        qtbot.waitUntil(sheet.isHidden, timeout=20_000)
        assert path.read_bytes().startswith(begin), suffix
        assert path.name in notice(window)
    assert QImage(str(tmp_path / "pendulum.png")).width() == 800


def test_nothing_chosen_is_told_and_a_long_film_can_be_given_up(window, qtbot, tmp_path):
    sheet = window.commands._export
    sheet.open_on("png")
    for box in sheet.views.values():
        box.setChecked(False)
    sheet._preview()
    assert "at least one view" in sheet._picture.text()
    sheet.views["Portrait"].setChecked(True)
    sheet.open_on("gif")
    sheet.seconds.set_number(20)
    sheet.write(tmp_path / "long.gif")
    sheet.close_sheet()
    assert sheet.isHidden()
    assert sheet._export.isEnabled()
    qtbot.wait(300)
    assert not (tmp_path / "long.gif").exists()


def test_the_snapshot_that_is_compared_is_drawn_dotted(window, qtbot):
    document = window.session.document
    kept = slider_edits.keep(document.experiment)
    document.apply(edits.follow_values(edits.set_parameter(kept, "b", 1.5)), "Set b")
    ghosts = window._ghosts._layers
    assert not ghosts
    document.apply(slider_edits.compare(document.experiment, "A"), "Compare with A")
    qtbot.waitUntil(lambda: window.session.ghost.curve is not None, timeout=20_000)
    curve = window.session.ghost.curve
    assert np.abs(curve.y[0][-1]) > 0.01  # weakly damped, as A says: it still swings
    assert {layer.visible for layers in ghosts.values() for layer in layers.values()} == {True}
    assert window.portrait.view in ghosts
    document.apply(slider_edits.compare(document.experiment, ""), "Do not compare")
    assert window.session.ghost.curve is None
    assert {layer.visible for layers in ghosts.values() for layer in layers.values()} == {False}
