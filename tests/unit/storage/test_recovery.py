"""The kept experiment outlives everything but its own removal."""

from __future__ import annotations

import os

import msgspec
import pytest

from odeplayground.storage import home, recovery
from odeplayground.storage.errors import FileProblem


def test_write_read_clear(trained):
    assert recovery.read() is None
    recovery.write(trained)
    assert recovery.read() == trained
    recovery.clear()
    recovery.clear()
    assert recovery.read() is None


def test_the_older_one_stays_when_writing_fails(experiment, monkeypatch):
    recovery.write(experiment)

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(FileProblem):
            recovery.write(msgspec.structs.replace(experiment, name="new"))
    assert recovery.read() == experiment


def test_a_broken_file_is_set_aside_and_nothing_comes_back():
    path = home.folder() / "recovery.odep"
    path.write_bytes(b"half a fi")
    assert recovery.read() is None
    assert not path.exists()
    assert path.with_name("recovery.odep.broken").read_bytes() == b"half a fi"


def test_without_a_folder_nothing_comes_back_and_writing_says_why(experiment, tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    monkeypatch.setenv(home.VARIABLE, str(blocked))
    assert recovery.read() is None
    for action in (recovery.clear, lambda: recovery.write(experiment)):
        with pytest.raises(FileProblem, match="could not be made"):
            action()
