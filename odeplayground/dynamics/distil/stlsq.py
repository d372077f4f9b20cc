"""Sequentially thresholded least squares, and the supports of every size that follow from it.

Brunton, Proctor and Kutz, "Discovering governing equations from data by sparse identification of nonlinear dynamical
systems", PNAS 113 (2016) 3932, algorithm in its supporting text: least squares; coefficients below a threshold become
zero; least squares on the others; again, until none changes. Here all columns have the same size, so that a threshold
is a share of the target.

A threshold gives one support. Between those that a sweep of thresholds gives, terms are taken away one by one, each
time the one that is missed least (backward elimination, as in Boninsegna, Nüske and Clementi, "Sparse learning of
stochastic dynamical equations", J. Chem. Phys. 148 (2018) 241723, who take the smallest coefficient), and exchanged
for others while that helps: where columns resemble each other, small coefficients tell little.
"""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.distil.regression import Regression, Support

THRESHOLDS = np.geomspace(1e-3, 1.0, 25)
MOST_ROUNDS = 20
EXCHANGE = 0.999
"""An exchange must make the residual smaller by this factor."""
EXACT = 1e-9
"""A residual of rounding errors."""


def stlsq(regression: Regression, threshold: float) -> Support:
    """The columns that remain, in order; there may be none."""
    support = np.arange(regression.n_columns)
    for _ in range(MOST_ROUNDS):
        if not support.size:
            break
        large = np.abs(regression.fit(support)) >= threshold
        if large.all():
            break
        support = support[large]
    return tuple(support.tolist())


def supports(regression: Regression, most: int) -> dict[int, Support]:
    """The best support found of each size from 0 to ``most``."""
    if regression.is_zero:
        return {0: ()}
    best: dict[int, Support] = {0: ()}
    for start in {stlsq(regression, threshold) for threshold in (0.0, *THRESHOLDS)}:
        for support in _pruned(regression, start):
            if 0 < len(support) <= most:
                _keep(regression, best, support)
    for size in sorted(best)[1:]:
        best[size] = _exchanged(regression, best[size])
        if regression.residual(best[size]) <= EXACT:  # more terms could only be wrong
            return {k: support for k, support in best.items() if k <= size}
    return best


def _keep(regression: Regression, best: dict[int, Support], support: Support) -> None:
    known = best.get(len(support))
    if known is None or regression.residual(support) < regression.residual(known):
        best[len(support)] = support


def _pruned(regression: Regression, support: Support) -> list[Support]:
    """A support and those that remain as terms are taken away one by one."""
    found = [support]
    while len(support) > 1:
        rests = [support[:k] + support[k + 1 :] for k in range(len(support))]
        support = min(rests, key=regression.residual)
        found.append(support)
    return found


def _exchanged(regression: Regression, support: Support) -> Support:
    """One column for another, as long as the residual becomes smaller."""
    least = regression.residual(support)
    while True:
        others = [j for j in range(regression.n_columns) if j not in support]
        tries = [
            tuple(sorted((*support[:k], *support[k + 1 :], other))) for k in range(len(support)) for other in others
        ]
        if not tries:
            return support
        residual, better = min((regression.residual(one), one) for one in tries)
        if not residual < EXCHANGE * least:
            return support
        support, least = better, residual
