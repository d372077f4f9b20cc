"""``odeplayground train``."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.cli import learning, run
from odeplayground.session import edits
from odeplayground.spec import Epoch, Experiment, TrainEvent
from odeplayground.storage import project


def configured(path: Path, **training: Any) -> Experiment:
    experiment = project.open(path)
    return msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, **training))


def events(text: str) -> list[dict[str, Any]]:
    def refuse(literal: str) -> None:
        raise AssertionError(f"{literal} is no JSON")

    return [json.loads(line, parse_constant=refuse) for line in text.splitlines()]


def test_json_tells_every_event_and_the_comparison(short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", str(short), "--json"]) == 0
    said = capsys.readouterr()
    heard = events(said.out)
    kinds = [event["type"] for event in heard]

    assert said.err == ""
    assert set(kinds) <= {"stage", "epoch", "note", "done", "report"}
    assert kinds[-2:] == ["done", "report"]
    assert [event["epoch"] for event in heard if event["type"] == "epoch"] == [0, 1, 2, 3]
    assert heard[-1]["verdict"]
    assert [epoch["epoch"] for epoch in heard[-2]["history"]] == [0, 1, 2, 3]


def test_the_table_is_printed_and_no_progress_bar_in_a_pipe(short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", str(short)]) == 0
    said = capsys.readouterr()

    assert "comparison with the true system" in said.out
    assert "true (theta, omega)" in said.out
    assert said.err == ""


def test_the_settings_of_the_line_are_used_and_saved(short: Path, tmp_path: Path) -> None:
    out = tmp_path / "fit.odep"
    words = "--trajectories 3 --points 15 --noise 0 --epochs 2 --gradient direct --seed 7 --set b=0.5"

    assert run(["train", str(short), *words.split(), "--out", str(out)]) == 0
    saved = project.open(out)

    assert saved.run is not None
    assert (saved.run.samples.n_points, len(saved.run.samples.times), saved.run.samples.noise) == (45, 3, 0.0)
    assert (saved.run.spec.epochs, str(saved.run.spec.gradient), saved.run.spec.seed) == (2, "direct", 7)
    assert (saved.plan.seed, saved.values["b"]) == (7, 0.5)
    assert saved.run.history[-1].epoch == 2
    assert saved.run.report is not None


def test_the_same_seed_gives_the_same_network(short: Path) -> None:
    runs = [learning.learn(configured(short, seed=3), lambda _event: None).experiment.run for _ in range(2)]

    assert runs[0] is not None
    assert runs[1] is not None
    assert runs[0].field.weights == runs[1].field.weights
    assert runs[0].samples == runs[1].samples


def interrupting(after: int) -> tuple[Callable[[TrainEvent], None], list[Epoch]]:
    """A listener that presses Ctrl-C after some epochs."""
    heard: list[Epoch] = []

    def hear(event: TrainEvent) -> None:
        if isinstance(event, Epoch):
            heard.append(event)
            if len(heard) == after:
                os.kill(os.getpid(), signal.SIGINT)

    return hear, heard


def test_ctrl_c_keeps_the_best_so_far(short: Path) -> None:
    hear, heard = interrupting(after=4)
    before = signal.getsignal(signal.SIGINT)

    outcome = learning.learn(configured(short, epochs=1000), hear)

    assert outcome.interrupted
    assert outcome.experiment.run is not None
    assert outcome.report is not None
    assert 4 <= len(heard) <= 6
    # The epoch that was being computed is kept as well.
    assert outcome.experiment.run.history[: len(heard)] == tuple(heard)
    assert len(outcome.experiment.run.history) <= len(heard) + 1
    assert signal.getsignal(signal.SIGINT) == before


def test_ctrl_c_ends_with_130_and_saves(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third line of output presses Ctrl-C."""
    out, hear = tmp_path / "fit.odep", interrupting(after=3)[0]
    monkeypatch.setattr("odeplayground.cli.train._print_event", hear)

    assert run(["train", str(short), "--epochs", "1000", "--json", "--out", str(out)]) == 130
    saved = project.open(out)
    assert saved.run is not None
    assert 3 <= len(saved.run.history) <= 5
    assert events(capsys.readouterr().out)[-1]["type"] == "report"


def test_a_comparison_that_fails_does_not_cost_the_network(
    short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no equilibria today")

    monkeypatch.setattr("odeplayground.neural.compare", fail)

    assert run(["train", str(short), "--out", str(tmp_path / "fit.odep")]) == 0
    assert "no equilibria today" in capsys.readouterr().out
    saved = project.open(tmp_path / "fit.odep").run
    assert saved is not None
    assert saved.report is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--set q=1", 'There is no parameter "q".'),
        ("--noise -1", "noise"),
        ("--out missing-folder/fit.odep", 'There is no folder "missing-folder"'),
        ("--out fit.json", 'named like "fit.odep"'),
    ],
)
def test_bad_input_ends_with_one(words: str, sentence: str, short: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", str(short), *words.split()]) == 1
    assert sentence in capsys.readouterr().err


def test_a_project_trains_to_the_same_numbers_again(short: Path, tmp_path: Path) -> None:
    """What a project holds brings the training back: data, seed, settings; every loss and weight is the same."""
    once, again = tmp_path / "once.odep", tmp_path / "again.odep"
    assert run(["train", str(short), "--noise", "0.1", "--seed", "4", "--out", str(once), "--json"]) == 0
    assert run(["train", str(once), "--out", str(again), "--json"]) == 0
    first, second = project.open(once).run, project.open(again).run
    assert first is not None
    assert second is not None
    assert [(one.loss, one.held_out) for one in first.history] == [(one.loss, one.held_out) for one in second.history]
    assert (first.field, first.samples, first.spec) == (second.field, second.samples, second.spec)
    assert {"odeplayground", "Python", "numpy", "torch"} <= set(first.versions)
    assert first.by_hand == ()


def test_what_was_learned_is_solved(short: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "fit.odep"
    assert run(["train", str(short), "--out", str(out), "--json"]) == 0
    capsys.readouterr()
    assert run(["simulate", str(out), "--learned", "--points", "20", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    experiment = project.open(out)
    assert experiment.run is not None
    expected = dynamics.simulate(experiment.run.field, experiment.t_span, experiment.starts[0], t_eval=said["t"])
    np.testing.assert_allclose(said["y"], expected.y, atol=1e-4)
    assert run(["simulate", str(short), "--learned"]) == 1
    assert "Train" in capsys.readouterr().err


def test_unknown_terms_are_learned_to_the_same_numbers_again(short: Path, tmp_path: Path) -> None:
    begin = project.open(short)
    half = edits.set_text(begin, begin.text.replace("- b*omega", "- [?](omega)"))
    assert half.preset == "pendulum"
    project.save(half, short)
    once, again = tmp_path / "once.odep", tmp_path / "again.odep"
    assert run(["train", str(short), "--out", str(once), "--json"]) == 0
    assert run(["train", str(once), "--out", str(again), "--json"]) == 0
    first, second = project.open(once).run, project.open(again).run
    assert first is not None
    assert second is not None
    assert [one.loss for one in first.history] == [one.loss for one in second.history]
    assert first.field == second.field
    assert (first.by_hand, second.by_hand) == ((), ())
