"""What the explicit Runge-Kutta solvers with fixed and with adaptive steps share.

Everything is built from out-of-place operations on the state, so the same code serves plain autograd ("direct"
gradients) and, under ``no_grad``, both directions of the adjoint method. Times, step sizes and coefficients are
Python floats; they become tensors only where a gradient with respect to the times is wanted.
"""

from __future__ import annotations

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
    return x.square().mean().sqrt()


@dataclass(frozen=True)
class Control:
    """How steps are chosen. ``step`` is the largest step of fixed-step methods; ``None``: from output to output."""

    rtol: Tolerance = 1e-7
    atol: Tolerance = 1e-9
    norm: Norm = rms
    step: float | None = None
    first_step: float | None = None
    max_steps: int = 100_000


class Watcher:
    """Hears of every step; the default does nothing."""

    def accepted(self, t: float, y: Tensor, h: float) -> None:
        """A step of size ``h`` ended in state ``y`` at time ``t``."""

    def discarded(self) -> None:
        """All evaluations of this step but the first are void: it was rejected, or they only helped to choose it."""


def combine(y: Tensor, ks: list[Tensor], weights: tuple[float, ...], h: Weight) -> Tensor:
    """Return y + h * sum(weights[j] * ks[j])."""
    pairs = [(k, w) for k, w in zip(ks, weights, strict=False) if w]
    if not isinstance(h, float):
        return y + h * sum(w * k for k, w in pairs)
    k, w = pairs[0]
    result = torch.add(y, k, alpha=h * w)
    for k, w in pairs[1:]:
        result.add_(k, alpha=h * w)  # allowed under autograd: an addition saves nothing
    return result


class Clock:
    """Makes the scalar tensors of time that the field receives."""

    def __init__(self, t: Tensor) -> None:
        self.tracked = t.requires_grad and torch.is_grad_enabled()
        self._t = t

    def at(self, time: Weight) -> Tensor:
        """``time`` as a tensor; a tracked one passes through."""
        return (
            time if isinstance(time, Tensor) else torch.scalar_tensor(time, dtype=self._t.dtype, device=self._t.device)
        )


def stopped(status: Status, time: float, outputs: list[Tensor], sentence: str) -> SolveError:
    """The error to raise when a solve ends early."""
    return SolveError(f"The solve stopped at t = {time:g}. {sentence}", status, torch.stack(outputs))
