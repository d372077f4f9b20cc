"""Following the selected trajectory until it settles, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from odeplayground.jobs import Body, CancelToken, Done, Failed, Job, JobFactory, Runner
from odeplayground.session import time_edits
from odeplayground.session.document import Document
from odeplayground.session.errors import UserError
from odeplayground.session.playback import Playback
from odeplayground.session.signal import Signal
from odeplayground.spec import Experiment, Point, SolverSettings, Status, System

if TYPE_CHECKING:
    from odeplayground.dynamics.settle import Settled

STEADY = "steady"
"""The channel."""
_BEYOND = 0.15
"""So much of the time that it took is shown beyond it,"""
_PERIODS = 2
"""or so many periods of a cycle."""
_MOST_STATES = 4
"""Of more states the sentence does not tell the values."""


class SteadyRequest(msgspec.Struct, frozen=True):
    """Everything that has an influence on where the trajectory settles."""

    system: System
    values: tuple[tuple[str, float], ...]
    start: Point
    t_span: tuple[float, float]
    solver: SolverSettings


def request_of(experiment: Experiment) -> SteadyRequest:
    """For the selected trajectory."""
    return SteadyRequest(
        experiment.system,
        tuple(experiment.parameters.items()),
        experiment.starts[experiment.selected],
        experiment.t_span,
        experiment.solver,
    )


class Steady:
    """Runs at most one search. What settles brings the time there, with a longer time span if that takes one."""

    changed = Signal()
    """``busy`` is different now."""
    told = Signal(str)
    """Where it settled and when, or that it did not, in a sentence."""

    def __init__(self, document: Document, playback: Playback, runner: Runner) -> None:
        self._document = document
        self._playback = playback
        self._runner = runner
        self._request: SteadyRequest | None = None
        document.changed.connect(self._on_changed)

    @property
    def busy(self) -> bool:
        """Whether a search is under way."""
        return self._request is not None

    def start(self) -> None:
        """Follow the selected trajectory."""
        self._request = request_of(self._document.experiment)
        self._runner.submit(STEADY, steady_job(self._request))
        self.changed.emit()

    def stop(self) -> None:
        """Give up."""
        if self._request is not None:
            self._request = None
            self._runner.cancel(STEADY)
            self.changed.emit()

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if self._request is None or not isinstance(body, Done | Failed):
            return
        self._request = None
        self.changed.emit()
        if isinstance(body, Failed):
            self.told.emit(body.sentence)
            return
        settled: Settled = body.value
        experiment = self._document.experiment
        if settled.rest != "none":
            self._show(experiment, settled)
        self.told.emit(sentence(experiment, settled))

    def _show(self, experiment: Experiment, settled: Settled) -> None:
        begin = experiment.t_span[0]
        beyond = _BEYOND * (settled.time - begin)
        end = settled.time + max(beyond, _PERIODS * (settled.period or 0.0))
        try:
            self._document.apply(time_edits.extend(experiment, end), "To steady state")
        except UserError:
            return
        self._playback.pause()
        self._playback.seek(settled.time)

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if self._request is not None and request_of(new) != self._request:
            self.stop()


def steady_job(request: SteadyRequest) -> JobFactory:
    """A job that returns how the trajectory settles."""

    def job(cancel: CancelToken) -> Job:
        yield
        from odeplayground.dynamics.settle import settle

        return settle(
            request.system,
            request.t_span,
            request.start,
            dict(request.values),
            method=request.solver.method,
            cancel=cancel,
        )

    return job


def sentence(experiment: Experiment, settled: Settled) -> str:
    """What was found, such as "It settles at an equilibrium after 70.8 s: theta = 0, omega = 0."."""
    unit = experiment.units.get("t", "")
    after = f"{settled.time - experiment.t_span[0]:.3g} {unit}".rstrip()
    if settled.rest == "equilibrium":
        states = zip(experiment.system.states, settled.state, strict=True)
        values = ", ".join(f"{name} = {_value(experiment, float(value))}" for name, value in states)
        where = f": {values}" if len(experiment.system.states) <= _MOST_STATES else ""
        return f"It settles at an equilibrium after {after}{where} (to within 0.01 % of its way)."
    if settled.rest == "cycle":
        period = f"{settled.period:.4g} {unit}".rstrip()
        if settled.time <= experiment.t_span[0]:
            return f"It repeats itself from the start, with a period of {period}."
        return f"It settles on a cycle with a period of {period} after {after} (to within 0.01 % of its way)."
    if settled.status in (Status.FINISHED, Status.STEP_LIMIT):
        return f"It does not settle within {after}: it is chaotic, has several rhythms, or is very slow."
    return f"It does not settle. {settled.message}"


def _value(experiment: Experiment, value: float) -> str:
    """Rounded, and what is left of a decay as zero."""
    largest = max((abs(number) for number in experiment.starts[experiment.selected]), default=0.0)
    return "0" if abs(value) < 1e-4 * largest else f"{value:.4g}"
