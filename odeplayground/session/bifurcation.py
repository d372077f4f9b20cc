"""Keeps the bifurcation diagram up to date with the document, while it is shown."""

from __future__ import annotations

from odeplayground.jobs import Body, Done, Failed, Progress, Runner
from odeplayground.session.bifurcation_job import diagram_job
from odeplayground.session.bifurcation_picture import Picture
from odeplayground.session.bifurcation_request import DiagramRequest, request_of, varied
from odeplayground.session.document import Document
from odeplayground.session.signal import Signal
from odeplayground.spec import Experiment

DIAGRAM = "diagram"
"""The channel."""


class Diagram:
    """At most one diagram at a time; the newest request wins.

    The picture of the last request stays until the next one has something to show; ``fresh`` tells which it is.
    """

    changed = Signal()
    """``picture``, ``fresh``, ``busy`` or ``message`` may be different now."""

    def __init__(self, document: Document, runner: Runner) -> None:
        self._document = document
        self._runner = runner
        self._request: DiagramRequest | None = None
        self.picture: Picture | None = None
        self.fresh = True
        """Whether the picture is for what the document says now."""
        self.busy = False
        self.message = ""
        """What went wrong, in a sentence; empty if nothing did."""
        document.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Compute what the document asks for, if that is not what there is or what is under way."""
        experiment = self._document.experiment
        if not experiment.diagram.shown:
            self._stop()
            return
        request = request_of(experiment, self._request)
        if request == self._request:
            return
        last, self._request = self._request, request
        self.message = ""
        if last is None or request is None or request.shape != last.shape:
            self.picture = None
        if request is None:
            self.busy, self.fresh = False, True
            self._runner.cancel(DIAGRAM)
        else:
            self.busy, self.fresh = True, False
            present = experiment.parameters[request.parameter]
            self._runner.submit(DIAGRAM, diagram_job(request, present))
        self.changed.emit()

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if self._request is None:
            return
        if isinstance(body, Progress):
            self._take(body.event)
        else:
            self.busy = False
            if isinstance(body, Failed):
                self.message = body.sentence
            elif isinstance(body, Done):
                self._take(body.value)
        self.changed.emit()

    @property
    def why_empty(self) -> str:
        """Why there is nothing to see, in a sentence; empty if there is something, or may be soon."""
        if varied(self._document.experiment) is None:
            return "There is no parameter to vary. Write b = 0.25 in the equations to get one."
        if self.picture is not None and not self.picture.empty:
            return ""
        if self.message:
            return self.message
        if self.busy or self.picture is None:
            return ""
        return self.picture.message

    @property
    def note(self) -> str:
        """What is being done, or what went wrong although there is a picture; mostly empty."""
        if self.message:
            return self.message
        if not self.busy:
            return ""
        return self.picture.message if self.picture is not None and self.fresh else "Computing…"

    def _take(self, picture: Picture) -> None:
        self.picture, self.fresh = picture, True

    def _stop(self) -> None:
        if self._request is not None:
            self._request, self.picture, self.busy, self.fresh, self.message = None, None, False, True, ""
            self._runner.cancel(DIAGRAM)
            self.changed.emit()

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        self.refresh()
