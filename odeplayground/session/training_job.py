"""The jobs of learning: sample data and train on them, and compare the result with the true system."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from odeplayground.jobs import CancelToken, Job, JobFactory
from odeplayground.session import request
from odeplayground.session.near_window import near_window, starts_in_window
from odeplayground.spec import (
    Epoch,
    Experiment,
    FieldUpdate,
    LearnedSystem,
    Samples,
    Stage,
    System,
    TrainDone,
    TrainedRun,
    TrainEvent,
)

if TYPE_CHECKING:
    from odeplayground import neural

ENOUGH = 0.5
"""Share of the planned samples that must lie near the window."""


@dataclass(frozen=True, eq=False)
class Sampled:
    """The data that the network will be trained on."""

    samples: Samples


@dataclass(frozen=True, eq=False)
class Kept:
    """What was reached when the training broke; the failure follows."""

    done: TrainDone


@dataclass(frozen=True, eq=False)
class Outcome:
    """The end of a training: ``done`` is ``None`` if it was stopped before there was any field."""

    done: TrainDone | None
    stopped: bool


class Record:
    """Remembers the course of a training and the best field seen, so that nothing is lost when it ends early."""

    def __init__(self) -> None:
        self.history: list[Epoch] = []
        self.stages: list[Stage] = []
        self._latest: FieldUpdate | None = None
        self._field: LearnedSystem | None = None
        self._epoch = 0
        self._loss = math.inf

    def add(self, event: TrainEvent) -> None:
        """Take note of an event. A field may come before or after the epoch that tells its loss."""
        if isinstance(event, Epoch):
            self.history.append(event)
            self._judge()
        elif isinstance(event, Stage):
            self.stages.append(event)
        elif isinstance(event, FieldUpdate):
            self._latest = event
            self._judge()

    @property
    def last(self) -> int:
        """Number of the latest epoch."""
        return self.history[-1].epoch if self.history else 0

    def done(self, message: str) -> TrainDone | None:
        """The training as if it had ended now, with the best of the fields seen."""
        if self._field is None:
            return None
        seconds = sum(epoch.seconds for epoch in self.history)
        return TrainDone(self._field, self._epoch, seconds, tuple(self.history), tuple(self.stages), message)

    def _judge(self) -> None:
        """Keep the latest field if none was better."""
        if self._latest is None:
            return
        loss = self._loss_of(self._latest.epoch)
        if self._field is None or loss <= self._loss:
            self._field, self._epoch, self._loss = self._latest.field, self._latest.epoch, loss

    def _loss_of(self, number: int) -> float:
        """Held-out loss of an epoch, or its training loss if nothing is held out; infinite if it is not known."""
        epoch = next((epoch for epoch in reversed(self.history) if epoch.epoch == number), None)
        if epoch is None:
            return math.inf
        loss = epoch.held_out if math.isfinite(epoch.held_out) else epoch.loss
        return loss if math.isfinite(loss) else math.inf


def training_job(experiment: Experiment, stop: CancelToken) -> JobFactory:
    """A job that yields ``Sampled``, then the events of the training, and returns an ``Outcome``.

    ``stop`` ends it after the next event, with what was reached; cancelling the job itself throws everything away.
    """

    def job(cancel: CancelToken) -> Job:
        from odeplayground import neural

        data = sample(experiment)
        yield Sampled(data.to_samples())
        record = Record()
        with closing(neural.train(data, experiment.training)) as training:
            try:
                return (yield from _until_stopped(training, record, stop))
            except Exception:
                kept = record.done("The training broke; the best weights so far are kept.")
                if kept is not None:
                    yield Kept(kept)
                raise

    return job


def _until_stopped(
    training: Generator[TrainEvent, None, TrainDone], record: Record, stop: CancelToken
) -> Generator[TrainEvent, None, Outcome]:
    """Pass on the events. A field is put before the epoch that it belongs to.

    A single step ends with an epoch, and then its field should be on the screen already.
    """
    waiting: Epoch | None = None
    while not stop.cancelled:
        try:
            event = next(training)
        except StopIteration as end:
            if waiting is not None:
                yield waiting
            return Outcome(end.value, stopped=False)
        record.add(event)
        belongs = waiting is not None and isinstance(event, FieldUpdate) and event.epoch == waiting.epoch
        if belongs:
            yield event
        if waiting is not None:
            yield waiting
            waiting = None
        if isinstance(event, Epoch):
            waiting = event
        elif not belongs:
            yield event
    return Outcome(record.done(f"Stopped after epoch {record.last}; the best weights are kept."), stopped=True)


def sample(experiment: Experiment) -> neural.Dataset:
    """Sample data as the experiment's plan says, with the current parameters, from its first starting point on.

    Data that leave the window are cut. If too little is left of them, the other starts are spread over the window.
    """
    data = near_window(_sampled(experiment), experiment)
    wanted = experiment.plan.n_trajectories * experiment.plan.n_points
    if sum(one.t.size for one in data.trajectories) < ENOUGH * wanted:
        data = near_window(_sampled(experiment, starts_in_window(experiment)), experiment)
    return data


def _sampled(experiment: Experiment, initial: np.ndarray | None = None) -> neural.Dataset:
    from odeplayground import neural

    plan = experiment.plan
    return neural.sample(
        _as_shown(experiment),
        plan.n_trajectories,
        plan.n_points,
        plan.t_span,
        plan.noise,
        plan.seed,
        initial=initial,
        parameters=experiment.parameters,
    )


def _as_shown(experiment: Experiment) -> System:
    """The system with the first starting point and the time span of the picture as its own."""
    system = experiment.system
    variables = (
        msgspec.structs.replace(variable, initial=value)
        for variable, value in zip(system.variables, experiment.starts[0], strict=True)
    )
    return msgspec.structs.replace(system, variables=tuple(variables), t_span=experiment.t_span)


def comparison_job(experiment: Experiment, run: TrainedRun) -> JobFactory:
    """A job that returns the ``Report`` on a run of this experiment's system."""

    def job(cancel: CancelToken) -> Job:
        from odeplayground import neural
        from odeplayground.session import plane

        yield  # a point where it can be cancelled before the work begins
        view = experiment.view
        # Equilibria are compared where they can be seen.
        shown = {name: ends for name, ends in ((view.x, view.x_range), (view.y, view.y_range)) if name != "t"}
        bounds = plane.bounds(request.of_true(experiment, (2, 2))) | shown
        data = neural.Dataset.from_samples(run.samples)
        return neural.compare(experiment.system, run.field, data, experiment.parameters, bounds)

    return job
