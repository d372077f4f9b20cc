"""Measured points as arrays to draw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.screen import Floats
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Samples

_HUGE = 1e100
_CLOSE = 0.5
"""Samples belong to a trajectory when their distance is below this share of its spread."""


def rows(samples: Samples | None, states: tuple[str, ...]) -> Iterator[tuple[Floats, Floats]]:
    """Times (n,) and values (n_states, n) of every sampled trajectory; none if the states are others."""
    if samples is None or samples.states != states:
        return
    for times, values in zip(samples.times, samples.values, strict=True):
        yield np.asarray(times), np.asarray(values)


def projected(samples: Samples | None, projection: Projection) -> Floats:
    """All points on the axes of the portrait, (k, 2) or in space (k, 3)."""
    parts = [projection.scattered(t, y) for t, y in rows(samples, projection.states)]
    return np.concatenate(parts) if parts else np.empty((0, len(projection.names)))


def last_time(samples: Samples | None, states: tuple[str, ...]) -> float | None:
    """When the samples end."""
    ends = [float(t.max()) for t, _ in rows(samples, states) if t.size]
    return max(ends, default=None)


def of_trajectory(
    samples: Samples | None, states: tuple[str, ...], trajectory: Trajectory | None
) -> tuple[Floats, Floats] | None:
    """The sampled trajectory that was measured along this one, if there is any."""
    if trajectory is None or trajectory.t.size < 2:
        return None
    spread = np.array([_spread(row) for row in trajectory.y])
    best, nearest = None, _CLOSE
    for t, y in rows(samples, states):
        inside = (t >= trajectory.t[0]) & (t <= trajectory.t[-1])
        if not inside.any():
            continue
        expected = np.stack([np.interp(t[inside], trajectory.t, row) for row in trajectory.y])
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            off = float(np.median(np.abs(y[:, inside] - expected) / np.maximum(spread, 1e-12)[:, None]))
        if off < nearest:
            best, nearest = (t, y), off
    return best


def _spread(row: Floats) -> float:
    finite = row[np.isfinite(row) & (np.abs(row) < _HUGE)]
    return float(finite.std()) if finite.size else 0.0
