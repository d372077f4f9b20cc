"""Every example runs as a person would run it, and says something."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from odeplayground.storage import project

FOLDER = Path(__file__).resolve().parents[3] / "examples"
WORDS = {
    "simulate.py": "stable focus at theta = +0.0000",
    "train.py": "learned: finished",
    "compare.py": "stable focus -> stable focus",
}


def test_all_scripts_are_known_here():
    assert {path.name for path in FOLDER.glob("*.py")} == set(WORDS)


@pytest.mark.parametrize("name", WORDS)
def test_a_script_runs(name, tmp_path):
    """Warnings are failures here too; torch alone may warn, it is not ours."""
    command = [sys.executable, "-W", "error", "-W", "ignore:::torch", str(FOLDER / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert WORDS[name] in done.stdout


def test_the_project_file_holds_a_good_run():
    experiment = project.open(FOLDER / "pendulum.odep")
    assert experiment.preset == "pendulum"
    assert experiment.run is not None
    assert experiment.run.report is not None
