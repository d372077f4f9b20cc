"""What windows keep outlives everything but its own removal, and goes to one window at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import msgspec
import pytest

from odeplayground.storage import home, project, recovery
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.recovery import About, Slot


def closed_window(experiment, name: str) -> None:
    slot = Slot()
    slot.write(msgspec.structs.replace(experiment, name=name), About(ended=True))
    slot.leave()


def names(kept) -> list[str]:
    return [one.about.name for one in kept]


def test_what_a_window_keeps_waits_until_it_has_left_and_goes_to_the_next(trained):
    first, second = Slot(), Slot()
    first.write(trained, About(path="mine.odep"))
    assert recovery.waiting() == []
    assert recovery.newest() == trained
    first.leave()
    (kept,) = recovery.waiting()
    assert (kept.about.path, kept.about.name, kept.about.ended) == ("mine.odep", trained.name, False)
    assert second.take(kept) == trained
    assert recovery.waiting() == []
    assert Slot().take(kept) is None  # somebody was quicker
    second.leave()
    assert len(recovery.waiting()) == 1


def test_windows_that_ended_together_come_back_and_others_stay_closed(experiment, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(recovery.time, "time", lambda: now[0])
    closed_window(experiment, "long ago")
    now[0] += 100
    closed_window(experiment, "left")
    now[0] += 1
    closed_window(experiment, "right")
    waiting = recovery.waiting()
    assert names(recovery.last_session(waiting)) == ["right", "left"]
    assert names(recovery.closed(waiting)) == ["right", "left", "long ago"]
    now[0] += 1
    crashed = Slot()
    crashed.write(experiment, About(edited=True))
    crashed.leave()
    waiting = recovery.waiting()
    assert recovery.last_session(waiting) == []
    (gone,) = recovery.lost(waiting)
    recovery.give_up(gone)
    assert recovery.lost(recovery.waiting()) == []
    assert len(recovery.closed(recovery.waiting())) == 4


def test_only_so_many_closed_windows_are_kept(experiment):
    for number in range(13):
        closed_window(experiment, str(number))
    assert len(recovery.closed(recovery.waiting())) == 10
    assert len(recovery.waiting()) == 10


def test_the_older_one_stays_when_writing_fails(experiment, monkeypatch):
    slot = Slot()
    slot.write(experiment, About())

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(FileProblem, match="No space"):
            slot.write(msgspec.structs.replace(experiment, name="new"), About())
    slot.leave()
    assert names(recovery.waiting()) == [experiment.name]


def test_broken_files_are_set_aside_and_nothing_comes_back(experiment):
    folder = home.folder() / recovery.FOLDER
    folder.mkdir()
    (folder / "a.kept").write_bytes(b"half a fi")
    (folder / "b.kept").write_bytes(msgspec.json.encode(About()) + b"\nhalf a fi")
    (kept,) = recovery.waiting()
    assert Slot().take(kept) is None
    assert sorted(path.suffix for path in folder.glob("*.broken")) == [".broken"] * 2
    assert recovery.waiting() == []


def test_the_one_file_of_earlier_versions_comes_back(experiment):
    project.save(experiment, home.folder() / "recovery.odep")
    (kept,) = recovery.last_session(recovery.waiting())
    assert Slot().take(kept) == experiment
    assert not (home.folder() / "recovery.odep").exists()


def test_without_a_folder_nothing_comes_back_and_writing_says_why(experiment, tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    monkeypatch.setenv(home.VARIABLE, str(blocked))
    assert recovery.waiting() == []
    assert recovery.newest() is None
    with pytest.raises(FileProblem, match="could not be made"):
        Slot().write(experiment, About())


WRITER = """
import sys
from odeplayground.storage import presets
from odeplayground.storage.recovery import About, Slot
from odeplayground.session import edits
slot, experiment = Slot(), presets.load("pendulum").experiment
for number in range(100000):
    slot.write(edits.set_parameter(experiment, "b", 0.001 * number), About(edited=True))
    if number == 5:
        print("going", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_killed_while_it_writes_a_program_leaves_a_whole_file():
    program = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "going\n"
    assert recovery.waiting() == []  # it is alive
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdout.close()
    (kept,) = recovery.lost(recovery.waiting())
    found = Slot().take(kept)
    assert found is not None
    assert found.parameters["b"] >= 0.005
