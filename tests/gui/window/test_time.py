"""The buttons of the time in the tool bar."""

from __future__ import annotations

from PySide6.QtCore import Qt

from odeplayground.session.playback import FRAME


def test_steps_going_on_and_to_steady_state(window, qtbot):
    bar, session = window.tool_bar, window.session
    session.playback.pause()
    session.playback.seek(2.0)
    qtbot.mouseClick(bar.step_forward, Qt.MouseButton.LeftButton)
    assert session.playback.time == 2.0 + FRAME
    qtbot.mouseClick(bar.step_back, Qt.MouseButton.LeftButton)
    assert session.playback.time == 2.0
    window.commands.run("next_sample")
    assert 2.0 < session.playback.time < 2.0 + 0.1
    before = session.document.experiment
    qtbot.mouseClick(bar.to_steady_state, Qt.MouseButton.LeftButton)
    assert "Settling" in bar.status.accessibleName() or session.steady.busy
    qtbot.waitUntil(lambda: not session.steady.busy, timeout=30_000)
    assert session.document.undo_label == "To steady state"
    assert session.playback.time > before.t_span[1]
    window.commands.run("undo")
    assert session.document.experiment == before
    window.commands.run("go_on")
    assert session.document.experiment.t_span[1] == 2 * before.t_span[1]
    assert session.playback.playing
