"""Without a display the main job is done all the same, in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from odeplayground.storage import project

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")

PICTURES = {
    "portrait-true.png", "portrait-learned.png", "portrait-both.png", "time-series.png", "loss.png",
}  # fmt: skip
FILES = {"report.txt", "pendulum.odep", "trajectory-true.csv", "trajectory-learned.csv"}

Start = Callable[..., CompletedProcess[str]]


def test_the_report_has_text_numbers_and_pictures(start: Start, short: Path) -> None:
    done = start(str(short))
    folder = short.parent / "here" / "odeplayground-report"

    assert done.returncode == 0, done.stderr
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in done.stderr
    assert "comparison with the true system" in done.stdout
    assert {path.name for path in folder.iterdir()} == FILES | PICTURES
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in PICTURES)
    text = (folder / "report.txt").read_text(encoding="utf-8")
    assert text.startswith("Damped pendulum\n")
    assert "omega' = " in text
    assert "comparison with the true system" in text
    run = project.open(folder / "pendulum.odep").run
    assert run is not None
    assert run.history[-1].epoch == 3
    assert (folder / "trajectory-true.csv").read_text(encoding="utf-8").startswith("t,theta,omega\n")


def test_where_qt_cannot_be_loaded_the_report_has_no_pictures_and_names_the_package(
    start: Start, short: Path, without_qt: dict[str, str]
) -> None:
    done = start(str(short), **without_qt)
    folder = short.parent / "here" / "odeplayground-report"

    assert done.returncode == 0, done.stderr
    assert "apt-get install libegl1" in " ".join(done.stdout.split())
    assert {path.name for path in folder.iterdir()} == FILES


def test_a_display_without_its_libraries_is_told_with_the_package(
    start: Start, short: Path, without_qt: dict[str, str]
) -> None:
    done = start(str(short), **without_qt, DISPLAY=":987")

    assert done.returncode == 0
    assert "Libraries that Qt needs are missing" in done.stderr
    assert "apt-get install libegl1" in done.stderr


def test_a_file_that_is_not_there_is_no_reason_to_work_on_something_else(start: Start) -> None:
    done = start("missing.odep")

    assert done.returncode == 1
    assert 'There is no file "missing.odep".' in done.stderr
    assert done.stdout == ""
