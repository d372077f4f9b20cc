"""Lyapunov exponents of a trajectory, on demand."""

from __future__ import annotations

import msgspec
import numpy as np

from odeplayground.jobs import Body, CancelToken, Done, Failed, Job, JobFactory, Progress, Runner
from odeplayground.session.equations import without_numbers
from odeplayground.session.request import Field
from odeplayground.session.signal import Signal
from odeplayground.spec import Experiment, Point, Status

EXPONENTS = "exponents"
"""The channel."""
_QUICK = 4.0
"""The first estimate averages over so many time spans; the last over thirty."""
_SURE = 3.0
"""An exponent of more than so many times its error is not zero,"""
_SMALL = 1e-3
"""nor one of more than this share of the largest."""


class Estimate(msgspec.Struct, frozen=True):
    """What is known of the exponents of a trajectory."""

    exponents: tuple[float, ...]
    errors: tuple[float, ...]
    final: bool
    message: str = ""
    """A sentence if there are none, or not all that was asked for."""

    @property
    def verdict(self) -> str:
        """What they mean, in a sentence; empty if there are none."""
        if not self.exponents or not np.isfinite(self.exponents).all():
            return ""
        signs = [self._sign(k) for k in range(len(self.exponents))]
        if signs[0] > 0:
            return f"Nearby states part exponentially: chaos. Kaplan–Yorke dimension {self._dimension:.3g}."
        zeros = signs.count(0)
        if zeros == 0:
            return "Nearby states come together: it ends at rest."
        if zeros == 1:
            return "Nearby states come together, but for a lag in time: a cycle."
        return "Several exponents are zero: a torus, or orbits that fill a region."

    def _sign(self, k: int) -> int:
        value, error = self.exponents[k], self.errors[k]
        least = max(_SURE * error, _SMALL * max(map(abs, self.exponents)))
        return 0 if not abs(value) > least else 1 if value > 0 else -1

    @property
    def _dimension(self) -> float:
        """Kaplan and Yorke (1979): whole exponents as long as their sum is not negative, and a share of the next."""
        sums = np.cumsum(self.exponents)
        whole = int(np.count_nonzero(sums >= 0))
        if whole == len(sums):
            return float(whole)
        return whole + float(sums[whole - 1] if whole else 0.0) / abs(self.exponents[whole])


class Exponents:
    """One question at a time; a new one ends the former."""

    changed = Signal(Estimate)

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def ask(self, experiment: Experiment, number: int) -> None:
        """Estimate the exponents of the trajectory with this number, of the typed equations."""
        field = Field(without_numbers(experiment.system), tuple(experiment.parameters.items()))
        self._runner.submit(EXPONENTS, _job(field, experiment.t_span, experiment.starts[number]))

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._runner.cancel(EXPONENTS)

    def handle(self, body: Body) -> None:
        """Take in a message of the channel."""
        if isinstance(body, Progress):
            self.changed.emit(body.event)
        elif isinstance(body, Done) and body.value is not None:
            self.changed.emit(body.value)
        elif isinstance(body, Failed):
            self.changed.emit(Estimate((), (), True, body.sentence))


def _job(field: Field, t_span: tuple[float, float], start: Point) -> JobFactory:
    def job(cancel: CancelToken) -> Job:
        from odeplayground import dynamics

        length = abs(t_span[1] - t_span[0])
        for time, final in ((_QUICK * length, False), (None, True)):
            found = dynamics.lyapunov(
                msgspec.structs.replace(field.system, t_span=t_span), start, field.parameters, time=time, cancel=cancel
            )
            good = found.status is Status.FINISHED
            exponents, errors = (tuple(map(float, row)) for row in (found.exponents, found.error))
            estimate = Estimate(exponents, errors, final or not good, "" if good else found.message)
            if estimate.final or cancel.cancelled:
                return estimate
            yield estimate
        return None

    return job
