"""Sampled data as frozen data."""

from __future__ import annotations

import msgspec

from odeplayground.spec.arrays import Array


class SamplePlan(msgspec.Struct, frozen=True):
    """How to sample data from the system."""

    n_trajectories: int = 5
    n_points: int = 60
    t_span: tuple[float, float] | None = None
    """``None``: the first half of the system's own time span, so that the other half tests extrapolation; less where
    the points would lie too far apart to show the motion."""
    noise: float = 0.02
    """Standard deviation of the noise, relative to each state's own standard deviation."""
    seed: int = 0
    from_file: bool = False
    """Whether to train on the experiment's own measured data, if it has any, in place of samples of the system."""


class Samples(msgspec.Struct, frozen=True):
    """Sampled trajectories. ``times[i]`` has shape (n,), ``values[i]`` has shape (n_states, n); NaN: not measured."""

    states: tuple[str, ...]
    times: tuple[Array, ...]
    values: tuple[Array, ...]
    noise: float = 0.0
    starts: tuple[tuple[float, ...], ...] = ()
    """The exact initial states where they are known, one per trajectory: samples of a model, before the noise."""
    source: str = ""
    """The name of the file they were measured in; empty: they are samples of a system."""

    @property
    def n_points(self) -> int:
        """How many samples there are in all trajectories together."""
        return sum(times.shape[0] for times in self.times)
