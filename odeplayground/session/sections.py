"""Keeps the Poincaré sections of all views up to date."""

from __future__ import annotations

from odeplayground.jobs import Body, Failed, Progress, Runner
from odeplayground.session import layers, view_edits
from odeplayground.session.document import Document
from odeplayground.session.equations import without_numbers
from odeplayground.session.portrait_job import rested
from odeplayground.session.request import Field
from odeplayground.session.section_job import SectionPoints, SectionRequest, section_job
from odeplayground.session.signal import Signal
from odeplayground.session.simulation import Simulation
from odeplayground.spec import Experiment, FieldMode, Layer

CHANNELS = {f"section {number}": number for number in range(view_edits.MOST_VIEWS)}
_REST = 0.12
"""Seconds without an edit before a section begins: a drag leaves no time for one."""


class Sections:
    """The points appear bit by bit. While those of another value are on their way, the former are told to be old."""

    changed = Signal(int)
    """There are more points, or other ones, in the view with this number."""

    problem = Signal(str)

    def __init__(self, document: Document, simulation: Simulation, runner: Runner) -> None:
        self._document = document
        self._simulation = simulation
        self._runner = runner
        self._wanted: dict[int, SectionRequest] = {}
        self._points: dict[int, SectionPoints] = {}
        self._started = False
        document.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Begin to compute."""
        self._started = True
        self._update()

    def points(self, number: int) -> SectionPoints | None:
        """What there is to draw in a view."""
        return self._points.get(number)

    def is_old(self, number: int) -> bool:
        """Whether the points belong to what was before the last edits."""
        points = self._points.get(number)
        return points is not None and points.request != self._wanted.get(number)

    def handle(self, channel: str, body: Body) -> None:
        """Take in a message of one of ``CHANNELS``."""
        number = CHANNELS[channel]
        if isinstance(body, Progress) and number in self._wanted:
            self._points[number] = body.event
            self.changed.emit(number)
        elif isinstance(body, Failed):
            self.problem.emit(body.sentence)

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if self._wanted or new.view.section or any(view.section for view in new.beside):
            self._update()

    def _update(self) -> None:
        if not self._started:
            return
        experiment = self._document.experiment
        for channel, number in CHANNELS.items():
            wanted = self._request(experiment, number)
            if wanted == self._wanted.get(number):
                continue
            if wanted is None:
                self._wanted.pop(number)
                self._points.pop(number, None)
                self._runner.cancel(channel)
            else:
                self._wanted[number] = wanted
                self._runner.submit(channel, rested(section_job(wanted), _REST))
            self.changed.emit(number)

    def _request(self, experiment: Experiment, number: int) -> SectionRequest | None:
        """What a view wants; ``None`` if nothing, or nothing that could be."""
        if number >= view_edits.count(experiment):
            return None
        seen = view_edits.seen(experiment, number)
        if not seen.view.section or layers.why_not(seen, Layer.SECTION):
            return None
        field = Field(without_numbers(seen.system), tuple(seen.parameters.items()))
        learned = self._simulation.learned_field(seen) if seen.view.mode is FieldMode.LEARNED else None
        return SectionRequest(
            field=Field(learned) if learned is not None else field,
            system=without_numbers(seen.system),
            t_span=seen.t_span,
            start=seen.starts[seen.selected],
            cut=seen.view.cut,
        )
