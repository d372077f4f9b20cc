"""``odeplayground`` where a window can open."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from odeplayground.cli import window
from odeplayground.cli.exits import InputError
from odeplayground.cli.parser import parse
from odeplayground.spec import Experiment
from odeplayground.storage import presets, recovery


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Experiment | Path | None]:
    """What the window was opened on; the window itself stays away."""
    found: list[Experiment | Path | None] = []
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(window, "_run_window", lambda wanted: found.append(wanted) or 0)
    return found


def test_no_argument_opens_what_the_last_session_left(opened: list[Experiment | Path | None]) -> None:
    assert window.open_window(parse([])) == 0
    assert opened == [None]


def test_a_preset_is_opened_by_its_name(opened: list[Experiment | Path | None]) -> None:
    assert window.open_window(parse(["lorenz"])) == 0
    assert opened == [presets.load("lorenz").experiment]


def test_a_file_is_opened_by_its_path_so_that_it_can_be_saved(
    opened: list[Experiment | Path | None], short: Path
) -> None:
    assert window.open_window(parse([str(short)])) == 0
    assert opened == [short]


def test_a_missing_file_opens_nothing(opened: list[Experiment | Path | None]) -> None:
    with pytest.raises(InputError, match=r"There is no file"):
        window.open_window(parse(["missing.odep"]))
    assert opened == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a thing of Unix")
def test_ctrl_c_closes_the_real_window_and_keeps_the_work(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-m", "odeplayground", "lorenz"]
    program = subprocess.Popen(
        command, env=environment | {"QT_QPA_PLATFORM": "offscreen"}, stderr=subprocess.PIPE, text=True
    )
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    _until_kept(program)
    program.send_signal(signal.SIGINT)
    _, complaint = program.communicate(timeout=30)

    assert program.returncode == 130, complaint
    assert "Traceback" not in complaint
    kept = recovery.newest()
    assert kept is not None
    assert kept.preset == "lorenz"


def _until_kept(program: subprocess.Popen[str]) -> None:
    """Wait until the window has saved for the first time: by then it is there and runs."""
    deadline = time.monotonic() + 60
    while recovery.newest() is None and program.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
