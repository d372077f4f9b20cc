"""Coefficients with as few digits as their errors allow."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.distil.regression import Regression, Support

LEAST_ERROR = 1e-6
"""Relative to the coefficient: nobody wants to see more digits than six or seven."""
SHARES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.0)
NO_WORSE = 1.02
"""So much larger the residual may become by rounding all coefficients."""


def standard_errors(regression: Regression, support: Support) -> Floats:
    """Of the coefficients (k,), in the data's own units: by leaving out one fold at a time.

    The jackknife with groups (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 11); residuals of
    neighbouring points are alike, so that the usual formula would tell far too little.
    """
    scaled = regression.without_fold(support)
    folds = len(scaled)
    spread = np.sqrt((folds - 1) / folds * np.sum((scaled - scaled.mean(axis=0)) ** 2, axis=0))
    errors: Floats = spread * regression.size / regression.units[list(support)]
    return errors


def shortest(value: float, error: float) -> float:
    """The number with the fewest digits that is no farther away than the error."""
    allowed = max(abs(error), LEAST_ERROR * abs(value))
    return next(
        (short for digits in range(1, 17) if abs((short := float(f"{value:.{digits - 1}e}")) - value) <= allowed), value
    )


def rounded(regression: Regression, support: Support) -> Floats:
    """The coefficients (k,) with the least residual, rounded one after the other, the surest first.

    Those that are not rounded yet are fitted again each time, so that they make up for it. If that makes the residual
    larger all the same, less of the error is allowed.
    """
    if not support:
        return np.empty(0)
    errors, exact = standard_errors(regression, support), regression.held(support, {})
    limit = NO_WORSE * regression.residual_of(support, exact) + LEAST_ERROR
    order = np.argsort(errors / np.maximum(np.abs(exact), 1e-300))
    for share in SHARES:
        fixed: dict[int, float] = {}
        for k in order.tolist():
            value = float(regression.held(support, fixed)[k])
            fixed[support[k]] = shortest(value, share * float(errors[k]))
        found = np.array([fixed[column] for column in support])
        if regression.residual_of(support, found) <= limit:
            return found
    return found
