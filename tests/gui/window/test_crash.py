"""Killed in the middle of a drag and of saves, the program loses a few seconds of work at most and never the file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from odeplayground.session import keeping
from odeplayground.storage import project
from odeplayground.storage.recovery import Slot

MOST_LOST = 5.0
"""Seconds."""
DRAGGED = 6.0

# A hand that never lets go of the slider: its value is the time since the drag began, so that what is found
# afterwards tells when it was kept.
PROGRAM = """
import sys, time
from functools import partial
from pathlib import Path
from PySide6.QtCore import QTimer
from odeplayground.gui import app
from odeplayground.session import edits

application = app.create_application(["odeplayground"])
window = app.create_window()
window.session.warm_up = lambda: None
window.show()
panel = window.docks.parameters.widget()
document = window.session.document
document.apply(edits.set_range(document.experiment, "b", 0, 100), "Range of b")
begin = None

def drag():
    global begin
    if begin is None:
        begin = time.monotonic()
        print("dragging", flush=True)
    panel._slide("b", time.monotonic() - begin)

def save():
    window.session.save(Path(sys.argv[1]))

moving, saving = QTimer(interval=16), QTimer(interval=70)
moving.timeout.connect(drag)
saving.timeout.connect(save)
moving.start()
saving.start() if len(sys.argv) > 1 else None
application.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("saves", [False, True], ids=["drag", "drag and save"])
def test_a_killed_program_loses_a_few_seconds_at_most(tmp_path, home, saves):
    file = tmp_path / "mine.odep"
    arguments = [sys.executable, "-c", PROGRAM, *([str(file)] if saves else [])]
    environment = os.environ | {"ODEPLAYGROUND_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    program = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "dragging\n"
    begin = time.monotonic()
    time.sleep(DRAGGED)
    worked = time.monotonic() - begin
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdout.close()
    found = [Slot().take(kept) for kept in keeping.lost()]
    if saves:
        assert project.open(file).parameters["b"] > worked - MOST_LOST
    else:
        assert len(found) == 1
    for experiment in found:
        assert experiment is not None
        assert experiment.parameters["b"] > worked - MOST_LOST
