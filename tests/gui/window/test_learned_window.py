"""What was learned, opened in a window of its own, and written as files."""

from __future__ import annotations

import zipfile

import msgspec
from PySide6.QtWidgets import QPushButton

from odeplayground.gui.widgets.message_strip import MessageStrip
from odeplayground.gui.widgets.slider_row import ParameterRow
from odeplayground.session import edits
from odeplayground.session.model_files import FILES
from tests.unit.session.test_learned_document import FIELDS, trained


def with_run(window) -> None:
    document = window.session.document
    document.apply(edits.set_run(document.experiment, trained(FIELDS[0]).run), "Train")


def test_what_was_learned_has_a_window_of_its_own(window, qtbot):
    assert not window.actions_by_name["open_learned"].isEnabled()
    window.commands.run("open_learned")
    assert "Train" in window.findChild(MessageStrip, "notice").sentence
    with_run(window)
    assert window.actions_by_name["open_learned"].isEnabled()
    window.docks.inspector.show_panel("Comparison")
    window.docks.inspector.findChild(QPushButton, "open-learned").click()
    assert len(window.windows) == 2
    other = list(window.windows)[1]
    try:
        qtbot.waitUntil(lambda: other.session.simulation.scene is not None, timeout=20_000)
        document = other.session.document
        assert document.dirty  # no file has it yet
        assert document.experiment.name.endswith(", learned")
        assert other.session.simulation.scene.true.trajectories
        row = other.docks.parameters.widget().findChild(ParameterRow, "start-theta")
        assert row.isVisible()
        row.slider.nudge(1)
        assert document.undo_label == "Move the starting point"
        assert document.experiment.starts[0][0] == row.value != document.experiment.system.initial[0]
        pushed = edits.set_text(document.experiment, f"{document.experiment.text}push = 0.5\n")
        document.apply(edits.set_text(pushed, pushed.text.replace("omega' =", "omega' = push +")), "Edit")
        assert "push" in document.experiment.parameters
        assert not row.isVisible()
        assert len(document.experiment.system.terms) == 2
    finally:
        other.close()


def test_the_model_is_exported(window, qtbot, tmp_path):
    with_run(window)
    window.commands.run("export_model")
    sheet = window.commands._export
    assert sheet.isVisible()
    sheet._preview()
    for name in FILES:
        assert name in sheet._text.toPlainText()
    sheet.write(tmp_path / "pendulum.zip")
    qtbot.waitUntil(sheet.isHidden, timeout=60_000)
    assert set(zipfile.ZipFile(tmp_path / "pendulum.zip").namelist()) == set(FILES)


def test_a_training_that_was_cut_off_is_told(window):
    from odeplayground.gui.windows import _words
    from odeplayground.storage.recovery import About, Kept

    about = About(name="Pendulum", at=1e9, edited=True)
    plain, cut = (Kept(window, msgspec.structs.replace(about, epoch=epoch)) for epoch in (0, 34))
    assert "training" not in _words([plain])[1]
    assert "epoch 34" in _words([plain, cut])[1]
