"""Helpers for commands that run in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from odeplayground.storage import presets, project

Start = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment without a display and with preferences of its own."""
    screen = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    own = {"ODEPLAYGROUND_HOME": str(tmp_path / "home")}
    return {name: value for name, value in os.environ.items() if name not in screen} | own


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Run the program in an empty folder."""
    (tmp_path / "here").mkdir()

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "odeplayground", *words],
            cwd=tmp_path / "here",
            env=environment | more,
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )

    return run


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A project file of the pendulum whose training takes a moment only."""
    import msgspec

    experiment = presets.load("pendulum").experiment
    plan = msgspec.structs.replace(experiment.plan, n_trajectories=2, n_points=20)
    training = msgspec.structs.replace(experiment.training, epochs=3, hidden=(8,))
    path = tmp_path / "short.odep"
    project.save(msgspec.structs.replace(experiment, plan=plan, training=training), path)
    return path


@pytest.fixture
def without_qt(tmp_path: Path) -> dict[str, str]:
    """An environment in which Qt's libraries cannot be loaded, as on a bare server."""
    fake = tmp_path / "fake" / "PySide6"
    fake.mkdir(parents=True)
    sentence = "libEGL.so.1: cannot open shared object file: No such file or directory"
    (fake / "__init__.py").write_text(f"raise ImportError({sentence!r})\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(fake.parent), str(Path(__file__).parents[3])])}
