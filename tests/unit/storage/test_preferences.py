"""Preferences: remembered, and never a reason not to start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from odeplayground.storage import home, preferences
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.preferences import MOST_RECENT, Preferences


def test_defaults_at_the_first_start():
    assert preferences.load() == Preferences()


def test_round_trip():
    chosen = Preferences("dark", ("a.odep",), "AAAA", "BBBB", True)
    preferences.save(chosen)
    assert preferences.load() == chosen


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"theme": "pink"}', b'{"recent": 3}', b"\xff", b"[" * 100_000])
def test_a_broken_file_gives_defaults_and_is_kept_aside(data):
    preferences.path().write_bytes(data)
    assert preferences.load() == Preferences()
    assert not preferences.path().exists()
    assert Path(f"{preferences.path()}.broken").read_bytes() == data
    preferences.save(Preferences("light"))
    assert preferences.load().theme == "light"


def test_fields_of_a_newer_program_are_passed_over():
    preferences.path().write_text('{"theme": "dark", "hologram": true}')
    assert preferences.load().theme == "dark"


def test_recent_files_come_first_once_and_are_limited():
    chosen = Preferences()
    for i in range(MOST_RECENT + 3):
        chosen = chosen.with_recent(f"{i}.odep")
    chosen = chosen.with_recent("5.odep")
    assert len(chosen.recent) == MOST_RECENT
    assert chosen.recent[:2] == ("5.odep", f"{MOST_RECENT + 2}.odep")
    assert chosen.recent.count("5.odep") == 1
    assert "5.odep" not in chosen.without_recent("5.odep").recent


def test_without_a_folder_there_are_defaults(tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder")
    monkeypatch.setenv(home.VARIABLE, str(blocked))
    assert preferences.load() == Preferences()
    with pytest.raises(FileProblem, match="could not be made"):
        preferences.save(Preferences())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such variable")
def test_the_usual_folder_is_the_systems_own(tmp_path, monkeypatch):
    monkeypatch.delenv(home.VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert home.folder() == tmp_path / "odeplayground"
