"""Spectrum and delay picture of the selected trajectory, computed in the background while they are looked at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from odeplayground.jobs import Body, CancelToken, Done, Failed, Job, JobFactory, Runner
from odeplayground.session import series
from odeplayground.session.document import Document
from odeplayground.session.scene import Floats
from odeplayground.session.series import Row
from odeplayground.session.series_edits import t_range
from odeplayground.session.signal import Signal
from odeplayground.spec import Experiment, SeriesPicture, SolverSettings, View

if TYPE_CHECKING:
    from odeplayground.dynamics.spectrum import Peak  # the numerics load after the window has been painted

ANALYSIS = "analysis"
"""The channel."""
SAMPLES = 8192
"""Evenly spaced samples of the solver's dense output."""
LONGEST_DELAY = 0.5
"""As a share of the samples: beyond, too little is left to draw."""
_NOISE = 1e-3
"""Frequencies are shown up to the last that is at least this strong, as a share of the strongest."""
_FEWEST_BINS = 12
_NO_VIEW = View("", "", (0.0, 1.0), (0.0, 1.0))


class SpectrumPicture(msgspec.Struct, frozen=True, eq=False):
    """Amplitudes (n_rows, k) over frequencies (k,), and the peak of each row."""

    rows: tuple[Row, ...]
    frequency: Floats
    amplitude: Floats
    peaks: tuple[Peak | None, ...]
    highest: float
    """Up to here there is something to see."""
    span: tuple[float, float]
    """The times that it is of."""
    note: str = ""

    @property
    def resolution(self) -> float:
        """1 / T."""
        return float(self.frequency[1])


class DelayPicture(msgspec.Struct, frozen=True, eq=False):
    """Points (k, 2) of a row and of the same row one delay earlier."""

    row: Row
    points: Floats
    delay: float
    suggested: float
    longest: float
    begin: float
    """Time of the first sample; the first point is one delay later."""
    step: float
    """Between two samples, and so between two points."""
    note: str = ""


Picture = SpectrumPicture | DelayPicture


class AnalysisRequest(msgspec.Struct, frozen=True):
    """Everything that a picture is computed from."""

    experiment: Experiment
    """Reduced to what has an influence."""
    picture: SeriesPicture
    rows: tuple[Row, ...]
    span: tuple[float, float]
    delay: float | None


def request_of(experiment: Experiment) -> AnalysisRequest | None:
    """What the document asks for; ``None`` while the series themselves are shown."""
    settings = experiment.series
    if settings.picture is SeriesPicture.SERIES:
        return None
    rows = series.shown(experiment)
    if settings.picture is SeriesPicture.DELAY:
        rows = (delayed_row(experiment),)
    plain = tuple(msgspec.structs.replace(row, log=False) for row in rows)
    bare = Experiment(
        name="",
        text="",
        system=experiment.system,
        starts=(experiment.starts[experiment.selected],),
        view=_NO_VIEW,
        values=experiment.parameters,
        solver=msgspec.structs.replace(experiment.solver, t_span=experiment.t_span),
    )
    delay = settings.delay if settings.picture is SeriesPicture.DELAY else None
    return AnalysisRequest(bare, settings.picture, plain, t_range(experiment), delay)


def delayed_row(experiment: Experiment) -> Row:
    """The row that is drawn against its past."""
    rows = series.rows(experiment)
    return next((row for row in rows if row.name == experiment.series.delayed), rows[0])


class Analysis:
    """At most one picture at a time; the newest request wins. The last picture stays until there is another."""

    changed = Signal()
    """``picture``, ``busy`` or ``message`` may be different now."""

    def __init__(self, document: Document, runner: Runner) -> None:
        self._document = document
        self._runner = runner
        self._request: AnalysisRequest | None = None
        self._started = False
        self.picture: Picture | None = None
        self.busy = False
        self.message = ""
        """Why there is no picture, in a sentence; empty if there is one or it is on its way."""
        document.changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Compute what the document asks for, if that is not what there is. Before the first call nothing happens."""
        self._started = True
        request = request_of(self._document.experiment)
        if request == self._request:
            return
        last, self._request = self._request, request
        self.message = ""
        if request is None or last is None or (last.picture, last.rows) != (request.picture, request.rows):
            self.picture = None
        self.busy = request is not None
        if request is None:
            self._runner.cancel(ANALYSIS)
        else:
            self._runner.submit(ANALYSIS, analysis_job(request))
        self.changed.emit()

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if self._request is None:
            return
        if isinstance(body, Done):
            self.busy = False
            if isinstance(body.value, str):
                self.picture, self.message = None, body.value
            else:
                self.picture = body.value
        elif isinstance(body, Failed):
            self.busy, self.picture, self.message = False, None, body.sentence
        self.changed.emit()

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if self._started:
            self.refresh()


def analysis_job(request: AnalysisRequest) -> JobFactory:
    """A job that returns a picture, or a sentence that says why there is none."""

    def job(cancel: CancelToken) -> Job:
        yield
        from odeplayground.dynamics.spectrum import FEWEST

        times, values, note = _sampled(request, cancel)
        if times.size < FEWEST:
            return note or "There are too few points to look at. Choose a longer time span."
        if request.picture is SeriesPicture.SPECTRUM:
            return _spectrum(request, times, values, note)
        return _delay(request, times, values[0], note)

    return job


def _sampled(request: AnalysisRequest, cancel: CancelToken) -> tuple[Floats, Floats, str]:
    """Evenly spaced times (n,), the rows there (n_rows, n), and a sentence about what is missing."""
    from odeplayground import dynamics

    experiment = request.experiment
    solver: SolverSettings = experiment.solver
    begin = experiment.t_span[0]
    low, high = request.span
    solution = dynamics.simulate(
        experiment.system,
        (begin, high),
        experiment.starts[0],
        experiment.parameters,
        np.linspace(low, high, SAMPLES),
        solver.method,
        solver.rtol,
        solver.atol,
        step=solver.step,
        max_step=solver.max_step,
        cancel=cancel,
    )
    values = np.array([series.values(experiment, row, solution.t, solution.y) for row in request.rows])
    bad = np.flatnonzero(~np.isfinite(values).all(axis=0))
    n = int(bad[0]) if bad.size else solution.t.size
    note = ""
    if n < SAMPLES:
        last = solution.t[n - 1] if n else low
        note = f"Only up to t = {last:.4g}: {solution.message if n == solution.t.size else 'there is no value beyond.'}"
    return solution.t[:n], values[:, :n], note


def _spectrum(request: AnalysisRequest, times: Floats, values: Floats, note: str) -> SpectrumPicture:
    from odeplayground.dynamics.spectrum import spectrum

    found = spectrum(values, float(times[1] - times[0]))
    return SpectrumPicture(
        request.rows,
        found.frequency,
        found.amplitude,
        found.peaks,
        _highest(found.frequency, found.amplitude),
        (float(times[0]), float(times[-1])),
        note,
    )


def _highest(frequency: Floats, amplitude: Floats) -> float:
    """The last frequency that is not lost beside the strongest of its row (the mean left out), with some room."""
    relative = amplitude / np.maximum(amplitude[:, 2:].max(axis=1, keepdims=True), 1e-300)
    loud = np.flatnonzero((relative > _NOISE).any(axis=0))
    last = max(int(loud[-1]) if loud.size else 0, _FEWEST_BINS)
    return float(frequency[min(math.ceil(1.1 * last), frequency.size - 1)])


def _delay(request: AnalysisRequest, times: Floats, signal: Floats, note: str) -> DelayPicture:
    from odeplayground.dynamics.delay import embedded, suggested_delay

    step = float(times[1] - times[0])
    suggested = step * suggested_delay(signal)
    longest = LONGEST_DELAY * step * (times.size - 1)
    delay = min(suggested if request.delay is None else request.delay, longest)
    points = embedded(signal, step, delay)
    return DelayPicture(request.rows[0], points, delay, suggested, longest, float(times[0]), step, note)
