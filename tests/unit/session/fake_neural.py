"""A stand-in for the network layer whose training obeys the test."""

from __future__ import annotations

import sys
from collections.abc import Generator
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

import odeplayground
from odeplayground.spec import (
    Array,
    Epoch,
    FieldUpdate,
    LearnedSystem,
    Report,
    Samples,
    Stage,
    System,
    TrainDone,
    TrainEvent,
    TrainSpec,
)
from tests.unit.session.networks import linear_network

REPORT = Report(0.01, 0.02, (), (), "The same kinds of equilibria in the same places.", True)


class Dataset:
    def __init__(self, system: System, noise: float, n_trajectories: int, n_points: int) -> None:
        self.system, self.noise = system, noise
        self.states = system.states
        rest = np.tile(np.array(system.initial)[:, None], n_points)
        self.trajectories = [SimpleNamespace(t=np.arange(float(n_points)), y=rest)] * n_trajectories

    def to_samples(self) -> Samples:
        n = len(self.system.states)
        return Samples(self.system.states, (Array.of(np.arange(4.0)),), (Array.of(np.zeros((n, 4))),), self.noise)

    @classmethod
    def from_samples(cls, samples: Samples) -> Samples:
        return samples


class Control:
    """Keeps what it was asked for."""

    learning_rate: float | None = None
    horizon: int | None = None
    tolerance: float | None = None

    def __init__(self) -> None:
        self.backs, self.stopped = 0, False

    def back_to_best(self) -> None:
        self.backs += 1

    def stop(self) -> None:
        self.stopped = True


class FakeNeural(ModuleType):
    """``losses`` are the held-out losses of the epochs; a training runs through them and then ends."""

    Dataset = Dataset
    Control = Control

    def __init__(self) -> None:
        super().__init__("odeplayground.neural")
        self.losses = [5.0, 3.0, 1.0, 2.0]
        self.breaks_after: int | None = None
        self.comparison_fails = False
        self.sampled: list[tuple[tuple[float, ...], dict[str, float], tuple[float, float]]] = []
        self.compared: list[dict[str, float]] = []
        self.closed = 0
        self.every = 1
        self.warm = False

    def field(self, epoch: int, states: tuple[str, ...]) -> LearnedSystem:
        return linear_network(states, -epoch * np.eye(len(states)))

    def sample(self, system, n_trajectories, n_points, t_span, noise, seed, *, initial, parameters):
        assert initial is None, "what stays in the window is sampled once"
        self.sampled.append((system.initial, dict(parameters), t_span or system.t_span))
        return Dataset(system, noise, n_trajectories, n_points)

    def train(self, data: Dataset, spec: TrainSpec, control: Control) -> Generator[TrainEvent, None, TrainDone]:
        history: list[Epoch] = []
        self.control = control
        try:
            yield Stage(0, "windows of 4 samples")
            for number, loss in enumerate(self.losses, 1):
                best = 1 + int(np.argmin(self.losses[:number]))
                history.append(Epoch(number, 2 * loss, loss, 0.5, 10, 20, 1.0, best))
                if number % self.every == 0:
                    yield FieldUpdate(number, self.field(number, data.system.states))
                yield history[-1]
                if number == self.breaks_after:
                    raise RuntimeError("the matrix is singular")
            best = 1 + int(np.argmin(self.losses))
            return TrainDone(self.field(best, data.system.states), best, 2.0, tuple(history), (), "Trained.")
        finally:
            self.closed += 1

    def warm_up(self) -> None:
        self.warm = True

    def compare(self, system, field, data, parameters, bounds, quantities):
        if self.comparison_fails:
            raise ValueError("There is nothing to compare.")
        self.compared.append(dict(parameters))
        assert set(bounds) == set(system.states)
        return REPORT


@pytest.fixture
def neural(monkeypatch: pytest.MonkeyPatch) -> FakeNeural:
    fake = FakeNeural()
    monkeypatch.setitem(sys.modules, "odeplayground.neural", fake)
    monkeypatch.setattr(odeplayground, "neural", fake, raising=False)
    return fake
