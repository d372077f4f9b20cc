"""What Floquet multipliers tell of bifurcations between two cycles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.arrays import Floats
from odeplayground.spec import Bifurcation

TESTS = (Bifurcation.CYCLE_FOLD, Bifurcation.PERIOD_DOUBLING, Bifurcation.TORUS)


def signs(multipliers: NDArray[Any]) -> Floats:
    """For each of ``TESTS`` a number that changes its sign there, (3,)."""
    others = multipliers[1:]
    i, j = np.triu_indices(others.size, 1)
    sizes = 1 + np.abs(others)
    pairs = (others[i] * others[j] - 1) / (sizes[i] * sizes[j])
    return np.array(
        [
            np.prod((others - 1) / sizes).real,
            np.prod((others + 1) / sizes).real,
            np.prod(pairs).real if pairs.size else 1.0,
        ]
    )


def crossing_turns(others: NDArray[Any]) -> bool:
    """Whether the two multipliers whose product is nearest to 1 are a complex pair."""
    i, j = np.triu_indices(others.size, 1)
    at = int(np.argmin(np.abs(others[i] * others[j] - 1)))
    return bool(abs(others[i[at]].imag) > 1e-6)
