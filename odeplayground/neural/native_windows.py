"""The loss of windows of a dense network, with its gradient by the weights and the starts, in native code.

The gradient is the exact adjoint of the steps, which are chosen by tolerance for each window.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.dynamics.dense_shape import Reals
from odeplayground.neural.native_engine import STAGES, NativeField, NativeTrainer
from odeplayground.neural.preparation import Batch

CONTROL = DenseControl(rtol=1e-5, atol=1e-6, most_steps=2000)
"""For normalised states: far below what samples resolve, and within single precision."""
LEAST = {torch.float32: 1e-6, torch.float64: 1e-12}
"""Relative tolerances that are still within the precision."""
PER_STEP = 0.1
"""Share of the wanted error that a single step may make."""


def control_for(tolerance: float, dtype: torch.dtype) -> DenseControl:
    """Steps whose errors stay below this, in deviations of the data; no larger ones than are good for all data."""
    rtol = max(min(CONTROL.rtol, PER_STEP * tolerance), LEAST[dtype])
    return replace(CONTROL, rtol=rtol, atol=CONTROL.atol / CONTROL.rtol * rtol)


class NativeWindows:
    """One batch, for a field that ``native_engine.supports`` knows. Its weights are read at each call."""

    def __init__(self, field: nn.Module, batch: Batch, control: DenseControl = CONTROL) -> None:
        self._trainer = NativeTrainer(field, batch.start, (batch.times - batch.times[0]).T, control)
        self.evaluations = 0
        """Of the field, forward, the last time, by the window that needed most."""
        self.steps = (0, 0)
        """Accepted and rejected the last time, by all windows together."""
        self._sizes = [p.shape for p in field.parameters()]
        dtype = self._trainer.field.shape.dtype
        self._targets, self._weights = (_by_lane(x, dtype) for x in (batch.y, batch.weight.expand_as(batch.y)))

    @property
    def first(self) -> Reals:
        """The first steps that the next call of :meth:`gradients` begins with, (m,): part of its result."""
        return self._trainer.first

    def gradients(self, start: Tensor) -> tuple[float, list[Tensor], Tensor]:
        """The weighted sum of squares from starts (m, n), and its gradients by the parameters and the starts.

        The sum is NaN where a window ended early.
        """
        loss, by_weights, by_start, stats = self._trainer.loss_and_gradient(self._loss, start)
        self.evaluations = 1 + STAGES * int(stats.tried.max())
        accepted = int(stats.accepted.sum())
        self.steps = accepted, int(stats.tried.sum()) - accepted
        pieces = torch.split(torch.from_numpy(by_weights), [size.numel() for size in self._sizes])
        weights = [piece.view(size) for piece, size in zip(pieces, self._sizes, strict=True)]
        return loss, weights, torch.from_numpy(by_start)

    def squares(self, field: nn.Module) -> float:
        """The weighted sum of squares of another field of the same shape, from the starts of the batch.

        NaN where a window ended early.
        """
        values = self._trainer.values(NativeField(field))
        off = values.transpose(0, 2, 1) - self._targets
        return float(np.vdot(off * self._weights, off))

    def _loss(self, part: slice, values: Reals) -> tuple[float, Reals]:
        off = values - self._targets[:, :, part]
        weighed = off * self._weights[:, :, part]
        return float(np.vdot(weighed, off)), 2 * weighed


def _by_lane(x: Tensor, dtype: np.dtype) -> Reals:
    """Of (k, m, n): (k, n, m)."""
    return np.ascontiguousarray(x.numpy().transpose(0, 2, 1), dtype=dtype)
