"""From the best supports of each equation to a path of whole systems, and the one to begin with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from odeplayground.dynamics.arrays import Floats

FLOOR = 1e-6
"""Errors below count as none: rounding, and the tolerance of whatever made the field."""
WORTH_IT = 0.99
"""More terms must bring the error down at least by this factor."""


def divided(costs: Sequence[dict[int, float]]) -> dict[int, tuple[int, ...]]:
    """For each number of terms in all, how they are best divided among the equations.

    Args:
        costs: for each equation the squared error with so many terms.
    """
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for cost in costs:
        grown: dict[int, tuple[float, tuple[int, ...]]] = {}
        for total, (error, sizes) in best.items():
            for size, more in cost.items():
                found = error + more, (*sizes, size)
                if total + size not in grown or found < grown[total + size]:
                    grown[total + size] = found
        best = grown
    return {total: sizes for total, (_, sizes) in sorted(best.items())}


def worthwhile(errors: Sequence[float]) -> list[int]:
    """Which of the errors, with more and more terms, are better than all before; none after one that counts as none."""
    kept: list[int] = []
    least = np.inf
    for number, error in enumerate(errors):
        if error < WORTH_IT * least:
            kept.append(number)
            least = error
        if error <= FLOOR:
            break
    return kept


def knee(sizes: Sequence[int], errors: Sequence[float], largest: int) -> int:
    """The number of the candidate after which more terms help little.

    The point farthest below the line from the first to the last, with the errors on a logarithmic scale: Satopää,
    Albrecht, Irwin and Raghavan, "Finding a 'kneedle' in a haystack", ICDCS Workshops 2011. The last has the
    ``largest`` size, for up to there nothing was better than the last of the errors. Where an error counts as none, it
    is that candidate.
    """
    if len(sizes) < 2 or errors[-1] <= FLOOR:
        return len(sizes) - 1
    x, y = np.array(sizes) / max(largest, sizes[-1]), _unit(np.log10(np.maximum(errors, FLOOR)))
    below = (1 - x) - y
    return int(len(below) - 1 - np.argmax(below[::-1]))


def _unit(values: Floats) -> Floats:
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
