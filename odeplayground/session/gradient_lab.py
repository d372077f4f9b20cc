"""The gradient lab: what is studied in the background, and what is known of it so far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from odeplayground.jobs import Body, CancelToken, Done, Failed, Job, JobFactory, Progress, Runner
from odeplayground.session.document import Document
from odeplayground.session.signal import Signal
from odeplayground.spec import AnySystem, Samples

if TYPE_CHECKING:
    from odeplayground.neural.audit import Row as Row
    from odeplayground.neural.lab.both_ways import BothWays as BothWays
    from odeplayground.neural.lab.costs import Cost as Cost
    from odeplayground.neural.lab.residual import ResidualStudy as ResidualStudy

GRADIENT_LAB = "gradient-lab"
"""The channel."""
EXPONENTS = tuple(range(-3, -10, -1))
"""Of the tolerances that are studied, as powers of ten."""
PULLS = (0.0, 5.0)
"""Range of the rate at which the random field contracts."""
CHECKS = ("finite differences", "forward sensitivities")
"""Ways of the audit that confirm its reference, at tolerances of their own."""
FIRST_PULL = 2.0
FIRST_EXPONENT = -5

Source = Literal["random", "learned"]


class Subject(msgspec.Struct, frozen=True):
    """Which field is studied: a random one with this seed and contraction, or a learned one with its samples."""

    seed: int = 0
    pull: float = FIRST_PULL
    field: AnySystem | None = None
    samples: Samples | None = None

    @property
    def source(self) -> Source:
        return "random" if self.field is None else "learned"


class Findings:
    """What is known of a subject, by exponent of the tolerance where it depends on that."""

    def __init__(self) -> None:
        self.pure: dict[int, BothWays] = {}
        """Nothing restored on the way back."""
        self.restored: dict[int, BothWays] = {}
        """The states at the times of the loss restored."""
        self.exact: BothWays | None = None
        self.residual: ResidualStudy | None = None
        self.costs: dict[int, tuple[Cost, ...]] = {}
        self.errors: dict[str, dict[str, dict[int, float]]] = {}
        """By way, block and exponent: relative difference from the reference. Checks that have one tolerance of their
        own are at exponent 0."""

    def enter(self, kind: str, found: Any) -> None:
        """Take in what a study found; ``kind`` is one of ``neural.lab.study``."""
        if kind == "ways":
            pure, restored = found
            at = exponent(pure.tolerance)
            self.pure[at], self.restored[at] = pure, restored
        elif kind == "exact":
            self.exact = found
        elif kind == "residual":
            self.residual = found
        elif kind == "costs":
            self.costs[exponent(found[0].tolerance)] = found
        else:
            self._enter_rows(found.rows)

    def _enter_rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            at = 0 if row.mode in CHECKS else exponent(row.tolerance)
            self.errors.setdefault(row.mode, {}).setdefault(row.block, {})[at] = row.error

    @property
    def blocks(self) -> tuple[str, ...]:
        """Names of the blocks of the gradient, in order."""
        ways: Mapping[str, Mapping[str, Any]] = self.errors
        return tuple(next(iter(ways.values()))) if ways else ()


class GradientLab:
    """Studies one subject at a time; a new one ends the study before. Older findings stay until the first new one."""

    changed = Signal()
    """``subject``, ``findings``, ``busy`` or ``message`` are different now."""

    def __init__(self, document: Document, runner: Runner) -> None:
        self._document = document
        self._runner = runner
        self._stale = False
        self.subject = Subject()
        self.findings = Findings()
        self.busy = False
        self.message = ""
        """Why a study ended early; else empty."""

    @property
    def why_not_learned(self) -> str:
        """Why there is no learned field to study; empty if there is one."""
        return "" if self._document.experiment.run else "There is no learned field yet. Train a network first."

    def study(self, source: Source, seed: int, pull: float, first: int = FIRST_EXPONENT) -> None:
        """Study a field; the tolerance 10**first comes before the others."""
        run = self._document.experiment.run
        if source == "learned" and run is not None:
            self.subject = Subject(seed, pull, run.field, run.samples)
        else:
            self.subject = Subject(seed, pull)
        self._stale, self.busy, self.message = True, True, ""
        self._runner.submit(GRADIENT_LAB, study_job(self.subject, first))
        self.changed.emit()

    def stop(self) -> None:
        """Nobody looks any more."""
        if self.busy:
            self.busy = False
            self._runner.cancel(GRADIENT_LAB)
            self.changed.emit()

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if isinstance(body, Progress):
            if self._stale:
                self.findings, self._stale = Findings(), False
            self.findings.enter(*body.event)
        elif isinstance(body, Done | Failed):
            self.busy = False
            self.message = body.sentence if isinstance(body, Failed) else ""
        self.changed.emit()


def study_job(subject: Subject, first: int) -> JobFactory:
    """A job that yields pairs for :meth:`Findings.enter`."""

    def job(cancel: CancelToken) -> Job:
        from odeplayground.neural.errors import SolveError
        from odeplayground.neural.lab.study import study
        from odeplayground.neural.lab.subject import learned_subject, random_subject

        if subject.field is not None and subject.samples is not None:
            found = learned_subject(subject.field, subject.samples)
        else:
            found = random_subject(subject.seed, subject.pull)
        try:
            yield from study(found, 10.0**first)
        except SolveError as error:
            raise ValueError(f"The field cannot be solved over the time of its samples. {error}") from None

    return job


def exponent(tolerance: float) -> int:
    """Of a power of ten."""
    return round(math.log10(tolerance))
