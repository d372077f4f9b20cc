"""Shorter journeys that people make every day, in a real window with mouse and keyboard.

Presets, sliders, mistakes, training and files are in ``test_main_job.py``.
"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(180)

OWN = "x' = y\ny' = -k*x - x^3\nk = 1 in [0, 4]\nx(0) = 1\ny(0) = 0"
PNG = b"\x89PNG\r\n"


def values(app) -> dict[str, float]:
    return app.ask("document")["values"]


def test_type_a_system_drag_undo_redo_and_export_the_picture(launch, hands, tmp_path):
    app = launch()
    app.until(lambda: app.ask("drawn"), "the first picture")
    before = app.ask("document")

    # Type a system in place of the first one; its slider is there at once.
    hands.click(*app.ask("editor_line", 1))
    hands.key("ctrl+a")
    hands.type(OWN)
    app.until(lambda: not app.ask("problems") and app.ask("document")["states"] == ["x", "y"], "the own system")
    app.until(lambda: app.rect("slider-k") is not None, "its slider")
    assert values(app) == {"k": 1.0}

    # Drag the slider, undo, redo.
    hands.drag(tuple(app.ask("slider", "slider-k", 1.0)), tuple(app.ask("slider", "slider-k", 3.0)))
    app.until(lambda: values(app)["k"] == pytest.approx(3.0, abs=0.1), "the new value")
    dragged = values(app)
    hands.key("ctrl+z")
    app.until(lambda: values(app) == {"k": 1.0}, "the value before")
    hands.key("ctrl+shift+z")
    app.until(lambda: values(app) == dragged, "the new value again")

    # Export the picture.
    file = tmp_path / "mine.png"
    hands.key("ctrl+e")
    app.until(lambda: app.rect("export-button") is not None, "the sheet for exports")
    hands.click(*app.centre("export-button"))
    app.until(lambda: app.rect("file-dialog") is not None, "the dialog for the name")
    hands.type(str(file))
    hands.key("Return")
    app.until(lambda: file.exists() and file.stat().st_size > 10_000, "the picture")
    assert file.read_bytes().startswith(PNG)
    app.until(lambda: app.rect("export-button") is None, "the sheet to close")

    # Undo goes all the way back to what was there at first.
    for _ in range(60):
        if app.ask("document") == before:
            break
        hands.key("ctrl+z")
    assert app.ask("document") == before


def test_a_click_on_the_bifurcation_diagram_moves_the_slider(launch, hands):
    app = launch()
    hands.click(*app.centre("preset-button"))
    app.until(lambda: app.rect("gallery-search") is not None, "the gallery")
    hands.type("pitchfork")
    hands.key("Return")
    app.until(lambda: "r" in values(app), "the pitchfork")
    hands.click(*app.centre("open-bifurcation"))
    app.until(lambda: app.ask("branch", 0.25, 0.5) is not None, "the diagram")
    hands.click(*app.ask("branch", 0.25, 0.5))
    app.until(lambda: values(app)["r"] == pytest.approx(0.25, abs=0.03), "the parameter to follow the click")
