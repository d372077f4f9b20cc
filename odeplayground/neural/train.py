"""Training as a generator of events: each yield is a place to pause or to stop."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Generator, Iterator

import torch
from torch import Tensor

from odeplayground import dynamics
from odeplayground.neural.collocation import STEPS, Collocation
from odeplayground.neural.data import Dataset
from odeplayground.neural.errors import SolveError
from odeplayground.neural.models import ScaledField, seeded_net
from odeplayground.neural.preparation import DTYPE, Batch, prepare
from odeplayground.neural.scaling import export
from odeplayground.neural.shooting import Shooting, judge, step_error
from odeplayground.spec import Epoch, FieldUpdate, Stage, TrainDone, TrainEvent, TrainNote, TrainSpec

COLLOCATION_EPOCHS = 60
LENGTHS = ((4, 0.3), (8, 0.3), (12, 0.4))
"""Samples per window, and the share of the epochs after the start that a stage with them gets."""
AFTER_COLLOCATION = 0.3
"""Learning rate after a collocation start, relative to the setting: the network is already close."""
LAST_RATE = 0.01
"""Learning rate at the end, relative to the beginning."""
STEP_ERROR = 0.02
"""Largest error of the solver's steps that is accepted, in standard deviations of the data."""
MOST_SUBSTEPS = 8
MOST_STEPS = 24
"""Solver steps per window: longer windows are shortened, so that an epoch stays short."""
FOLLOW = 0.05
"""Share by which the averaged weights follow the optimiser's per epoch. Averages are what is judged and kept: single
steps scatter around them (Polyak and Juditsky 1992)."""
UPDATE_SECONDS = 1 / 30
DIVERGED = 1e12
"""Stands for the loss of a network whose solutions diverge; project files hold finite numbers only."""


def train(data: Dataset, spec: TrainSpec) -> Generator[TrainEvent, None, TrainDone]:
    """Fit a network to data. Yields events, returns the best weights by held-out loss and the whole history.

    The recipe: normalise; start from the slopes of the smoothed data; then multiple shooting over windows that grow
    from stage to stage, with Adam and a falling learning rate. Epoch 0 is the network before training. Equal data and
    settings give equal results. Without held-out samples the training windows judge. Sets torch to one thread.

    Raises:
        ValueError: impossible settings.
    """
    _check(spec)
    torch.set_num_threads(1)
    training = _Training(data, spec)
    yield from training.run()
    return training.done()


class _Training:
    """The state of one training run."""

    def __init__(self, data: Dataset, spec: TrainSpec) -> None:
        self._began = self._last_update = time.perf_counter()
        self._data, self._spec = data, spec
        self._parts = prepare(data, spec.held_out, spec.seed)
        n = len(data.states)
        self._net = seeded_net([n, *spec.hidden, n], spec.activation, spec.seed)
        self._field = ScaledField(self._net, torch.tensor(self._parts.scaling.rate)).to(DTYPE)
        self._judges = self._parts.held_out or self._parts.training(LENGTHS[-1][0])
        self._weights: list[Tensor] = list(self._net.parameters())
        self._average = copy.deepcopy(self._field)
        self._substeps = self._parts.substeps()
        self._slowdown = 1.0
        self._epoch = 0
        self._history: list[Epoch] = []
        self._stages: list[Stage] = []
        self._best: tuple[float, int, list[Tensor]] = (math.inf, 0, self._averaged())

    def run(self) -> Iterator[TrainEvent]:
        if self._data.system is not None and not dynamics.is_autonomous(self._data.system):
            yield TrainNote(0, "The system depends on time, and the network does not: it learns the average field.")
        first = self._parts.training(LENGTHS[0][0])
        before = self._record(time.perf_counter(), self._loss(first), 0.0, 0, 0)
        yield self._update()
        yield before
        start = min(COLLOCATION_EPOCHS, self._spec.epochs // 3) if self._spec.collocation else 0
        if start:
            yield from self._collocate(start, first)
        yield from self._shoot(self._spec.epochs - start)

    def done(self) -> TrainDone:
        held_out, epoch, weights = self._best
        self._restore(weights)
        return TrainDone(
            field=export(self._average.net, self._parts.scaling, self._data),
            best_epoch=epoch,
            seconds=time.perf_counter() - self._began,
            history=tuple(self._history),
            stages=tuple(self._stages),
            message=f"Best after epoch {epoch}: held-out loss {held_out:.2g}.",
        )

    def _collocate(self, epochs: int, windows: list[Batch]) -> Iterator[TrainEvent]:
        yield self._stage("slopes of the smoothed data")
        start = Collocation(self._net, *self._parts.slopes())
        for i in range(epochs):
            began = time.perf_counter()
            norm = start.epoch(self._spec.learning_rate * (1 - 0.9 * i / epochs))
            self._epoch += 1
            self._follow(1.0)
            epoch = self._record(began, self._loss(windows), norm, STEPS, STEPS)
            yield from self._updates(last=i + 1 == epochs)
            yield epoch

    def _shoot(self, epochs: int) -> Iterator[TrainEvent]:
        rate = self._spec.learning_rate * (AFTER_COLLOCATION if self._stages else 1.0)
        taken = 0
        for number, (length, _) in enumerate(LENGTHS):
            end = round(epochs * sum(share for _, share in LENGTHS[: number + 1]))
            yield from self._refine()
            stage, horizon = self._begin(length)
            yield self._stage(f"horizon {horizon:.2g}")
            while taken < end:
                taken += 1
                yield from self._step(stage, rate * _decay((taken - 1) / epochs), last=taken == end)

    def _begin(self, length: int) -> tuple[Shooting, float]:
        """The stage with windows of this many samples, fewer where the steps are small, and its longest horizon."""
        batches = self._parts.training(min(length, max(2, MOST_STEPS // self._substeps)))
        stage = Shooting(self._field, batches, self._spec.gradient, self._substeps)
        return stage, max(batch.t[-1].item() for batch in batches)

    def _step(self, stage: Shooting, rate: float, last: bool) -> Iterator[TrainEvent]:
        began = time.perf_counter()
        self._epoch += 1
        try:
            loss, norm = stage.epoch(rate * self._slowdown)
        except (SolveError, FloatingPointError):
            self._slowdown /= 2
            self._restore(self._best[2])
            stage.forget()
            yield TrainNote(self._epoch, "The solution diverged: back to the best weights, with half the step.")
            yield from self._updates(last)
            return
        self._follow(FOLLOW)
        backward = stage.evaluations if self._spec.gradient == "adjoint" else 0
        epoch = self._record(began, loss, norm, stage.evaluations, backward)
        yield from self._updates(last)
        yield epoch

    def _refine(self) -> Iterator[TrainEvent]:
        """Halve the solver's step until that changes nothing that matters."""
        batches = self._parts.training(LENGTHS[0][0])
        while self._substeps < MOST_SUBSTEPS:
            try:
                if step_error(self._field, batches, self._substeps) <= STEP_ERROR:
                    return
            except SolveError:
                pass  # a smaller step may do better
            self._substeps *= 2
            yield TrainNote(self._epoch, f"The solver now takes {self._substeps} steps between samples.")

    def _loss(self, batches: list[Batch]) -> float:
        try:
            return judge(self._average, batches, self._substeps)
        except SolveError:
            return DIVERGED

    def _record(self, began: float, loss: float, norm: float, forward: int, backward: int) -> Epoch:
        held_out = self._loss(self._judges)
        if held_out < self._best[0]:
            self._best = (held_out, self._epoch, self._averaged())
        seconds = time.perf_counter() - began
        epoch = Epoch(self._epoch, loss, held_out, seconds, forward, backward, norm, self._best[1])
        self._history.append(epoch)
        return epoch

    def _stage(self, name: str) -> Stage:
        self._stages.append(Stage(self._epoch + 1, name))
        return self._stages[-1]

    def _updates(self, last: bool) -> Iterator[FieldUpdate]:
        """The field, often enough to watch it; always the last of a stage and each that is the best so far."""
        best = self._best[1] == self._epoch
        if last or best or time.perf_counter() - self._last_update >= UPDATE_SECONDS:
            yield self._update()

    def _update(self) -> FieldUpdate:
        self._last_update = time.perf_counter()
        return FieldUpdate(self._epoch, export(self._average.net, self._parts.scaling, self._data))

    @torch.no_grad()
    def _follow(self, share: float) -> None:
        """Move the averaged weights towards the current ones."""
        torch._foreach_lerp_(list(self._average.parameters()), self._weights, share)

    def _averaged(self) -> list[Tensor]:
        return [weight.detach().clone() for weight in self._average.parameters()]

    @torch.no_grad()
    def _restore(self, weights: list[Tensor]) -> None:
        for weight, stored in zip(self._weights, weights, strict=True):
            weight.copy_(stored)
        self._follow(1.0)


def _decay(share: float) -> float:
    return LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * share))


def _check(spec: TrainSpec) -> None:
    if spec.epochs < 1:
        raise ValueError("Training needs at least one epoch.")
    if not spec.hidden or min(spec.hidden) < 1:
        raise ValueError("The network needs at least one hidden layer, and at least one unit in each.")
    if not 0 < spec.learning_rate < math.inf:
        raise ValueError("The learning rate must be positive.")
    if not 0 <= spec.held_out < 1:
        raise ValueError("The held-out share must be at least 0 and less than 1.")
