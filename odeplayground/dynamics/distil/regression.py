"""Least squares on few of many columns, again and again: once the data are reduced, no time depends on their number."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers

FOLDS = 5
BLOCKS = 20
"""So many runs of neighbouring points are dealt out to the folds: neighbours tell the same, so they stay together."""
Support = tuple[int, ...]
"""Numbers of the columns that count, in order."""


class Regression:
    """Columns (m, n) and a target (m,), each in units of its root mean square.

    With the orthogonal factorisation [columns, target] = Q R the residual of coefficients c is as long as R (c, -1);
    R is small. One R is kept per fold for cross-validation.
    """

    def __init__(self, columns: Floats, target: Floats) -> None:
        sizes = _sizes(np.column_stack([columns, target]))
        self.units: Floats = sizes[:-1]
        self.size = float(sizes[-1])
        self.n_points, self.n_columns = columns.shape
        scaled = np.column_stack([columns, target]) / sizes
        fold = np.arange(self.n_points) * BLOCKS // self.n_points % FOLDS
        self._parts = [_triangle(scaled[fold == k]) for k in range(FOLDS)]
        self._whole = _triangle(np.vstack(self._parts))
        self._rests = [_triangle(np.vstack(self._parts[:k] + self._parts[k + 1 :])) for k in range(FOLDS)]

    @property
    def is_zero(self) -> bool:
        """Whether the target is zero everywhere."""
        return not np.any(self._whole[:, -1])

    def fit(self, support: Sequence[int] | Integers) -> Floats:
        """The scaled coefficients (k,) of some columns with the least residual."""
        return _solved(self._whole, support)

    def residual(self, support: Sequence[int] | Integers) -> float:
        """The least residual with these columns: root mean square relative to that of the target."""
        return self._length(self._whole, support, self.fit(support)) / math.sqrt(self.n_points)

    def without_fold(self, support: Support) -> Floats:
        """The scaled coefficients (folds, k), each time without one fold."""
        return np.stack([_solved(rest, support) for rest in self._rests])

    def validated(self, support: Support) -> float:
        """The residual at points that the coefficients were not fitted to, all folds together, relative as above."""
        pairs = zip(self._parts, self.without_fold(support), strict=True)
        squares = sum(self._length(part, support, scaled) ** 2 for part, scaled in pairs)
        return float(np.sqrt(squares / self.n_points))

    def held(self, support: Support, fixed: dict[int, float]) -> Floats:
        """The coefficients (k,) with the least residual, in the data's own units, where some have a value already."""
        free = [column for column in support if column not in fixed]
        target = self._whole[:, -1].copy()
        for column, value in fixed.items():
            target -= self._whole[:, column] * (value * self.units[column] / self.size)
        found = dict(zip(free, _least(self._whole[:, free], target) * self.size / self.units[free], strict=True))
        return np.array([fixed.get(column, found.get(column, 0.0)) for column in support])

    def residual_of(self, support: Support, coefficients: Floats) -> float:
        """The residual of coefficients (k,) in the data's own units, relative as above."""
        scaled = coefficients * self.units[list(support)] / self.size
        return self._length(self._whole, support, scaled) / math.sqrt(self.n_points)

    @staticmethod
    def _length(factor: Floats, support: Sequence[int] | Integers, scaled: Floats) -> float:
        return float(np.linalg.norm(factor[:, support] @ scaled - factor[:, -1]))


def _triangle(matrix: Floats) -> Floats:
    """The factor R of the orthogonal factorisation."""
    return np.asarray(np.linalg.qr(matrix, mode="r"), dtype=np.float64)


def _solved(factor: Floats, support: Sequence[int] | Integers) -> Floats:
    return _least(factor[:, support], factor[:, -1])


def _least(columns: Floats, target: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(columns, target, rcond=None)[0], dtype=np.float64)


def _sizes(columns: Floats) -> Floats:
    """Root mean square of each column; one for a column of zeros."""
    sizes: Floats = np.asarray(np.sqrt(np.mean(columns**2, axis=0)), dtype=np.float64)
    sizes[sizes == 0] = 1.0
    return sizes
