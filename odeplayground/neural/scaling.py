"""Normalised states, and the way back to a learned system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from odeplayground.neural.data import Dataset, Floats, positive
from odeplayground.neural.models import MLP
from odeplayground.neural.smoothing import Curve
from odeplayground.neural.windows import Run
from odeplayground.spec import Array, LearnedSystem


@dataclass(frozen=True, eq=False)
class Scaling:
    """x = mean + scale_in * u and dx/dt = scale_out * net(u), per state."""

    mean: Floats
    scale_in: Floats
    scale_out: Floats

    @property
    def rate(self) -> Floats:
        """du/dt = rate * net(u)."""
        return self.scale_out / self.scale_in

    def normalise(self, run: Run) -> Run:
        """The run in normalised states."""
        return replace(run, y=(run.y - self.mean) / self.scale_in)

    @classmethod
    def of(cls, runs: Sequence[Run], curves: Sequence[Curve]) -> Scaling:
        """From training samples: their means and deviations, and root mean squares of the smoothed slopes."""
        values = np.concatenate([run.y[run.trains] for run in runs])
        slopes = np.concatenate([curve(run.t[run.trains])[1] for run, curve in zip(runs, curves, strict=True)])
        scale_in = positive(np.nanstd(values, axis=0))
        pace = np.sqrt(np.mean(slopes**2, axis=0)) / scale_in
        # A state that hardly moves still needs a scale of its own.
        pace = np.maximum(pace, max(1e-3 * float(pace.max()), 1e-12))
        return cls(np.nanmean(values, axis=0), scale_in, pace * scale_in)


def export(net: MLP, scaling: Scaling, data: Dataset) -> LearnedSystem:
    """The network as a system of its own."""
    weights = torch.cat([p.detach().double().reshape(-1) for p in net.parameters()]).numpy()
    begin, end = min(one.t[0] for one in data.trajectories), max(one.t[-1] for one in data.trajectories)
    start = data.starts[0] if data.starts is not None else data.trajectories[0].first
    span = data.system.t_span if data.system is not None else (begin, begin + 2 * (end - begin))
    return LearnedSystem(
        states=data.states,
        layers=net.sizes,
        activation=net.activation,
        weights=Array.of(weights),
        mean=tuple(scaling.mean.tolist()),
        scale_in=tuple(scaling.scale_in.tolist()),
        scale_out=tuple(scaling.scale_out.tolist()),
        initial=tuple(float(x) for x in start),
        t_span=(float(span[0]), float(span[1])),
    )
