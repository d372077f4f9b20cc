"""Multiple shooting: solve from many starts over short windows, and compare with the samples.

The starts are unknowns too, because samples are noisy; they begin on the smoothed curves. Bock 1983.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from odeplayground.neural.adam import Adam
from odeplayground.neural.adjoint import odeint_adjoint
from odeplayground.neural.models import ScaledField
from odeplayground.neural.odeint import odeint
from odeplayground.neural.preparation import Batch
from odeplayground.spec import Gradient

GROUPS = 4
"""Batches with different times per epoch, in turns; usually there is one."""
START_RATE = 0.1
"""Learning rate of the starts, relative to that of the weights."""
LARGEST_NORM = 1.0
"""Longer gradients are shortened to this."""


class Shooting:
    """One stage: windows of one length, with an optimiser for the weights and one per batch for the starts."""

    def __init__(self, field: ScaledField, batches: Sequence[Batch], gradient: Gradient, substeps: int) -> None:
        self._field = field
        self._batches = batches
        self._starts = [batch.start.clone().requires_grad_() for batch in batches]
        self._solve = odeint_adjoint if gradient is Gradient.ADJOINT else odeint
        self._parameters = list(field.parameters())
        self._substeps = substeps
        self._turn = 0
        self.forget()

    def forget(self) -> None:
        """Begin the optimisers anew."""
        self._adam = Adam(self._parameters)
        self._start_adams = [Adam([start]) for start in self._starts]

    @property
    def evaluations(self) -> int:
        """Evaluations of the field per epoch, one way."""
        lengths = sorted((len(batch.t) for batch in self._batches), reverse=True)[:GROUPS]
        return sum(4 * self._substeps * (length - 1) for length in lengths)

    def epoch(self, rate: float) -> tuple[float, float]:
        """One step of Adam; returns the loss before it and the norm of its gradient.

        Raises:
            SolveError: the network's solution diverged. Nothing has changed then.
            FloatingPointError: the loss or the gradient is not finite. Nothing has changed then.
        """
        n = len(self._batches)
        turn = [(self._turn + i) % n for i in range(min(GROUPS, n))]
        self._turn = (self._turn + len(turn)) % n
        total = sum(float(self._batches[i].weight.sum()) for i in turn)
        pieces = [self._gradients(i, total) for i in turn]
        gradients = [torch.stack(parts).sum(dim=0) for parts in zip(*(g for _, g, _ in pieces), strict=True)]
        loss = sum(part for part, _, _ in pieces)
        norm = torch.stack([g.square().sum() for g in gradients]).sum().sqrt().item()
        if not math.isfinite(loss) or not math.isfinite(norm):
            raise FloatingPointError("The loss or its gradient is not finite.")
        shrink = min(1.0, LARGEST_NORM / max(norm, 1e-12))
        self._adam.step([g * shrink for g in gradients], rate)
        for i, (_, _, start_gradient) in zip(turn, pieces, strict=True):
            self._start_adams[i].step([start_gradient * shrink], rate * START_RATE)
        return loss, norm

    def _gradients(self, i: int, total: float) -> tuple[float, list[Tensor], Tensor]:
        batch, start = self._batches[i], self._starts[i]
        y = self._solve(self._field, start, batch.t, method="rk4", options=step_options(batch, self._substeps))
        loss = ((y - batch.y).square() * batch.weight).sum() / (total * y.shape[-1])
        *weights, start_gradient = torch.autograd.grad(loss, [*self._parameters, start])
        return loss.item(), weights, start_gradient


@torch.no_grad()
def judge(field: ScaledField, batches: Sequence[Batch], substeps: int) -> float:
    """Mean square of the normalised residuals of windows that start from the smoothed curves.

    Raises:
        SolveError: the network's solution diverged.
    """
    squares = weights = 0.0
    for batch in batches:
        y = odeint(field, batch.start, batch.t, method="rk4", options=step_options(batch, substeps))
        squares += ((y - batch.y).square() * batch.weight).sum().item()
        weights += batch.weight.sum().item() * y.shape[-1]
    return squares / weights


@torch.no_grad()
def step_error(field: ScaledField, batches: Sequence[Batch], substeps: int) -> float:
    """What halving the solver's step changes: root mean square per window, the largest one, in deviations of the data.

    Raises:
        SolveError: the network's solution diverged.
    """
    worst = 0.0
    for batch in batches[:GROUPS]:
        one, two = (
            odeint(field, batch.start, batch.t, method="rk4", options=step_options(batch, n))
            for n in (substeps, 2 * substeps)
        )
        worst = max(worst, (one - two).square().mean(dim=(0, 2)).max().sqrt().item())
    return worst


def step_options(batch: Batch, substeps: int) -> dict[str, float]:
    """A step that divides the usual sample interval; longer intervals get more steps."""
    return {"step_size": batch.t.diff().median().item() / substeps}
