"""How well a learned system follows its samples, where nothing else is known of the true one."""

from __future__ import annotations

import math

import numpy as np

from odeplayground import dynamics
from odeplayground.neural.data import Dataset, Floats
from odeplayground.neural.paths import starts_of
from odeplayground.neural.words import percent
from odeplayground.spec import AnySystem, CycleKind, Report, Score

GOOD = 0.1
"""Deviation from the samples, beyond their noise, of a good system."""
_AROUND = 0.25
"""How far around the data a cycle may go, relative to their range."""


def compare_with_samples(field: AnySystem, data: Dataset) -> Report:
    """Compare the solutions from the starts of the data with the samples.

    Deviations are root mean squares, each state divided by its standard deviation over the data. The field error is
    NaN and there are no equilibria, since those of the true system are not known.
    """
    deviations = [_deviations(field, data, number) for number in range(len(data.trajectories))]
    together = _size(np.concatenate(deviations, axis=1))
    typical = float(np.median([_size(one) for one in deviations]))
    period = _period(field, data)
    beyond_noise = math.sqrt(max(0.0, typical**2 - data.noise**2))
    scores = [
        Score("Typical trajectory", 100 * typical, "%", "Off the samples: median over the starts."),
        Score("Within the samples", 100 * together, "%", "All together; one start near a saddle can rule it."),
    ]
    if data.noise:
        about = "Of the samples themselves. A perfect system is off by that much."
        scores.append(Score("Noise", 100 * data.noise, "%", about))
    verdict = _verdict(typical, together, data.noise)
    if period is not None:
        scores.append(Score("Period", period, "", "Of the stable cycle that the learned system has."))
        verdict = f"{verdict} There is a stable cycle with a period of {period:.3g}."
    return Report(math.nan, together, (), tuple(scores), verdict, beyond_noise <= GOOD)


def _period(field: AnySystem, data: Dataset) -> float | None:
    """Of a stable cycle in the plane, among the data; ``None``: there is none."""
    if len(field.states) != 2 or not dynamics.is_autonomous(field):
        return None
    y = np.concatenate([one.y for one in data.trajectories], axis=1)
    low, high = np.nanmin(y, axis=1), np.nanmax(y, axis=1)
    room = _AROUND * (high - low)
    box = {name: (float(a), float(b)) for name, a, b in zip(field.states, low - room, high + room, strict=True)}
    return next((cycle.period for cycle in dynamics.limit_cycles(field, box) if cycle.kind is CycleKind.STABLE), None)


def _deviations(field: AnySystem, data: Dataset, number: int) -> Floats:
    """Of the solution from the samples of one trajectory, (n_states, n); infinite from where it stopped."""
    one, start = data.trajectories[number], starts_of(data)[[number]]
    span = (float(one.t[0]), float(one.t[-1]))
    y = dynamics.simulate_many(field, start, None, span, one.t, max_steps=20_000).y[0]
    off = (y - one.y) / data.deviation[:, None]
    return np.where(np.isfinite(one.y), np.where(np.isfinite(y), off, np.inf), np.nan)


def _size(deviations: Floats) -> float:
    return float(np.sqrt(np.nanmean(deviations**2)))


def _verdict(typical: float, together: float, noise: float) -> str:
    if math.isinf(typical):
        return "The solutions of the learned system diverge."
    ending = " and some of them diverge" if math.isinf(together) else f", all together {percent(together)}"
    known = f"; the noise of the samples is {percent(noise)}" if noise else ""
    return f"The solutions are typically {percent(typical)} off the samples{ending}{known}."
