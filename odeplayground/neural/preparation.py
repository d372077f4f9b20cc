"""Everything that training needs to know about the data, worked out once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from odeplayground.neural.data import Dataset, Floats
from odeplayground.neural.scaling import Scaling
from odeplayground.neural.smoothing import Curve, smooth
from odeplayground.neural.windows import Run, Windows, held_out_windows, split, training_windows

DTYPE = torch.float32
MOST_WINDOWS = 256
"""Windows per stage, and per judgement of what is held out; more data is thinned to that."""
FINER = 4
"""Points of collocation per sample."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Windows as tensors: relative times (k,), samples (k, m, n), weights (k, m, 1), smoothed starts (m, n)."""

    t: Tensor
    y: Tensor
    weight: Tensor
    start: Tensor


@dataclass(frozen=True, eq=False)
class Preparation:
    """Normalised runs, curves through their training samples, and batches of the held-out windows."""

    runs: list[Run]
    curves: list[Curve]
    scaling: Scaling
    held_out: list[Batch]

    def training(self, length: int) -> list[Batch]:
        """Windows of this many samples for training."""
        total = sum(len(run.t) for run in self.runs)
        stride = max(1, round(length / 3), -(-total // MOST_WINDOWS))
        return [_batch(w, self.curves) for w in training_windows(self.runs, length, stride)]

    def slopes(self) -> tuple[Tensor, Tensor]:
        """Points on the curves between neighbouring training samples, and the network's values wanted there."""
        states, slopes = [], []
        for run, curve in zip(self.runs, self.curves, strict=True):
            between = np.repeat(run.trains[:-1] & run.trains[1:], FINER)
            n = len(run.t)
            fine = np.interp(np.arange((n - 1) * FINER) / FINER, np.arange(n), run.t)[between]
            y, slope = curve(fine)
            states.append(y)
            slopes.append(slope / self.scaling.rate)
        return torch.tensor(np.concatenate(states), dtype=DTYPE), torch.tensor(np.concatenate(slopes), dtype=DTYPE)

    def substeps(self) -> int:
        """Solver steps per sample interval at first: about one per radian of an oscillation."""
        needed = 1.0
        for run, curve in zip(self.runs, self.curves, strict=True):
            slope = curve(run.t)[1]
            change, size = np.diff(slope, axis=0), np.abs(slope).mean(axis=0)
            bend = np.abs(change).mean(axis=0) / np.where(size > 0, size, 1.0)
            needed = max(needed, float(bend.max()))
        return min(4, math.ceil(needed))


def prepare(data: Dataset, held_out: float, seed: int) -> Preparation:
    """Split, smooth and normalise.

    What is held out reaches the optimiser in no way: neither the curves nor the scaling use it.
    """
    raw = split(data, held_out, seed)
    scaling = Scaling.of(raw, smooth([(run.t[run.trains], run.y[run.trains]) for run in raw]))
    runs = [scaling.normalise(run) for run in raw]
    curves = smooth([(run.t[run.trains], run.y[run.trains]) for run in runs])
    return Preparation(
        runs=runs,
        curves=curves,
        scaling=scaling,
        held_out=[_batch(windows, curves) for windows in held_out_windows(runs)],
    )


def _batch(windows: Windows, curves: Sequence[Curve]) -> Batch:
    starts: Floats = np.stack([curves[number](np.array([time]))[0][0] for number, time in windows.origin])
    return Batch(
        t=torch.tensor(windows.t, dtype=torch.float64),
        y=torch.tensor(windows.y, dtype=DTYPE),
        weight=torch.tensor(windows.weight[..., None], dtype=DTYPE),
        start=torch.tensor(starts, dtype=DTYPE),
    )
