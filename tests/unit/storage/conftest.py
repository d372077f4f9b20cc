"""Experiments to write and read."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from odeplayground.spec import (
    Activation,
    Array,
    Epoch,
    EquilibriumKind,
    Experiment,
    LearnedSystem,
    MatchedEquilibrium,
    Method,
    Report,
    SamplePlan,
    Samples,
    Score,
    SolverSettings,
    Stage,
    TrainedRun,
    TrainSpec,
    number_of_weights,
)
from odeplayground.storage import presets

LAYERS = (2, 3, 2)


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("ODEPLAYGROUND_HOME", str(tmp_path / "home"))


@pytest.fixture
def experiment() -> Experiment:
    """The pendulum, with something changed in every corner."""
    start = presets.load("pendulum").experiment
    return msgspec.structs.replace(
        start,
        text=start.text + "# Übung: θ ≥ 0\nfaulty' = ",
        values={"b": 0.1 + 0.2},
        selected=1,
        solver=SolverSettings(Method.RK4, 1e-7, 1e-10, (0.0, 1 / 3), 0.01),
        plan=SamplePlan(3, 20, (0.0, 5.0), 0.05, 7),
        training=TrainSpec(hidden=(3,), epochs=2),
    )


@pytest.fixture
def trained(experiment) -> Experiment:
    """The same with a training run, in which one loss was infinite."""
    return msgspec.structs.replace(experiment, run=_run())


def _run() -> TrainedRun:
    rng = np.random.default_rng(0)
    times = np.linspace(0.0, 1.0, 4)
    field = LearnedSystem(
        states=("theta", "omega"),
        layers=LAYERS,
        activation=Activation.TANH,
        weights=Array.of(rng.normal(size=number_of_weights(LAYERS))),
        mean=(0.1, -0.2),
        scale_in=(1.0, 2.0),
        scale_out=(3.0, 4.0),
        initial=(1.0, 0.0),
    )
    focus = MatchedEquilibrium((0.0, 0.0), None, EquilibriumKind.STABLE_FOCUS, None, ((-0.1, 2.2), (-0.1, -2.2)))
    return TrainedRun(
        samples=Samples(
            ("theta", "omega"), (Array.of(times),), (Array.of(rng.normal(size=(2, 4))),), 0.02, ((1.0, 0.0),)
        ),
        spec=TrainSpec(hidden=(3,), epochs=2),
        field=field,
        best_epoch=1,
        seconds=0.5,
        history=(Epoch(1, 0.5, 0.6, 0.01, 40, 60, 0.3, 1), Epoch(2, math.inf, 0.7, 0.01, 40, 60, 0.4, 1)),
        stages=(Stage(1, "horizon 1 s"),),
        report=Report(0.1, math.inf, (focus,), (Score("energy drift", 0.1, "", "How it leaks."),), "Not yet.", False),
    )
