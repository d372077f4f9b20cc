"""Windows of samples as residuals: the weights of a field and the states where windows begin are the unknowns."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from odeplayground.neural import native_sensitivity, sensitivity
from odeplayground.neural.linearise import linearise
from odeplayground.neural.preparation import Batch, Slopes

MOST_RATIO = 16
"""Longest sample interval in usual ones that still gets steps of the usual length: a pause would need any number."""


def steps_for(batch: Batch, substeps: int) -> int:
    """Steps per interval, so that the longest interval of a batch has steps as short as the usual ones."""
    gaps = batch.times.diff(dim=0)
    ratio = gaps.max().item() / max(gaps.median().item(), 1e-300)
    return substeps * min(MOST_RATIO, max(1, math.ceil(ratio - 1e-6)))


class Segments:
    """Weighted residuals of the windows of several batches, all in normalised states.

    The unknowns are all parameters of the field, then, if they are free, the starts batch by batch. ``poll`` is called
    now and then, and may raise. With ``native``, native code solves, for fields that it knows.
    """

    def __init__(
        self,
        field: nn.Module,
        batches: Sequence[Batch],
        substeps: int,
        ridge: float,
        free_starts: bool,
        poll: Callable[[], None] = lambda: None,
        native: bool = False,
    ) -> None:
        self._poll = poll
        self._field, self._batches = field, batches
        self._parameters = list(field.parameters())
        self._steps = [steps_for(batch, substeps) for batch in batches]
        self._free = free_starts
        self._kept = [batch.weight > 0 for batch in batches]
        self._roots = [
            batch.weight.expand_as(batch.y)[kept].sqrt() for batch, kept in zip(batches, self._kept, strict=True)
        ]
        self._count = sum(p.numel() for p in self._parameters)
        self.count = sum(len(root) for root in self._roots)
        self._solver = native_sensitivity if native else sensitivity
        self._tapes: list[Any] = []
        self._residuals = torch.zeros(0)
        self._at: Tensor | None = None
        starts = sum(batch.start.numel() for batch in batches) if free_starts else 0
        self.ridge = torch.cat([torch.full((self._count,), ridge), torch.zeros(starts)]).double()

    @property
    def evaluations(self) -> int:
        """Evaluations of the field in the last solution."""
        return sum(tape.evaluations for tape in self._tapes)

    def begin(self) -> Tensor:
        """The unknowns as they are: the field's parameters and the batches' starts."""
        weights = nn.utils.parameters_to_vector(self._parameters).detach()
        return torch.cat([weights, *(batch.start.reshape(-1) for batch in self._batches)]) if self._free else weights

    @torch.no_grad()
    def write(self, x: Tensor) -> None:
        """Set the field's parameters to these unknowns."""
        nn.utils.vector_to_parameters(x[: self._count], self._parameters)

    def residuals(self, x: Tensor) -> Tensor:
        """As :class:`least_squares.Residuals`. Leaves the field's parameters at ``x``."""
        self.write(x)
        if self._at is not None and torch.equal(x, self._at):
            return self._residuals
        self._tapes = [
            self._solver.record(self._field, start, batch.times, steps, self._poll)
            for start, batch, steps in zip(self._starts(x), self._batches, self._steps, strict=True)
        ]
        pieces = zip(self._tapes, self._batches, self._kept, self._roots, strict=True)
        self._residuals = torch.cat([(tape.y - batch.y)[kept] * root for tape, batch, kept, root in pieces])
        self._at = x
        return self._residuals

    def jacobian(self) -> Tensor:
        """As :class:`least_squares.Residuals`."""
        result = torch.zeros(len(self._residuals), len(self.ridge), dtype=torch.float64)
        row, column = 0, self._count
        for tape, kept, root in zip(self._tapes, self._kept, self._roots, strict=True):
            self._poll()
            by_parameters, by_start = self._solver.sensitivities(self._field, tape)
            rows = slice(row, row + len(root))
            result[rows, : self._count] = by_parameters[kept] * root[:, None]
            if self._free:
                _, m, n = kept.shape
                blocks = by_start[kept] * root[:, None]
                window = kept.nonzero()[:, 1]
                places = column + window[:, None] * n + torch.arange(n)
                result[rows].scatter_(1, places, blocks)
                column += m * n
            row += len(root)
        return result

    def _starts(self, x: Tensor) -> list[Tensor]:
        if not self._free:
            return [batch.start for batch in self._batches]
        pieces = torch.split(x[self._count :], [batch.start.numel() for batch in self._batches])
        return [piece.reshape(batch.start.shape) for piece, batch in zip(pieces, self._batches, strict=True)]


class SlopeResiduals:
    """Residuals of ``field(states) - slopes``, per unit of ``rate`` (n,): the start without solving anything.

    They are computed in double precision, whatever that of the field.
    """

    evaluations = 1

    def __init__(
        self, field: nn.Module, points: Slopes, rate: Tensor, ridge: float, poll: Callable[[], None] = lambda: None
    ) -> None:
        self._poll = poll
        self._field, self._target = copy.deepcopy(field).double(), field
        self._points = Slopes(points.t.double(), points.states.double(), points.slopes.double())
        self._rate = rate.double()
        self.count = points.slopes.numel()
        self._parameters = list(self._field.parameters())
        count = sum(p.numel() for p in self._parameters)
        self.ridge = torch.full((count,), ridge, dtype=torch.float64)

    def begin(self) -> Tensor:
        """The field's parameters."""
        return nn.utils.parameters_to_vector(self._parameters).detach()

    @torch.no_grad()
    def write(self, x: Tensor) -> None:
        """Set the field's parameters."""
        nn.utils.vector_to_parameters(x, self._parameters)
        for target, own in zip(self._target.parameters(), self._parameters, strict=True):
            target.copy_(own)

    @torch.no_grad()
    def residuals(self, x: Tensor) -> Tensor:
        """As :class:`least_squares.Residuals`. Leaves the field's parameters at ``x``."""
        self._poll()
        self.write(x)
        points = self._points
        off: Tensor = (self._field(points.t, points.states) - points.slopes) / self._rate
        return off.reshape(-1)

    @torch.no_grad()
    def jacobian(self) -> Tensor:
        """As :class:`least_squares.Residuals`."""
        points = linearise(self._field, self._points.t, self._points.states)
        return points.gather(torch.diag(1 / self._rate).expand(self.count // len(self._rate), 1, -1, -1)).flatten(
            end_dim=1
        )
