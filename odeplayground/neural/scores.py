"""Scores of what some true systems keep or repeat: energies, signs, periods."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from odeplayground.neural.data import Floats
from odeplayground.neural.paths import Paths
from odeplayground.spec import AnySystem, LearnedSystem, Score, Structure

SIGN = 1e-3
"""How far below zero a state may fall, in its deviations, before it is called negative."""
CROSSINGS = 3
"""Upward crossings of the mean that a trajectory needs to have a period."""
EVEN = 0.05
"""Largest relative scatter of the intervals between crossings of something that is called periodic."""


def physical_scores(field: AnySystem, truth: Paths, learned: Paths, deviation: Floats) -> Iterator[Score]:
    """Those that apply; ``truth`` and ``learned`` are solutions from the same starts.

    Signs: if all true states stay at zero or more. Period: of the true trajectories that repeat themselves in their
    second half, by the mean interval between upward crossings of a state's mean. Sums: if the sum of all states stays
    the same.
    """
    if not np.isfinite(learned.y).all():
        return
    yield from _sign(truth, learned, deviation)
    yield from _sum(truth, learned)
    yield from _period(truth, learned)
    if isinstance(field, LearnedSystem) and field.structure is Structure.HAMILTONIAN and field.friction:
        yield Score("Friction", field.friction[0], "", "That of the learned Hamiltonian, for its first pair of states.")


def _sign(truth: Paths, learned: Paths, deviation: Floats) -> Iterator[Score]:
    scale = deviation[:, None]
    if np.nanmin(truth.y / scale) < -SIGN:
        return
    share = float(np.mean((learned.y / scale < -SIGN).any(axis=1)))
    yield Score("Negative", 100 * share, "%", "Share of the time in which a state is negative that never truly is.")


def _sum(truth: Paths, learned: Paths) -> Iterator[Score]:
    true, found = truth.y.sum(axis=1), learned.y.sum(axis=1)
    size = float(np.nanmax(np.abs(true)))
    if truth.y.shape[1] < 2 or not size > 0 or np.nanmax(np.abs(true - true[:, :1])) > 1e-6 * size:
        return
    drift = float(np.max(np.abs(found - true[:, :1]))) / size
    yield Score("Total", 100 * drift, "%", "Largest drift of the sum of all states, which truly stays the same.")


def _period(truth: Paths, learned: Paths) -> Iterator[Score]:
    pairs = [
        (true, found)
        for t, y, z in zip(truth.t, truth.y, learned.y, strict=True)
        for true, found in _intervals(t, y, z)
        if true is not None and found is not None
    ]
    if pairs:
        error = 100 * float(np.median([abs(found / true - 1) for true, found in pairs]))
        of = f"{len(pairs)} trajectories that repeat" if len(pairs) > 1 else "the trajectory that repeats"
        yield Score("Period", error, "%", f"Error of the period of {of}, the first truly {pairs[0][0]:.4g}.")


def _intervals(t: Floats, true: Floats, learned: Floats) -> Iterator[tuple[float | None, float | None]]:
    """Of the first state by which the true trajectory repeats itself, if any does."""
    for one, other in zip(true, learned, strict=True):
        interval = _interval(t, one)
        if interval is not None:
            yield interval, _interval(t, other)
            return


def _interval(t: Floats, y: Floats) -> float | None:
    """The mean interval between upward crossings of the mean by a state (n,), if they are evenly spaced."""
    x = y - y.mean()
    places = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    times = t[places] - x[places] * (t[places + 1] - t[places]) / (x[places + 1] - x[places])
    times = times[times >= 0.5 * (t[0] + t[-1])]
    if len(times) < CROSSINGS:
        return None
    gaps = np.diff(times)
    return float(gaps.mean()) if gaps.std() <= EVEN * gaps.mean() else None
