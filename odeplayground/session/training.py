"""The training as the window sees it: what state it is in, what may be done now, and all that was reported."""

from __future__ import annotations

from typing import Any

import msgspec

from odeplayground.jobs import Body, Cancelled, Done, Failed, Progress, Runner
from odeplayground.session import edits
from odeplayground.session.comparison import Comparison
from odeplayground.session.document import Document
from odeplayground.session.editor import read
from odeplayground.session.errors import UserError
from odeplayground.session.learned_terms import learned
from odeplayground.session.signal import Signal
from odeplayground.session.trained_run import begun_with, trained_run, wished
from odeplayground.session.training_choices import settings
from odeplayground.session.training_data import source
from odeplayground.session.training_film import Film
from odeplayground.session.training_job import Sampled, training_job
from odeplayground.session.training_record import Best, Record
from odeplayground.session.training_runs import Runs
from odeplayground.session.training_state import ACTIVE, TrainingStatus, evaluations, seconds_left, why_not
from odeplayground.session.training_wishes import WishBox, Wishes
from odeplayground.spec import (
    AnySystem,
    Epoch,
    Experiment,
    FieldMode,
    FieldUpdate,
    Report,
    Samples,
    Stage,
    System,
    TrainDone,
    TrainedRun,
    TrainNote,
)

TRAINING = "training"
"""The channel."""
FAULTY = "The equations have an error. Mend it first: a training would learn the last ones that could be read."
LATEST_ONLY = (FieldUpdate, Best)
"""Events of which only the latest matters to a reader that is slow."""


class Training:
    """Runs one training at a time on a snapshot of the document, and writes the outcome into it as one edit.

    While none is active it shows the run of the document, whatever undo or opening a file makes of that. What cannot
    be done now has a sentence that says why, in ``why_not_...``; an empty one means that it can.
    """

    state_changed = Signal()
    """Status, message, samples or report may be different now."""
    event = Signal(object)
    """Each ``TrainEvent`` as it comes; the properties already know of it."""
    looked = Signal()
    """Another epoch is looked at."""

    def __init__(self, document: Document, runner: Runner, comparison: Comparison) -> None:
        self._document = document
        self._runner = runner
        self._comparison = comparison
        self._snapshot: Experiment | None = None
        self._learned: System | None = None
        self._run: TrainedRun | None = None
        self._record = Record()
        self._by_hand: tuple[str, ...] = ()
        self._so_far: tuple[Experiment, Best, Experiment] | None = None
        self._box = WishBox()
        self._film = Film()
        self.runs = Runs()
        """The trainings of this document in this session."""
        self.looking: int | None = None
        """The epoch that is looked at again; ``None``: the latest while training, the best afterwards."""
        self.status = TrainingStatus.IDLE
        self.message = ""
        self.history: list[Epoch] = []
        self.stages: list[Stage] = []
        self.notes: list[TrainNote] = []
        self.field: AnySystem | None = None
        """The latest field while training, the best one afterwards."""
        self.samples: Samples | None = None
        self.report: Report | None = None
        self.spec = document.experiment.training
        """Settings of the run that is shown."""
        self._adopt(document.experiment.run)
        document.changed.connect(self._on_changed)
        comparison.finished.connect(self._on_report)

    # What may be done

    @property
    def running(self) -> bool:
        """Whether epochs are being computed."""
        return self.status is TrainingStatus.RUNNING

    @property
    def paused(self) -> bool:
        """Whether it is on hold."""
        return self.status is TrainingStatus.PAUSED

    @property
    def active(self) -> bool:
        """Whether there is a training under way, running or paused."""
        return self.status in ACTIVE

    @property
    def learns_others(self) -> bool:
        """Whether the training under way learns other equations than the one that ended before it."""
        last, now = self._learned, self._snapshot
        return last is not None and now is not None and now.system != last

    @property
    def why_not_start(self) -> str:
        """Why no training can begin now."""
        faulty = bool(read(self._document.experiment.text).problems)
        return why_not("start", self.status) or (FAULTY if faulty else "")

    @property
    def why_not_pause(self) -> str:
        """Why the training cannot be paused now."""
        return why_not("pause", self.status)

    @property
    def why_not_resume(self) -> str:
        """Why the training cannot go on now."""
        return why_not("resume", self.status)

    @property
    def why_not_step(self) -> str:
        """Why no single epoch can be trained now."""
        return why_not("step", self.status)

    @property
    def why_not_stop(self) -> str:
        """Why there is nothing to stop."""
        return why_not("stop", self.status)

    @property
    def why_not_adjust(self) -> str:
        """Why no setting can be changed for the training under way."""
        return why_not("adjust", self.status)

    @property
    def why_not_back(self) -> str:
        """Why the training cannot go back to its best weights."""
        return why_not("back", self.status)

    @property
    def wishes(self) -> Wishes:
        """What was asked of the training under way."""
        return self._box.wishes

    @property
    def shown_samples(self) -> Samples | None:
        """The measured data of the document where it trains on them, else the samples of the run that is shown."""
        experiment = self._document.experiment
        measured = experiment.data if experiment.plan.from_file and not self.active else None
        return measured or self.samples

    # Doing it

    def start(self) -> None:
        """Sample data and train on them, with the plan, settings and parameter values of the document as it is now.

        Raises:
            UserError: a training is under way, or there is nothing to learn an unknown term from.
        """
        _demand(self.why_not_start)
        experiment = self._document.experiment
        source(experiment)
        experiment = msgspec.structs.replace(experiment, training=settings(experiment))
        self._clear()
        self._snapshot, self.spec, self._by_hand = experiment, experiment.training, begun_with(experiment)
        self.status, self.message = TrainingStatus.RUNNING, "Sampling data"
        self._comparison.cancel()
        self._box = WishBox()
        self._runner.submit(TRAINING, training_job(experiment, self._box))
        if experiment.view.mode in (FieldMode.TRUE, FieldMode.ERROR):
            # What is learned should be seen, and an error map has nothing to show yet. Nothing for undo to bother with.
            self._document.amend(edits.set_mode(self._document.experiment, FieldMode.BOTH), "Show both")
        self.state_changed.emit()

    def pause(self) -> None:
        """Hold the training after the event that is being computed."""
        _demand(self.why_not_pause)
        self._runner.pause(TRAINING)
        self._set(TrainingStatus.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        _demand(self.why_not_resume)
        self._runner.resume(TRAINING)
        self._set(TrainingStatus.RUNNING)

    def step(self) -> None:
        """Train one more epoch and stay paused."""
        _demand(self.why_not_step)
        self._runner.step(TRAINING, Epoch)

    def adjust(self, **changes: float | None) -> None:
        """Change ``learning_rate``, ``horizon`` or ``tolerance`` of the training under way; see ``Wishes``.

        Raises:
            UserError: none is under way, or the number is none that it could go on with.
        """
        _demand(self.why_not_adjust)
        self._wish(msgspec.structs.replace(self.wishes, **changes).checked())
        self.state_changed.emit()

    def back_to_best(self) -> None:
        """Let the training under way go on from its best weights so far."""
        _demand(self.why_not_back)
        self._wish(msgspec.structs.replace(self.wishes, back=self.wishes.back + 1))

    def _wish(self, wishes: Wishes) -> None:
        self._by_hand += wished(self.wishes, wishes, self._record.last)
        self._box.wishes = wishes

    def stop(self) -> None:
        """End the training at once and keep the best weights. The epoch under way is not waited for."""
        _demand(self.why_not_stop)
        self._runner.cancel(TRAINING)
        self._by_hand += (f"Stopped after epoch {self._record.last}.",)
        self.status = TrainingStatus.STOPPED
        done = self._record.stopped()
        if done is None:
            self.message = "Stopped before the first epoch; nothing was kept."
            self._end()
        else:
            self._finish(done)

    def leave(self) -> None:
        """End the training at once, as another document comes; the best weights so far stay in this one."""
        if self._snapshot is not None:
            self._runner.cancel(TRAINING)
            self._leave_run(self._snapshot)
        self._comparison.cancel()
        self._snapshot = None
        self.runs = Runs()
        self.status = TrainingStatus.IDLE
        self._adopt(self._document.experiment.run)
        self.state_changed.emit()

    # What is kept of it

    @property
    def document_so_far(self) -> Experiment:
        """The document as it would be if the training ended here; the same object until there are better weights."""
        snapshot, best, current = self._snapshot, self._record.best, self._document.experiment
        if snapshot is None or best is None:
            return current
        if self._so_far is None or self._so_far[0] is not current or self._so_far[1] is not best:
            self._so_far = current, best, self._ended_here(snapshot) or current
        return self._so_far[2]

    def compare(self) -> None:
        """Compare the document's run with the true system, if no report on it is there."""
        if self._run is not None and self.report is None and not self.active:
            self._comparison.start(self._document.experiment, self._run)

    # Other runs

    @property
    def shown_run(self) -> int | None:
        """Which of the runs is shown; ``None``: none of them."""
        return None if self.active else self.runs.number_of(self._run)

    def show_run(self, number: int) -> None:
        """Put one of the runs into the document in place of its run.

        Raises:
            UserError: a training is under way, or the states have changed since.
        """
        _demand(why_not("start", self.status))
        named, current = self.runs[number], self._document.experiment
        if named.run.field.states != current.system.states:
            raise UserError("The states have changed since that training.")
        if number != self.shown_run:
            shown = learned(edits.set_run(current, named.run), named.run.field)
            self._document.apply(shown, f"Show training {named.name}")

    # Looking back

    @property
    def why_not_look(self) -> str:
        """Why no epoch can be looked at again."""
        return "" if len(self._film) else "Only epochs of a training of this session can be looked at again."

    @property
    def shown_field(self) -> AnySystem | None:
        """What the portrait should show in place of the document's run; ``None``: just that."""
        if self.looking is not None:
            return self._film.at(self.looking)
        return self.field if self.active else None

    def look_at(self, epoch: int | None) -> None:
        """Show the field as it was after an epoch, or one near it; ``None``: as it is.

        Raises:
            UserError: there is nothing to look at.
        """
        if epoch is not None:
            _demand(self.why_not_look)
        if epoch != self.looking:
            self.looking = epoch
            self.looked.emit()

    # How far it is

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the best weights so far."""
        if self._run is not None:
            return self._run.best_epoch
        return self.history[-1].best_epoch if self.history else None

    @property
    def progress(self) -> float:
        """Share of the epochs that are done, 0 to 1."""
        return min(1.0, self.history[-1].epoch / self.spec.epochs) if self.history else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the pace of the latest epochs; ``None`` if nothing is known."""
        return seconds_left(self.history, self.spec.epochs) if self.active else None

    @property
    def evaluations(self) -> tuple[int, int]:
        """How often the network was evaluated, forwards and backwards."""
        return evaluations(self.history)

    # Messages from the jobs

    def handle(self, body: Body) -> None:
        """Take in a message of the training channel."""
        if self._snapshot is None:  # left, but this was on its way
            return
        match body:
            case Progress(event):
                self._take(event)
            case Done(done):
                self.status = TrainingStatus.FINISHED
                self._finish(done)
            case Failed(sentence):
                self._fail(sentence)
            case Cancelled():
                pass  # whoever cancelled it has already said so

    def _take(self, event: Any) -> None:
        match event:
            case Sampled(samples):
                self.samples = samples
                self.message = "Training"
                self.state_changed.emit()
                return
            case Best():
                self._record.add(event)
                return
            case FieldUpdate():
                self.field = event.field
                self._film.add(event)
            case TrainNote():
                self.notes.append(event)
                self.message = event.message
        self._record.add(event)
        self.event.emit(event)

    def _finish(self, done: TrainDone) -> None:
        self.event.emit(done)
        self._keep(done)

    def _fail(self, sentence: str) -> None:
        self.status = TrainingStatus.FAILED
        done = self._record.done("The training broke; the best weights so far are kept.")
        if done is not None:
            self._keep(done)
            sentence = f"{sentence} The best weights so far are kept."
        else:
            self._end()
        self.message = sentence
        self.state_changed.emit()

    def _keep(self, done: TrainDone) -> None:
        """Write the outcome into the document and compare it with the true system."""
        snapshot, samples = self._snapshot, self.samples
        assert snapshot is not None
        assert samples is not None
        run = trained_run(samples, snapshot.training, done, self._by_hand)
        self._learned = snapshot.system
        self.runs.add(run)
        self._show(run)
        self.message = done.message
        current = self._document.experiment
        if current.system.states == done.field.states:
            self._document.apply(learned(edits.set_run(current, run), done.field), "Train")
        else:
            self.message = f"{done.message} The states have changed meanwhile, so the document does not keep this run."
        self._comparison.start(snapshot, run)
        self._end()

    def _leave_run(self, snapshot: Experiment) -> None:
        kept = self._ended_here(snapshot)
        if kept is not None:
            self._document.amend(kept, "Train")

    def _ended_here(self, snapshot: Experiment) -> Experiment | None:
        """The document with the best weights so far; ``None`` where there are none, or they do not fit it any more."""
        done, current = self._record.done("Another document came."), self._document.experiment
        if done is None or self.samples is None or current.system.states != done.field.states:
            return None
        run = trained_run(self.samples, snapshot.training, done, self._by_hand)
        return learned(edits.set_run(current, run), done.field)

    def _end(self) -> None:
        self._snapshot = None
        self.state_changed.emit()

    def _on_report(self, run: TrainedRun, report: Report) -> None:
        if self._run is run:
            self._run, self.report = msgspec.structs.replace(run, report=report), report
            self.runs.complete(run, self._run)
            self.state_changed.emit()

    # The document's run, while nothing is active

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if not self.active and new.run is not old.run and new.run != self._run:
            self._adopt(new.run)
            self.state_changed.emit()
        elif new.data is not old.data or new.plan.from_file != old.plan.from_file:
            self.state_changed.emit()

    def _adopt(self, run: TrainedRun | None) -> None:
        self._clear()
        self.status = TrainingStatus.IDLE if run is None else TrainingStatus.FINISHED
        if run is not None:
            self._show(run)

    def _show(self, run: TrainedRun) -> None:
        self._run = run
        self.history, self.stages = list(run.history), list(run.stages)
        self.field, self.samples, self.report, self.spec = run.field, run.samples, run.report, run.spec

    def _clear(self) -> None:
        self._run = None
        self._record = Record()
        self._by_hand = ()
        self.history, self.stages, self.notes = self._record.history, self._record.stages, []
        self.field = self.samples = self.report = None
        self._film, self.looking = Film(), None
        self.message = ""

    def _set(self, status: TrainingStatus) -> None:
        self.status = status
        self.state_changed.emit()


def _demand(reason: str) -> None:
    if reason:
        raise UserError(reason)
