"""Everything that training needs to know about the data, worked out once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from odeplayground.neural.data import Dataset, Floats
from odeplayground.neural.scaling import Scaling
from odeplayground.neural.smoothing import Curve, smooth
from odeplayground.neural.windows import Run, Windows, held_out_windows, split, training_windows
from odeplayground.spec import HoldOut

MOST_WINDOWS = 256
"""Windows per stage, and per judgement of what is held out; more data is thinned to that."""
FINER = 4
"""Points of collocation per sample."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Windows as tensors: absolute times (k, m), samples and their weights (k, m, n), smoothed starts (m, n)."""

    times: Tensor
    y: Tensor
    weight: Tensor
    start: Tensor

    @property
    def t(self) -> Tensor:
        """Times since the beginning of the first window, (k,)."""
        return self.times[:, 0] - self.times[0, 0]


@dataclass(frozen=True, eq=False)
class Slopes:
    """Points on the smoothed curves: times (k,), states and their slopes (k, n)."""

    t: Tensor
    states: Tensor
    slopes: Tensor


@dataclass(frozen=True, eq=False)
class Preparation:
    """Normalised runs, curves through their training samples, and batches of the held-out windows.

    ``noise`` (n_states,) is the estimated standard deviation of the noise in deviations of the data.
    """

    runs: list[Run]
    curves: list[Curve]
    scaling: Scaling
    held_out: list[Batch]
    noise: Floats
    dtype: torch.dtype
    _of_length: dict[tuple[int, bool], list[Batch]] = field(default_factory=dict, init=False, repr=False)

    def training(self, length: int, alike: bool = True) -> list[Batch]:
        """Windows of this many samples (0: whole runs) for training, which overlap.

        In a batch they have the same times since their begin, unless they need not be ``alike``. They are kept: the
        short ones judge every epoch of collocation.
        """
        length = length or self._longest
        if (length, alike) not in self._of_length:
            self._of_length[length, alike] = self._overlapping(length, alike)
        return self._of_length[length, alike]

    @property
    def _longest(self) -> int:
        return max(len(run.t) for run in self.runs)

    def _overlapping(self, length: int, alike: bool) -> list[Batch]:
        total = sum(len(run.t) for run in self.runs)
        stride = max(1, round(length / 3), -(-total // MOST_WINDOWS))
        return self._batches(training_windows(self.runs, length, stride, alike))

    def segments(self, length: int) -> list[Batch]:
        """Windows of this many samples (0: whole runs) that share only their ends; the times may differ."""
        length = min(length, self._longest) if length else self._longest
        return self._batches(training_windows(self.runs, length, max(1, length - 1), alike=False))

    def slopes(self, finer: int = FINER) -> Slopes:
        """Points on the curves between neighbouring training samples, so many per interval."""
        times, states, slopes = [], [], []
        for run, curve in zip(self.runs, self.curves, strict=True):
            between = np.repeat(run.trains[:-1] & run.trains[1:], finer)
            n = len(run.t)
            fine = np.interp(np.arange((n - 1) * finer) / finer, np.arange(n), run.t)[between]
            y, slope = curve(fine)
            times.append(fine)
            states.append(y)
            slopes.append(slope)
        return Slopes(*(torch.tensor(np.concatenate(parts), dtype=self.dtype) for parts in (times, states, slopes)))

    def substeps(self) -> int:
        """Solver steps per sample interval at first: about one per radian of an oscillation."""
        needed = 1.0
        for run, curve in zip(self.runs, self.curves, strict=True):
            slope = curve(run.t)[1]
            change, size = np.diff(slope, axis=0), np.abs(slope).mean(axis=0)
            bend = np.abs(change).mean(axis=0) / np.where(size > 0, size, 1.0)
            needed = max(needed, float(bend.max()))
        return min(4, math.ceil(needed))

    def _batches(self, windows: list[Windows]) -> list[Batch]:
        return [_batch(one, self.curves, self.dtype) for one in windows]


def prepare(
    data: Dataset, held_out: float, seed: int, by: HoldOut = HoldOut.BLOCKS, dtype: torch.dtype = torch.float32
) -> Preparation:
    """Split, smooth and normalise.

    What is held out reaches the optimiser in no way: neither the curves nor the scaling use it. (A trajectory that is
    held out as a whole has a curve of its own, on which its judgement starts.)
    """
    raw = split(data, held_out, seed, by)
    training = [run for run in raw if run.trains.any()]
    scaling = Scaling.of(training, smooth([(run.t[run.trains], run.y[run.trains]) for run in training]).curves)
    runs = [scaling.normalise(run) for run in raw]
    curves, noise = _curves(runs)
    return Preparation(
        runs=runs,
        curves=curves,
        scaling=scaling,
        held_out=[_batch(windows, curves, dtype) for windows in held_out_windows(runs)],
        noise=noise,
        dtype=dtype,
    )


def _curves(runs: Sequence[Run]) -> tuple[list[Curve], Floats]:
    """A curve per run, and the noise of those that train."""
    found: dict[int, Curve] = {}
    train = [i for i, run in enumerate(runs) if run.trains.any()]
    rest = [i for i in range(len(runs)) if i not in set(train)]
    own = smooth([(runs[i].t[runs[i].trains], runs[i].y[runs[i].trains]) for i in train])
    found.update(zip(train, own.curves, strict=True))
    if rest:
        found.update(zip(rest, smooth([(runs[i].t, runs[i].y) for i in rest]).curves, strict=True))
    return [found[i] for i in range(len(runs))], own.noise


def _batch(windows: Windows, curves: Sequence[Curve], dtype: torch.dtype) -> Batch:
    numbers = np.array([number for number, _ in windows.origin])
    times = np.array([time for _, time in windows.origin])
    starts = np.empty(windows.y.shape[1:])
    for number in np.unique(numbers):  # one call per curve, whatever the number of its windows
        starts[numbers == number] = curves[number](times[numbers == number])[0]
    return Batch(
        times=torch.tensor(windows.times, dtype=torch.float64),
        y=torch.tensor(windows.y, dtype=dtype),
        weight=torch.tensor(windows.weight, dtype=dtype),
        start=torch.tensor(starts, dtype=dtype),
    )
