"""A grid over the box: which of its cells may hold an equilibrium, by the signs and the turns of the field."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.index import cell_indices

ON_AN_AXIS = {1: 513, 2: 45}
"""Nodes per axis for systems with one or two states. For more states there is no grid."""
HALVINGS = 50
"""Cells are halved until their size is that of rounding errors."""
MOST = 64
"""Of more cells than this that hold no known root some are left out."""


class Cells:
    """The field on a grid."""

    def __init__(self, field: BoundField, box: Floats) -> None:
        self._field = field
        self.axes = [low + _share(ON_AN_AXIS[box.shape[0]]) * (high - low) for low, high in box]
        nodes = np.array(np.meshgrid(*self.axes, indexing="xy")).reshape(box.shape[0], -1)
        shape = tuple(axis.size for axis in reversed(self.axes))
        self.values = field.rhs(0.0, nodes).reshape(box.shape[0], *shape)

    def centres(self) -> Floats:
        """Centres (n_states, k) of the cells in which every component changes its sign, or around which it turns."""
        corners = _corners(self.values)
        changing = ((corners.min(axis=0) <= 0) & (corners.max(axis=0) >= 0)).all(axis=0)
        if len(self.axes) == 2:
            changing |= cell_indices(self.values) != 0
        low, high = self._edges(changing)
        return 0.5 * (low + high)

    def unresolved(self, roots: Floats) -> Floats:
        """Points where an equilibrium has to be that is not among the roots, by halving cells; (n_states, k).

        With one state the sign changes in such a cell, with two states its index is not 0. Jumps and poles give
        points, too.
        """
        certain = cell_indices(self.values) != 0 if len(self.axes) == 2 else self._sign_changes()
        low, high = self._edges(certain)
        margin = 0.05 * (high - low)
        near = (roots[:, None] >= (low - margin)[:, :, None]) & (roots[:, None] <= (high + margin)[:, :, None])
        empty = ~np.logical_or.reduce(np.logical_and.reduce(near, axis=0), axis=1)
        low, high = low[:, empty][:, :MOST], high[:, empty][:, :MOST]
        for step in range(HALVINGS * len(self.axes)):
            if not low.shape[1]:
                break
            low, high = self._halved(low, high, step % len(self.axes))
        return 0.5 * (low + high)

    def _edges(self, chosen: Flags) -> tuple[Floats, Floats]:
        places = np.nonzero(chosen)[::-1]
        low = np.array([axis[place] for axis, place in zip(self.axes, places, strict=True)])
        high = np.array([axis[place + 1] for axis, place in zip(self.axes, places, strict=True)])
        return low, high

    def _sign_changes(self) -> Flags:
        signs = np.sign(self.values[0])
        result: Flags = signs[1:] * signs[:-1] < 0
        return result

    def _halved(self, low: Floats, high: Floats, axis: int) -> tuple[Floats, Floats]:
        """The halves, along an axis, that the equilibrium is in; cells where that cannot be told drop out."""
        middle = 0.5 * (low[axis] + high[axis])
        first_high, second_low = high.copy(), low.copy()
        first_high[axis] = second_low[axis] = middle
        if len(self.axes) == 1:
            start, between = self._field.rhs(0.0, low)[0], self._field.rhs(0.0, middle[None])[0]
            first = (np.sign(start) * np.sign(between) <= 0) & np.isfinite(between)
            second = ~first & np.isfinite(between)
        else:
            first, second = self._index(low, first_high) != 0, self._index(second_low, high) != 0
            second &= ~first
        return (
            np.concatenate([low[:, first], second_low[:, second]], axis=1),
            np.concatenate([first_high[:, first], high[:, second]], axis=1),
        )

    def _index(self, low: Floats, high: Floats) -> Floats:
        """Indices of small boxes, each from eight points of its border, (k,)."""
        share = np.array([[0, 1, 2, 2, 2, 1, 0, 0], [0, 0, 0, 1, 2, 2, 2, 1]]) / 2.0
        points = low[:, None] + share[:, :, None] * (high - low)[:, None]
        values = self._field.rhs(0.0, points.reshape(2, -1)).reshape(points.shape)
        angles = np.arctan2(values[1], values[0])
        turns = np.diff(np.concatenate([angles, angles[:1]]), axis=0)
        turns -= 2 * np.pi * np.rint(turns / (2 * np.pi))
        total = turns.sum(axis=0)
        result: Floats = np.rint(np.where(np.isfinite(total), total, 0.0) / (2 * np.pi))
        return result


def _share(count: int) -> Floats:
    """Nodes between 0 and 1. Inner ones are shifted: symmetric systems have special points in the middle."""
    inner = (np.arange(1, count - 1) + 0.37 * 0.5) / (count - 1)
    return np.concatenate([[0.0], inner, [1.0]])


def _corners(values: Floats) -> Floats:
    """The values at the corners of the cells, (corners, n_states, ...)."""
    if values.ndim == 2:
        return np.array([values[:, :-1], values[:, 1:]])
    left, right = values[:, :, :-1], values[:, :, 1:]
    return np.array([left[:, :-1], left[:, 1:], right[:, :-1], right[:, 1:]])
