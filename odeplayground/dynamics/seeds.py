"""Points spread evenly over a box, to start searches from."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from odeplayground.dynamics.arrays import Floats

ON_A_GRID = {1: 129, 2: 14}
"""Points per axis for systems with one or two states."""
SCATTERED = 384
"""Points for systems with more states, and an upper limit for the work: fewer for many states."""
RANDOM = 32


def seeds(box: Floats, seed: int = 0) -> Floats:
    """Points (n_states, m) in a box (n_states, 2): a grid or a quasi-random sequence, its centre, and random points."""
    result: Floats = box[:, :1] + _in_unit_box(box.shape[0], seed) * (box[:, 1:] - box[:, :1])
    return result


@lru_cache(maxsize=8)
def _in_unit_box(n: int, seed: int) -> Floats:
    if n in ON_A_GRID:
        # Cell centres: symmetric systems have special points on the rim and in the middle.
        axis = (np.arange(ON_A_GRID[n]) + 0.5) / ON_A_GRID[n]
        regular = np.array(np.meshgrid(*[axis] * n, indexing="ij")).reshape(n, -1)
    else:
        regular = _quasi_random(n, max(64, min(SCATTERED, 4000 // n)))
    random = np.random.default_rng(seed).random((n, RANDOM))
    return np.concatenate([np.full((n, 1), 0.5), regular, random], axis=1)


def _quasi_random(n: int, count: int) -> Floats:
    """The additive recurrence with the powers of the generalised golden ratio (Roberts 2018), (n, count)."""
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / (n + 1))
    steps = ratio ** -np.arange(1.0, n + 1)
    result: Floats = (0.5 + steps[:, None] * np.arange(1, count + 1)) % 1.0
    return result
