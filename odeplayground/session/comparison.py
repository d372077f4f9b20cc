"""Compares a trained network with the true system in the background and puts the report into the document."""

from __future__ import annotations

import msgspec

from odeplayground.jobs import Body, Done, Failed, Progress, Runner
from odeplayground.session import edits
from odeplayground.session.document import Document
from odeplayground.session.signal import Signal
from odeplayground.session.training_job import comparison_job
from odeplayground.spec import Experiment, Report, TrainedRun

COMPARISON = "comparison"
"""The channel."""


class Comparison:
    """At most one comparison at a time."""

    changed = Signal()
    """``busy`` or ``message`` may be different now."""
    finished = Signal(TrainedRun, Report)

    def __init__(self, document: Document, runner: Runner) -> None:
        self._document = document
        self._runner = runner
        self._run: TrainedRun | None = None
        self.message = ""
        """Why there is no report, if it failed."""

    @property
    def busy(self) -> bool:
        """Whether a report is being computed."""
        return self._run is not None

    def start(self, experiment: Experiment, run: TrainedRun) -> None:
        """Compare a run with the system of the experiment that it was trained on."""
        self._run, self.message = run, ""
        self._runner.submit(COMPARISON, comparison_job(experiment, run))
        self.changed.emit()

    def cancel(self) -> None:
        """Nobody waits for the report any more."""
        if self._run is not None:
            self._run = None
            self._runner.cancel(COMPARISON)
            self.changed.emit()

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if isinstance(body, Progress) or self._run is None:
            return
        run, self._run = self._run, None
        if isinstance(body, Failed):
            self.message = f"The comparison failed. {body.sentence}"
        elif isinstance(body, Done):
            self._keep(run, body.value)
        self.changed.emit()

    def _keep(self, run: TrainedRun, report: Report) -> None:
        self.finished.emit(run, report)
        current = self._document.experiment
        if current.run == run:
            complete = msgspec.structs.replace(run, report=report)
            self._document.amend(edits.set_run(current, complete), "Compare")
