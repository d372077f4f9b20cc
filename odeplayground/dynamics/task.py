"""What the drivers are given, and where they put the results."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import msgspec
import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.kernels.batch import TOO_LARGE
from odeplayground.jobs.cancel import CancelToken


class Interpolant(Protocol):
    """A continuous extension of one step of a scipy solver."""

    def __call__(self, t: Floats) -> Floats:
        """States (n_states, k) at times (k,)."""


MakeInterpolant = Callable[[], Interpolant]


class NativeRecorder(Protocol):
    """Sees every accepted step of a kernel."""

    def record(self, lanes: Integers, t: Floats, step: Floats, t_new: Floats, pieces: Floats) -> None:
        """Steps of several trajectories, with the coefficients (p, n_states, k) of their continuous extension.

        How many they are depends on the method; see :func:`recorders.extension`. No step has ``t_new == t``.
        """


class StepRecorder(Protocol):
    """Sees every accepted step of scipy."""

    def record_step(self, lane: int, t: float, t_new: float, y_new: Floats, interpolant: MakeInterpolant) -> None:
        """A step of one trajectory, made by scipy, which can be asked at once for its continuous extension."""


class Recorder(NativeRecorder, StepRecorder, Protocol):
    """Sees every accepted step, whoever makes it."""


class Task(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """An initial value problem for m trajectories. Arrays per state have shape (n_states, 1)."""

    field: BoundField
    t0: float
    t1: float
    y0: Floats
    rtol: float = 1e-6
    atol: Floats = msgspec.field(default_factory=lambda: np.full((1, 1), 1e-9))
    step: float = 0.0
    """For the fixed-step methods."""
    max_step: float = math.inf
    """The longest step of the others."""
    max_steps: int = 100_000
    cancel: CancelToken | None = None

    @property
    def direction(self) -> float:
        return 1.0 if self.t1 > self.t0 else -1.0

    @property
    def cancelled(self) -> bool:
        return self.cancel is not None and self.cancel.cancelled

    def limits(self) -> Floats:
        """Where each trajectory counts as diverged, (m,)."""
        with np.errstate(over="ignore"):  # infinite for what begins almost there
            limits: Floats = TOO_LARGE * np.maximum(1.0, np.abs(self.y0).max(axis=0))
        return limits


def runs_away(t: Floats, y: Floats, slope: Floats) -> Flags:
    """Whether states grow so fast that they would double within the resolution of time.

    The slope is that in the direction in which the solution goes.
    """
    outwards = np.add.reduce(y * slope, axis=0)
    result: Flags = outwards * 1e-9 * np.maximum(np.abs(t), 1e-9) > np.add.reduce(y * y, axis=0)
    return result


def defined(values: Floats) -> Flags:
    """Which columns are finite."""
    result: Flags = np.logical_and.reduce(np.isfinite(values), axis=0)
    return result
