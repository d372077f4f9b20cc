"""A training run from the terminal: sample, train, compare. Ctrl-C stops it and keeps the best so far."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from odeplayground.cli.explain import bad_input
from odeplayground.spec import (
    Epoch,
    Experiment,
    FieldUpdate,
    LearnedSystem,
    Report,
    Stage,
    TrainDone,
    TrainedRun,
    TrainEvent,
)

if TYPE_CHECKING:
    from odeplayground.neural import Dataset

OnEvent = Callable[[TrainEvent], None]


@dataclass(frozen=True)
class Outcome:
    """What a run left: the experiment with the trained network, if there is one."""

    experiment: Experiment
    message: str
    interrupted: bool = False

    @property
    def report(self) -> Report | None:
        """The comparison with the true system."""
        return self.experiment.run.report if self.experiment.run else None


def learn(experiment: Experiment, on_event: OnEvent) -> Outcome:
    """Sample data from the experiment's system, train on them as it says, and compare.

    Raises:
        InputError: the plan or the settings cannot be used; the text says why.
    """
    from odeplayground import neural

    with bad_input():
        data = _sample(experiment)
        events = neural.train(data, experiment.training)
    with _stop_flag() as stopped, bad_input():
        kept = _drive(events, on_event, stopped)
    if kept.done is None and kept.field is None:
        return Outcome(experiment, "Stopped before there was anything to keep.", interrupted=True)
    run = kept.as_run(experiment, data)
    report = neural.compare(experiment.system, run.field, data, parameters=experiment.parameters)
    run = msgspec.structs.replace(run, report=report)
    message = kept.done.message if kept.done else f"Stopped after epoch {kept.history[-1].epoch}; the best is kept."
    return Outcome(msgspec.structs.replace(experiment, run=run), message, interrupted=kept.done is None)


@dataclass
class _Kept:
    """What has been heard of a run so far."""

    history: list[Epoch] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    field: LearnedSystem | None = None
    held_out: float = float("inf")
    epoch: int = 0
    done: TrainDone | None = None

    def hear(self, event: TrainEvent) -> None:
        match event:
            case Epoch():
                self.history.append(event)
            case Stage():
                self.stages.append(event)
            case FieldUpdate():
                self._keep_if_better(event)

    def _keep_if_better(self, update: FieldUpdate) -> None:
        losses = [epoch.held_out for epoch in self.history[-3:] if epoch.epoch == update.epoch]
        loss = losses[-1] if losses else float("inf")
        if self.field is None or loss <= self.held_out:
            self.field, self.held_out, self.epoch = update.field, loss, update.epoch

    def as_run(self, experiment: Experiment, data: Dataset) -> TrainedRun:
        samples, spec = data.to_samples(), experiment.training
        if self.done is not None:
            done = self.done
            return TrainedRun(samples, spec, done.field, done.best_epoch, done.seconds, done.history, done.stages)
        assert self.field is not None
        seconds = sum(epoch.seconds for epoch in self.history)
        return TrainedRun(samples, spec, self.field, self.epoch, seconds, tuple(self.history), tuple(self.stages))


def _drive(events: Generator[TrainEvent, None, TrainDone], on_event: OnEvent, stopped: threading.Event) -> _Kept:
    kept = _Kept()
    try:
        while not stopped.is_set():
            event = next(events)
            kept.hear(event)
            on_event(event)
    except StopIteration as end:
        kept.done = end.value
        on_event(end.value)
    finally:
        events.close()
    return kept


def _sample(experiment: Experiment) -> Dataset:
    from odeplayground import neural

    plan = experiment.plan
    begin, end = experiment.t_span
    return neural.sample(
        experiment.system,
        n_trajectories=plan.n_trajectories,
        n_points=plan.n_points,
        t_span=plan.t_span or (begin, begin + (end - begin) / 2),
        noise=plan.noise,
        seed=plan.seed,
        parameters=experiment.parameters,
    )


@contextmanager
def _stop_flag() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one interrupts as usual."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def on_interrupt(_number: int, _frame: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
