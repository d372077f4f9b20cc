"""A training run from the terminal, with the window's own jobs. Ctrl-C stops it and keeps the best so far."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from odeplayground.cli.explain import bad_input
from odeplayground.jobs import CancelToken, Job
from odeplayground.spec import Experiment, Report, Samples, TrainDone, TrainedRun, TrainEvent

if TYPE_CHECKING:
    from odeplayground.session.training_record import Record

OnEvent = Callable[[TrainEvent], None]


@dataclass(frozen=True)
class Learned:
    """What a run left: the experiment, with the trained network if there is one, and a sentence about the end."""

    experiment: Experiment
    message: str
    interrupted: bool = False
    broken: bool = False

    @property
    def report(self) -> Report | None:
        """The comparison with the true system."""
        return self.experiment.run.report if self.experiment.run else None


def learn(experiment: Experiment, on_event: OnEvent) -> Learned:
    """Sample data from the experiment's system, train on them as it says, and compare.

    Raises:
        InputError: the plan or the settings cannot be used; the text says why.
    """
    from odeplayground.session.learned_terms import learned
    from odeplayground.session.trained_run import begun_with, trained_run
    from odeplayground.session.training_choices import settings
    from odeplayground.session.training_job import training_job

    stop = CancelToken()
    listener = _Listener(on_event, stop)
    with _ctrl_c(stop), bad_input():
        done = listener.drive(training_job(experiment)(CancelToken()))
    samples = listener.samples
    if done is None or samples is None:
        return Learned(experiment, "Stopped before there was anything to keep.", interrupted=True)
    spec = settings(experiment)
    stopped = (f"Stopped after epoch {len(done.history)}.",) if listener.stopped else ()
    run = trained_run(samples, spec, done, begun_with(experiment) + stopped)
    report, problem = _compare(experiment, run)
    run = msgspec.structs.replace(run, report=report)
    experiment = learned(msgspec.structs.replace(experiment, run=run), done.field)
    message = f"{done.message} {problem}".strip()
    return Learned(experiment, message, interrupted=listener.stopped, broken=listener.broken)


def _compare(experiment: Experiment, run: TrainedRun) -> tuple[Report | None, str]:
    """Compare with the true system; if that fails the network must not be lost, so a sentence says why."""
    from odeplayground.session.training_job import comparison_job

    try:
        return _result(comparison_job(experiment, run)(CancelToken())), ""
    except KeyboardInterrupt:
        return None, "The comparison was stopped."
    except Exception as error:
        return None, f"The comparison with the true system failed: {error}"


class _Listener:
    """Hears a training: passes on the events, keeps the data and the best so far, and stops where it is asked to."""

    def __init__(self, on_event: OnEvent, stop: CancelToken) -> None:
        from odeplayground.session.training_record import Record

        self._on_event = on_event
        self._stop = stop
        self._record: Record = Record()
        self.samples: Samples | None = None
        self.broken = False
        self.stopped = False

    def drive(self, job: Job) -> TrainDone | None:
        """Run the job to its end, or until it is stopped or breaks; then with the best so far, if there is any."""
        done: TrainDone | None
        try:
            done = _result(job, self._hear)
        except _StoppedError:
            self.stopped = True
            done = self._record.stopped()
        except Exception as error:
            self.broken = True
            done = self._record.done(f"{error} The best weights so far are kept.")
            if done is None:
                raise
        if done is not None:
            self._on_event(done)
        return done

    def _hear(self, event: Any) -> None:
        from odeplayground.session.training_job import Sampled
        from odeplayground.session.training_record import Best

        self._record.add(event)
        match event:
            case Sampled(samples):
                self.samples = samples
            case Best():
                pass
            case _:
                self._on_event(event)
        if self._stop.cancelled:
            raise _StoppedError


class _StoppedError(Exception):
    """Ctrl-C was pressed."""


def _result(job: Generator[Any, None, Any], hear: Callable[[Any], None] = lambda _event: None) -> Any:
    """What a job returns in the end."""
    try:
        while True:
            hear(next(job))
    except StopIteration as end:
        return end.value
    finally:
        job.close()


@contextmanager
def _ctrl_c(stop: CancelToken) -> Iterator[None]:
    """The first Ctrl-C asks to stop; the second one interrupts as usual."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_interrupt(_number: int, _frame: object) -> None:
        if stop.cancelled:
            raise KeyboardInterrupt
        stop.cancel()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
