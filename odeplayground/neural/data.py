"""Sampled trajectories in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from odeplayground.spec import Array, Samples, System

Floats = NDArray[np.float64]

LARGEST = 1e30
"""Of times and values: training computes in single precision, and with their powers."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Samples of one solution: times (n,), states (n_states, n), and the states without noise where known.

    NaN stands for a missing value. ``sigma`` (n_states, n) is the standard deviation of each sample's noise where
    known, positive; a sample then counts by the inverse of its square.
    """

    t: Floats
    y: Floats
    clean: Floats | None = None
    sigma: Floats | None = None

    @property
    def first(self) -> Floats:
        """The first known value of each state, (n_states,)."""
        return np.array([row[np.isfinite(row)][0] for row in self.y])


@dataclass(frozen=True, eq=False)
class Dataset:
    """What a network learns from.

    ``noise`` is the standard deviation of the noise relative to each state's own. ``starts`` (m, n_states) are the
    exact initial states where known; ``system`` and ``parameters`` say what was sampled, if a system was.
    """

    states: tuple[str, ...]
    trajectories: tuple[Trajectory, ...]
    noise: float = 0.0
    starts: Floats | None = None
    system: System | None = None
    parameters: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        """Refuse data that cannot be learned from.

        Raises:
            ValueError: no trajectories, wrong shapes, times that do not increase, infinite or huge numbers, or too
                few known ones.
        """
        if not self.trajectories:
            raise ValueError("There are no trajectories in the data.")
        for number, one in enumerate(self.trajectories, 1):
            problem = _problem(one, len(self.states))
            if problem:
                raise ValueError(f"Trajectory {number}: {problem}")

    def __repr__(self) -> str:
        samples = sum(len(one.t) for one in self.trajectories)
        noise = f", noise {self.noise:g}" if self.noise else ""
        return f"<Dataset of {', '.join(self.states)}: {len(self.trajectories)} trajectories, {samples} samples{noise}>"

    @cached_property
    def deviation(self) -> Floats:
        """Standard deviation of each state over the data, without noise where known; never zero. Shape (n_states,)."""
        parts = [one.y if one.clean is None else one.clean for one in self.trajectories]
        return positive(np.nanstd(np.concatenate(parts, axis=1), axis=1))

    def to_samples(self) -> Samples:
        """The data as frozen data."""
        return Samples(
            states=self.states,
            times=tuple(Array.of(np.ascontiguousarray(one.t)) for one in self.trajectories),
            values=tuple(Array.of(np.ascontiguousarray(one.y)) for one in self.trajectories),
            noise=self.noise,
            starts=() if self.starts is None else tuple(tuple(float(x) for x in row) for row in self.starts),
        )

    @classmethod
    def from_samples(cls, samples: Samples) -> Dataset:
        """Data from frozen data.

        Raises:
            ValueError: as the constructor.
        """
        pairs = zip(samples.times, samples.values, strict=True)
        return cls(
            states=samples.states,
            trajectories=tuple(Trajectory(np.array(t, dtype=float), np.array(y, dtype=float)) for t, y in pairs),
            noise=samples.noise,
            starts=np.array(samples.starts, dtype=float) if samples.starts else None,
        )


def positive(scale: Floats) -> Floats:
    """Scales with ones in place of zeros, so that one can divide by them."""
    return np.where(scale > 1e-12 * max(1.0, float(np.max(scale))), scale, 1.0)


def _problem(one: Trajectory, n_states: int) -> str:
    if one.t.ndim != 1 or one.y.shape != (n_states, len(one.t)):
        return f"{len(one.t)} times and values of shape {one.y.shape} do not fit {n_states} states."
    if len(one.t) < 4:
        return f"{len(one.t)} samples are too few; four are the least."
    if not np.isfinite(one.t).all() or np.isinf(one.y).any():
        return "some numbers are not finite."
    if max(np.abs(one.t).max(), np.nanmax(np.abs(one.y), initial=0.0)) > LARGEST:
        return f"some numbers are larger than {LARGEST:g}; please choose other units."
    if np.isfinite(one.y).sum(axis=1).min() < 4:
        return "a state has fewer than four known values."
    if one.sigma is not None and (one.sigma.shape != one.y.shape or not (one.sigma > 0).all()):
        return "the noise needs a positive number for each sample."
    if not (np.diff(one.t) > 0).all():
        return "the times do not increase."
    return ""
