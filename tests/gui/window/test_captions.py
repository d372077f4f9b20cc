"""What is said beneath a picture and beside a comparison is about the values in use."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from odeplayground.gui.panels.comparison import ComparisonPanel
from odeplayground.session import edits
from odeplayground.session.comparison import UNKNOWN
from odeplayground.session.exports import caption
from odeplayground.storage import project
from tests.gui.window.conftest import settled, small_training

LONG = 60_000


def change(window, experiment) -> None:
    window.session.document.apply(experiment, "Edit")


def test_a_caption_tells_the_values_in_use_and_the_selected_start(window):
    document = window.session.document
    change(window, edits.set_parameter(document.experiment, "b", 1.5))
    change(window, edits.select_start(edits.set_start(document.experiment, 1, (0.5, -2.0)), 1))
    change(window, edits.set_text(document.experiment, document.experiment.text + "\nfaulty' = ("))
    assert caption(document.experiment) == [
        "theta' = omega",
        "omega' = -b*omega - c*sin(theta)",
        "b = 1.5",
        "c = 5",
        "theta(0) = 0.5",
        "omega(0) = -2",
    ]


def test_a_comparison_says_what_it_was_made_with(open_window, qtbot, tmp_path):
    window = open_window()
    document, training = window.session.document, window.session.training
    small_training(window, epochs=3)
    window.commands.run("train")
    qtbot.waitUntil(lambda: training.report is not None and settled(window), timeout=LONG)
    window.docks.inspector.show_panel("Comparison")
    note = window.findChild(ComparisonPanel).findChild(QLabel, "comparison-note")
    assert note.isHidden()
    change(window, edits.set_parameter(document.experiment, "b", 0.88))
    assert note.isVisible()
    assert note.text() == "This is for b = 0.25, as it was trained."
    change(window, edits.set_parameter(document.experiment, "b", 0.25))
    assert note.isHidden()
    change(window, edits.set_text(document.experiment, document.experiment.text.replace("sin", "cos")))
    assert "equations" in note.text()
    window.commands.run("undo")
    assert note.isHidden()
    kept = tmp_path / "kept.odep"
    window.session.save(kept)
    window.session.open_preset("cooling")
    window.session.open_file(kept)
    qtbot.waitUntil(lambda: settled(window))
    assert note.text() == UNKNOWN
    assert project.open(kept) == document.experiment
