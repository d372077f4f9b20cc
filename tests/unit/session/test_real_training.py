"""The whole way with the real network layer: start, watch, stop, compare, save."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from odeplayground.session import Session, TrainingStatus, edits
from odeplayground.spec import SamplePlan, TrainSpec
from odeplayground.storage import project
from tests.unit.session.systems import experiment

SPIRAL = "x' = -0.1*x - y\ny' = x - 0.1*y\nx(0) = 2\ny(0) = 0\nt in [0, 8]\n"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("ODEPLAYGROUND_HOME", str(tmp_path / "home"))
    start = experiment(SPIRAL, plan=SamplePlan(n_trajectories=2, n_points=20, noise=0.0))
    session = Session(edits.set_training(start, TrainSpec(hidden=(16,), epochs=80)))
    session.start()
    yield session
    session.close()


def until(session: Session, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, session.training.message
        session.pump()
        time.sleep(0.005)


def settled(session: Session) -> int:
    """The latest epoch when nothing more comes after a pause, however slow the machine is."""
    seen = -1
    for _ in range(20):
        latest = session.training.history[-1].epoch
        if latest == seen:
            return seen
        seen = latest
        time.sleep(0.25)
        session.pump()
    raise AssertionError("The training does not hold still.")


def test_train_compare_and_save(session: Session, tmp_path: Path) -> None:
    session.training.start()
    until(session, lambda: not session.training.active and not session.comparison.busy)
    training = session.training
    assert training.status is TrainingStatus.FINISHED, training.message
    losses = [epoch.held_out for epoch in training.history]
    assert min(losses) < losses[0] / 10
    assert training.report is not None, session.comparison.message
    assert session.document.experiment.run.report == training.report
    until(session, lambda: not session.simulation.busy)
    scene = session.simulation.scene
    assert scene.learned is not None
    start = scene.learned.trajectories[0].start
    assert np.allclose(start, scene.true.trajectories[0].start)
    session.save(tmp_path / "spiral.odep")
    assert project.open(tmp_path / "spiral.odep") == session.document.experiment


def test_pause_step_and_stop(session: Session) -> None:
    training = session.training
    changed = edits.set_training(session.document.experiment, TrainSpec(hidden=(16,), epochs=100_000))
    session.document.apply(changed, "More epochs")
    training.start()
    until(session, lambda: len(training.history) > 5)
    training.pause()
    held = settled(session)
    training.step()
    until(session, lambda: training.history[-1].epoch > held)
    assert settled(session) == held + 1
    training.stop()
    assert training.status is TrainingStatus.STOPPED
    assert session.document.experiment.run.field == training.field
