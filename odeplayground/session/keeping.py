"""Keeps the document of one window for the next start, and finds what earlier windows have kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from odeplayground.jobs import Body, CancelToken, Failed, Job, Progress, Runner
from odeplayground.session import files
from odeplayground.session.document import Document
from odeplayground.session.signal import Signal
from odeplayground.spec import Experiment
from odeplayground.storage import project, recovery
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.recovery import About, Kept, Slot

log = logging.getLogger(__name__)

__all__ = ["RECOVERY", "Keeper", "Kept", "closed", "give_up", "left_open", "lost"]

RECOVERY = "recovery"
"""The channel."""


class Keeper:
    """One window's file of its own, apart from the project that it may have."""

    problem = Signal(str)

    def __init__(self, document: Document, runner: Runner, so_far: Callable[[], Experiment] | None = None) -> None:
        """``so_far``: the document with what a training has reached; the same object while that is the same."""
        self._document = document
        self._so_far = so_far or (lambda: document.experiment)
        self._runner = runner
        self._slot = Slot()
        self._kept: Experiment | None = None
        self._fails = False
        self.geometry = ""
        """Where the window is; opaque here."""

    def restore(self, kept: Kept) -> bool:
        """Go on with what a window has kept; whether it could be read."""
        experiment = self._slot.take(kept)
        if experiment is None:
            return False
        path = Path(kept.about.path) if kept.about.path else None
        untouched = path is None and files.is_untouched_preset(experiment)
        self._kept = experiment
        self.geometry = kept.about.geometry
        self._document.replace(experiment, path, saved=untouched or _holds(path, experiment))
        return True

    def autosave(self) -> None:
        """Keep the document for the next start if it has changed. To be called every few seconds; costs nothing."""
        experiment = self._so_far()
        if experiment is self._kept:
            return
        self._kept = experiment
        about, slot = self._about(experiment), self._slot

        def job(cancel: CancelToken) -> Job:
            yield
            slot.write(experiment, about)

        self._runner.submit(RECOVERY, job)

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if isinstance(body, Progress):
            return
        if isinstance(body, Failed) and not self._fails:  # told once, not every few seconds
            self.problem.emit(f"Your work cannot be kept for the next start. {body.sentence}")
        self._fails = isinstance(body, Failed)

    def end(self) -> None:
        """Keep the document for the last time. To be called when all work has ended."""
        try:
            experiment = self._document.experiment
            self._slot.write(experiment, self._about(experiment, ended=True))
        except FileProblem as error:
            log.error("The document could not be kept: %s", error)
        self._slot.leave()

    def _about(self, experiment: Experiment, ended: bool = False) -> About:
        path = self._document.path
        trains = experiment is not self._document.experiment
        epoch = experiment.run.best_epoch if trains and experiment.run is not None else 0
        edited = self._document.dirty or trains
        return About(path=str(path) if path else "", ended=ended, edited=edited, geometry=self.geometry, epoch=epoch)


def left_open() -> list[Kept]:
    """The windows with which the program ended last."""
    return recovery.last_session(recovery.waiting())


def lost() -> list[Kept]:
    """The windows that a crash took away, the newest first."""
    return recovery.lost(recovery.waiting())


def closed() -> list[Kept]:
    """Windows that were closed, the newest first."""
    return recovery.closed(recovery.waiting())


def give_up(kept: Kept) -> None:
    """Do not offer this one again; it can still be opened as a closed window."""
    recovery.give_up(kept)


def _holds(path: Path | None, experiment: Experiment) -> bool:
    try:
        return path is not None and project.open(path) == experiment
    except FileProblem:
        return False
