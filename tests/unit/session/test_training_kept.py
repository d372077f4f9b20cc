"""A crash in the middle of a training loses neither the document nor the best weights so far."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from odeplayground import dynamics
from odeplayground.session import Session, edits, keeping
from odeplayground.spec import TrainSpec
from tests.unit.session.fake_neural import FakeNeural, neural
from tests.unit.session.systems import experiment
from tests.unit.session.test_session import Hand, home
from tests.unit.session.test_training import Bench

__all__ = ["home", "neural"]

# A session without a window that trains, keeps its document again and again, and tells what is on the disk.
PROGRAM = """
import time
from odeplayground.session import Session, edits
from odeplayground.spec import TrainSpec
from odeplayground.storage import recovery

session = Session()
document = session.document
document.amend(edits.set_training(document.experiment, TrainSpec(epochs=100_000)), "Train for ever")
session.training.start()
while True:
    session.pump()
    session.autosave()
    time.sleep(0.05)
    kept = recovery.newest()
    if kept is not None and kept.run is not None and kept.run.best_epoch > 3:
        print(kept.run.best_epoch, flush=True)
"""


def test_the_document_so_far_has_the_best_weights(neural: FakeNeural) -> None:
    bench = Bench()
    training, document = bench.training, bench.document
    assert training.document_so_far is document.experiment
    training.start()
    while len(training.history) < 2:
        bench.step()
    kept = training.document_so_far
    assert document.experiment.run is None
    assert kept.run is not None
    assert (kept.run.best_epoch, kept.run.field) == (2, neural.field(2, ("theta", "omega")))
    assert training.document_so_far is kept  # nothing new, nothing to write
    bench.finish()
    assert training.document_so_far is document.experiment


def test_a_training_that_a_crash_cut_off_is_offered_and_compared(neural: FakeNeural) -> None:
    hand = Hand(experiment=edits.set_training(experiment(), TrainSpec(epochs=4)))
    hand.session.training.start()
    while len(hand.session.training.history) < 2:
        hand.runner.advance("training")
        hand.session.pump()
    hand.session.autosave()
    hand.runner.finish("recovery")
    hand.session.keeper._slot.leave()  # as the operating system does it for a program that is gone

    (lost,) = keeping.lost()
    assert (lost.about.edited, lost.about.epoch) == (True, 2)
    again = Hand()
    assert again.session.restore(lost)
    assert again.session.document.dirty
    assert again.session.training.best_epoch == 2
    again.settle()
    assert again.session.training.report is not None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_killed_training_leaves_its_best_weights(home: Path) -> None:
    environment = os.environ | {"ODEPLAYGROUND_HOME": str(home)}
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert program.stdout is not None
    epoch = int(program.stdout.readline())
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdout.close()

    (lost,) = keeping.lost()
    assert lost.about.epoch >= epoch
    session = Session()
    try:
        assert session.restore(lost)
        run = session.document.experiment.run
        assert run is not None
        assert run.best_epoch >= epoch
        assert len(run.history) >= run.best_epoch
        solution = dynamics.simulate(run.field, (0.0, 1.0), session.document.experiment.starts[0])
        assert solution.status.label == "Finished"
    finally:
        session.close()
