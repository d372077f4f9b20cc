"""Measured points as arrays to draw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.screen import Floats
from odeplayground.session.scene import Trajectory
from odeplayground.spec import Samples

_HUGE = 1e100
MOST = 4000
"""Points that are drawn; of more, every second, third and so on."""
_CLOSE = 0.5
"""Samples belong to a trajectory when their distance is below this share of its spread."""


def rows(samples: Samples | None, states: tuple[str, ...]) -> Iterator[tuple[Floats, Floats]]:
    """Times (n,) and values (n_states, n) to draw of every sampled trajectory; none if the states are others."""
    if samples is None or samples.states != states:
        return
    step = -(-samples.n_points // MOST)
    for times, values in zip(samples.times, samples.values, strict=True):
        yield np.asarray(times)[::step], np.asarray(values)[:, ::step]


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
    """The sampled trajectory that was measured along this one, if any; of a file, that which begins nearest."""
    if trajectory is None or trajectory.t.size < 2:
        return None
    if samples is not None and samples.source:
        return min(rows(samples, states), key=lambda row: _apart(row[1], trajectory.y[:, 0]), default=None)
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


def _apart(y: Floats, state: Floats) -> float:
    """From a state to the first known values of samples, relative to their spread."""
    pairs = zip(y, state, strict=True)
    away = [abs(float(row[np.isfinite(row)][0]) - x) / max(_spread(row), 1e-12) for row, x in pairs]
    return max(away)


def _spread(row: Floats) -> float:
    finite = row[np.isfinite(row) & (np.abs(row) < _HUGE)]
    return float(finite.std()) if finite.size else 0.0
