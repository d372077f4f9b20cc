"""What the solvers share: settings, watchers, times as tensors, how a solve ends early.

Times, step sizes and coefficients are Python floats; they become tensors only where a field receives a time, or where
a gradient with respect to the times is wanted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from odeplayground.neural.errors import SolveError
from odeplayground.spec import Status

Field = Callable[[Tensor, Tensor], Tensor]
Norm = Callable[[Tensor], Tensor]
Tolerance = float | Tensor
Weight = float | Tensor


def rms(x: Tensor) -> Tensor:
    """Root mean square of all elements."""
    norm: Tensor = torch.linalg.vector_norm(x)
    return norm / math.sqrt(x.numel() or 1)


@dataclass(frozen=True)
class Control:
    """How steps are chosen. ``step`` is the largest step of fixed-step methods; ``None``: from output to output.

    ``sensitive`` asks for steps that resolve perturbations of the trajectory too, because gradients will follow them.
    """

    rtol: Tolerance = 1e-7
    atol: Tolerance = 1e-9
    norm: Norm = rms
    step: float | None = None
    grid: tuple[float, ...] = ()
    perturb: bool = False
    first_step: float | None = None
    min_step: float = 0.0
    max_step: float = math.inf
    safety: float = 0.9
    ifactor: float = 10.0
    dfactor: float = 0.2
    max_steps: int = 100_000
    stops: tuple[float, ...] = ()
    jumps: tuple[float, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True)
class Step:
    """An accepted step from ``t`` by ``h`` to ``end``, with the states and derivatives of its stages.

    ``states`` and ``slopes`` have shape (stages, *state); they are buffers that the next step overwrites.
    ``broken`` says that the field jumps at ``end``: the last derivative is not the first one of the next step.
    """

    t: float
    h: float
    end: float
    states: Tensor
    slopes: Tensor
    new: Tensor
    broken: bool = False


class Watcher:
    """Hears of every step; the default does nothing."""

    def begun(self, t: float, y: Tensor, h: float) -> None:
        """A step of size ``h`` will be tried."""

    def accepted(self, step: Step) -> None:
        """A step was taken."""

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        """A step of size ``h`` was too large."""


def combine(y: Tensor, ks: list[Tensor], weights: tuple[float, ...], h: Weight) -> Tensor:
    """Return y + h * sum(weights[j] * ks[j])."""
    pairs = [(k, w) for k, w in zip(ks, weights, strict=False) if w]
    if not pairs:
        return y
    if not isinstance(h, float):
        return y + h * sum(w * k for k, w in pairs)
    k, w = pairs[0]
    result = torch.add(y, k, alpha=h * w)
    for k, w in pairs[1:]:
        result.add_(k, alpha=h * w)  # allowed under autograd: an addition saves nothing
    return result


class Clock:
    """Makes the scalar tensors of time that the field receives, in the type of the state.

    All adaptive steps move along with the first time when gradients of the times are wanted.
    """

    def __init__(self, t: Tensor, y: Tensor) -> None:
        self.tracked = t.requires_grad and torch.is_grad_enabled()
        self.t = t
        self._first = float(t[0].detach())
        self._dtype, self._device = y.dtype, y.device

    def at(self, time: Weight, side: int = 0) -> Tensor:
        """``time`` as a tensor; ``side`` asks for the nearest number before or after it."""
        if isinstance(time, Tensor):
            now = time.to(self._dtype)
        elif self.tracked:
            now = (self.t[0] + (time - self._first)).to(self._dtype)
        else:
            now = torch.scalar_tensor(time, dtype=self._dtype, device=self._device)
        if side:
            nudged = torch.nextafter(now.detach(), torch.full_like(now, side * math.inf))
            now = now + (nudged - now.detach())
        return now


def stopped(status: Status, time: float, outputs: Tensor, sentence: str) -> SolveError:
    """The error to raise when a solve ends early."""
    return SolveError(f"The solve stopped at t = {time:g}. {sentence}", status, outputs)
