"""The selected trajectory as it would be with another set of values, to be compared with the present one."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from odeplayground.jobs import Body, CancelToken, Done, Job, Runner
from odeplayground.session import exports, slider_edits
from odeplayground.session.document import Document
from odeplayground.session.equations import without_numbers
from odeplayground.session.scene import Trajectory
from odeplayground.session.signal import Signal
from odeplayground.spec import Experiment

GHOST = "ghost"
"""The channel."""
POINTS = 2000


class Ghost:
    """Computed while a snapshot is compared; nothing otherwise."""

    changed = Signal()

    def __init__(self, document: Document, runner: Runner) -> None:
        self._document = document
        self._runner = runner
        self._key: Hashable = None
        self.curve: Trajectory | None = None
        document.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Compute what is missing. To be called once at the start."""
        experiment = self._document.experiment
        name = experiment.controls.compared
        wanted = slider_edits.with_values(experiment, name) if name else None
        key = None if wanted is None else _key(wanted)
        if key == self._key:
            return
        self._key = key
        if wanted is None:
            self._runner.cancel(GHOST)
            self._show(None)
            return

        def job(cancel: CancelToken) -> Job:
            yield
            return _solved(wanted, cancel)

        self._runner.submit(GHOST, job)

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if isinstance(body, Done):
            self._show(body.value)

    def _show(self, curve: Trajectory | None) -> None:
        if curve is not self.curve:
            self.curve = curve
            self.changed.emit()

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if new.controls.compared or self._key is not None:
            self.refresh()


def _key(experiment: Experiment) -> Hashable:
    values = tuple(experiment.parameters.items())
    start = experiment.starts[experiment.selected]
    return without_numbers(experiment.system), values, start, experiment.t_span, experiment.solver


def _solved(experiment: Experiment, cancel: CancelToken) -> Trajectory:
    solution = exports.solve(experiment, cancel)
    t = np.linspace(solution.t[0], solution.t[-1], POINTS)
    return Trajectory(t, solution(t), status=solution.status, message="")
