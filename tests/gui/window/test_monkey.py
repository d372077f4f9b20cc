"""Whatever somebody does, nothing breaks: a monkey at the window. More of it, with other seeds, in ``make soak``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from odeplayground.gui.collector import Collector
from odeplayground.gui.main_window import MainWindow
from odeplayground.spec import Experiment
from odeplayground.storage import project
from tests.gui.window.conftest import settled
from tests.gui.window.monkey import NEVER, Monkey
from tests.gui.window.witness import Witness

ACTIONS, PATIENCE = 150, 60.0
LONG = float(os.environ.get("ODEPLAYGROUND_MONKEY", "120"))
"""Seconds for each seed in ``make soak``."""
SEEDS = range(1, 6)


@pytest.fixture
def cage(tmp_path, monkeypatch) -> None:
    """No way to the files and programs of this machine."""
    inside = tmp_path / "files"
    inside.mkdir()
    monkeypatch.chdir(inside)
    answers = iter(range(10**9))

    def answer(dialog: QFileDialog) -> bool:
        """Every third time the dialog is cancelled."""
        dialog.setDirectory(str(inside))
        return bool(next(answers) % 3) and bool(dialog.selectedFiles())

    monkeypatch.setattr(QFileDialog, "exec", answer)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)


@pytest.fixture
def collector(qapp) -> Iterator[None]:
    """As in the program: workers that collected garbage would destroy what belongs to the window's thread."""
    collector = Collector(qapp)
    yield
    collector.close()


@pytest.fixture
def release(qtbot, open_window, cage, collector) -> Callable[..., None]:
    """Lets a monkey play with a new window."""

    def play(seed: int, seconds: float, most: int = sys.maxsize) -> None:
        window = open_window()
        for name in NEVER:
            window.actions_by_name[name].setEnabled(False)
        with Witness(window) as witness:
            monkey = Monkey(window, seed, lambda: bool(witness.faults))
            monkey.play(seconds, most)
            story = "\n".join([f"seed {seed}, {monkey.count} actions; the last ones:", *monkey.last])
            if not witness.faults:
                the_window_is_alive(window, qtbot, story)
        assert not witness.faults, "\n".join([*witness.faults, story])
        print(f"seed {seed}: {monkey.count} actions")

    return play


def differences(now: Experiment, then: Experiment) -> list[str]:
    """Fields that differ, with both values."""
    pairs = [(name, getattr(now, name), getattr(then, name)) for name in Experiment.__struct_fields__]
    return [f"{name}: {a} instead of {b}" for name, a, b in pairs if a != b]


def the_window_is_alive(window: MainWindow, qtbot, story: str) -> None:
    """The document can be saved, taken back and done again; another system can be opened and is drawn."""
    session = window.session
    if session.training.active:
        session.training.stop()
    qtbot.waitUntil(lambda: not session.training.active, timeout=60_000)
    experiment = session.document.experiment
    assert differences(project.from_bytes(project.to_bytes(experiment)), experiment) == [], story
    while session.document.undo_label is not None:
        session.undo()
        QApplication.processEvents()
    while session.document.redo_label is not None:
        session.redo()
        QApplication.processEvents()
    assert differences(session.document.experiment, experiment) == [], story
    session.open_preset("pendulum")
    qtbot.waitUntil(lambda: settled(window), timeout=60_000)
    assert session.simulation.scene.experiment.preset == "pendulum", story


def test_a_monkey_breaks_nothing(release):
    release(0, PATIENCE, ACTIONS)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_patient_monkey_breaks_nothing(release, seed):
    release(seed, LONG)
