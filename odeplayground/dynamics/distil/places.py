"""Where to look at what was learned: near the samples, for elsewhere it knows nothing."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.spec import Samples

PLACES = 4000
RADIUS = 0.1
"""Of the tube around the samples, each state divided by its standard deviation, as in the comparison."""


def near_samples(samples: Samples, n: int = PLACES, seed: int = 0) -> tuple[Floats, Floats]:
    """Random points of the tube around samples: states (n, n_states) and times (n,), in the order of the samples.

    They are spread evenly along the trajectories: a sample is the more often chosen, the farther its neighbours are.

    Raises:
        ValueError: no sample has all its states.
    """
    numbers = np.random.default_rng(seed)
    parts = [_complete(np.array(t), np.array(y)) for t, y in zip(samples.times, samples.values, strict=True)]
    times, states = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not len(times):
        raise ValueError("No sample has all its states.")
    deviation = states.std(axis=0)
    weights = np.concatenate([_share(y / np.where(deviation > 0, deviation, 1.0)) for _, y in parts])
    total = weights.sum()
    chance = weights / total if total > 0 else None
    chosen = np.sort(numbers.choice(len(times), size=n, p=chance))
    return states[chosen] + RADIUS * deviation * _in_ball(n, states.shape[1], numbers), times[chosen]


def _complete(t: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Times (m,) and states (m, n_states) without gaps."""
    good = np.isfinite(y).all(axis=0)
    return t[good].astype(float), y[:, good].T.astype(float)


def _share(states: Floats) -> Floats:
    """Half the way from the sample before to the one after, for each sample (m,)."""
    if len(states) < 2:
        return np.ones(len(states))
    steps = np.linalg.norm(np.diff(states, axis=0), axis=1)
    shares: Floats = np.append(steps, 0.0) + np.append(0.0, steps)
    return 0.5 * shares


def _in_ball(n: int, dimension: int, numbers: np.random.Generator) -> Floats:
    """Evenly distributed points (n, dimension) of the unit ball."""
    direction = numbers.standard_normal((n, dimension))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    return direction * numbers.random((n, 1)) ** (1 / dimension)
