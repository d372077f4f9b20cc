"""The whole window on a real session with real threads, and a home of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from odeplayground.gui.main_window import MainWindow
from odeplayground.session import Session, edits
from odeplayground.storage import presets


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ODEPLAYGROUND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def open_window(qtbot, theme, home) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows; each is shown, has its first picture, and is closed at the end."""
    windows: list[MainWindow] = []

    def open_one(preset: str = "pendulum") -> MainWindow:
        experiment = presets.load(preset).experiment
        window = MainWindow(Session(experiment))
        # A light theme whatever the desktop says, and no torch unless a test trains.
        window.session.warm_up = lambda: None
        windows.append(window)
        qtbot.addWidget(window)
        theme.set("light")
        window.show()
        qtbot.waitUntil(lambda: settled(window), timeout=20_000)
        return window

    yield open_one
    for window in windows:
        window.close()


@pytest.fixture
def window(open_window) -> MainWindow:
    return open_window()


def settled(window: MainWindow) -> bool:
    """Whether the picture belongs to the document as it is."""
    scene = window.session.simulation.scene
    return scene is not None and not window.session.simulation.busy


def small_training(window: MainWindow, epochs: int = 30) -> None:
    """Settings that train in a second or two."""
    document = window.session.document
    experiment = document.experiment
    plan = msgspec.structs.replace(experiment.plan, n_trajectories=2, n_points=30)
    training = msgspec.structs.replace(experiment.training, hidden=(8,), epochs=epochs)
    document.apply(edits.set_training(edits.set_plan(experiment, plan), training), "Small training")
