"""Compares a trained network with the true system in the background and puts the report into the document."""

from __future__ import annotations

import msgspec

from odeplayground.jobs import Body, Done, Failed, Progress, Runner
from odeplayground.session import edits
from odeplayground.session.document import Document
from odeplayground.session.signal import Signal
from odeplayground.session.training_job import comparison_job
from odeplayground.spec import Experiment, Report, System, TrainedRun

COMPARISON = "comparison"
"""The channel."""
UNKNOWN = "Made in an earlier session: the file does not say for which equations and parameter values."
"""Of a report that was read from a file."""


class Basis(msgspec.Struct, frozen=True):
    """What a report was made with."""

    report: Report
    system: System
    parameters: dict[str, float]


class Comparison:
    """At most one comparison at a time."""

    changed = Signal()
    """``busy`` or ``message`` may be different now."""
    finished = Signal(TrainedRun, Report)

    def __init__(self, document: Document, runner: Runner) -> None:
        self._document = document
        self._runner = runner
        self._run: TrainedRun | None = None
        self._experiment: Experiment | None = None
        self._bases: list[Basis] = []
        self.message = ""
        """Why there is no report, if it failed."""

    @property
    def busy(self) -> bool:
        """Whether a report is being computed."""
        return self._run is not None

    def start(self, experiment: Experiment, run: TrainedRun) -> None:
        """Compare a run with the system of the experiment that it was trained on."""
        self._run, self._experiment, self.message = run, experiment, ""
        self._runner.submit(COMPARISON, comparison_job(experiment, run))
        self.changed.emit()

    def basis(self, report: Report) -> Basis | None:
        """What a report was made with; ``None`` if that was in an earlier session.

        Found by identity, so that undo and redo keep it: equal reports can come from different systems.
        """
        return next((basis for basis in self._bases if basis.report is report), None)

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
        experiment = self._experiment
        assert experiment is not None
        self._bases.append(Basis(report, experiment.system, experiment.parameters))
        self.finished.emit(run, report)
        current = self._document.experiment
        if current.run == run:
            complete = msgspec.structs.replace(run, report=report)
            self._document.amend(edits.set_run(current, complete), "Compare")


def differences(basis: Basis, experiment: Experiment) -> str:
    """A sentence about what a report was made with, as far as the experiment differs from it now; else empty."""
    if _equations(basis.system) != _equations(experiment.system):
        return "This is for the equations as they were when it was trained."
    now = experiment.parameters
    changed = [f"{name} = {value:.4g}" for name, value in basis.parameters.items() if value != now[name]]
    return f"This is for {', '.join(changed)}, as it was trained." if changed else ""


def _equations(system: System) -> tuple[object, ...]:
    """All that the right-hand sides depend on but the values of the parameters."""
    sides = tuple((variable.name, variable.rhs) for variable in system.variables)
    return sides, system.definitions, system.parameters
