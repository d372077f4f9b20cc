"""The main job without a window: open, solve, train, compare. The same jobs that the window runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from odeplayground import dynamics
from odeplayground.jobs import CancelToken, JobFactory
from odeplayground.session import edits, exports
from odeplayground.session.errors import UserError
from odeplayground.session.training_job import Outcome, Sampled, comparison_job, training_job
from odeplayground.spec import Experiment, Report, Samples, TrainedRun, TrainEvent
from odeplayground.storage import presets, project, systems


def load(name: str) -> Experiment:
    """A preset by name, or a file with a project or equations.

    Raises:
        UserError: there is neither, or the file is faulty.
    """
    path = Path(name)
    try:
        if path.suffix.lower() == project.SUFFIX:
            return project.open(path)
        if path.suffix or path.exists():
            system = systems.load(path)
            return edits.default_experiment(system, path.read_text(encoding="utf-8-sig"), path.stem)
        return presets.load(name).experiment
    except (ValueError, OSError) as error:
        raise UserError(str(error)) from error


def simulate(experiment: Experiment, cancel: CancelToken | None = None) -> dynamics.Solution:
    """The selected trajectory; how it ended is in its ``status`` and ``message``."""
    return exports.solve(experiment, cancel)


def train(
    experiment: Experiment, on_event: Callable[[TrainEvent], None] | None = None, stop: CancelToken | None = None
) -> TrainedRun:
    """Sample data, train, and compare. ``stop`` ends the training after the next epoch with what was reached.

    Raises:
        UserError: it was stopped before anything was learned.
    """
    samples: Samples | None = None

    def listen(event: Any) -> None:
        nonlocal samples
        if isinstance(event, Sampled):
            samples = event.samples
        elif on_event is not None and isinstance(event, TrainEvent):
            on_event(event)

    outcome: Outcome = _run(training_job(experiment, stop or CancelToken()), listen)
    done = outcome.done
    if done is None or samples is None:
        raise UserError("The training was stopped before the first epoch; there is nothing to keep.")
    if on_event is not None:
        on_event(done)
    run = TrainedRun(samples, experiment.training, done.field, done.best_epoch, done.seconds, done.history, done.stages)
    return msgspec.structs.replace(run, report=compare(experiment, run))


def compare(experiment: Experiment, run: TrainedRun) -> Report:
    """How the network of a run compares with the system of the experiment."""
    report: Report = _run(comparison_job(experiment, run), lambda event: None)
    return report


def _run(factory: JobFactory, listen: Callable[[Any], None]) -> Any:
    """Drive a job to its end in this thread and return its result."""
    job = factory(CancelToken())
    try:
        while True:
            listen(next(job))
    except StopIteration as end:
        return end.value
    finally:
        job.close()
