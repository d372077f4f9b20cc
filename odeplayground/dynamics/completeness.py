"""Whether the indices of the equilibria that were found add up to the index of the border of the box."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import BoundField
from odeplayground.dynamics.index import border, circle, index_along
from odeplayground.spec import Degeneracy

AROUND = 1e-3
"""Radius, in widths of the box, of the circle on which the index of a degenerate equilibrium is found."""


class IndexCheck(msgspec.Struct, frozen=True):
    """Two sums that have to be equal if every equilibrium in the box was found."""

    border: int | None
    """The index of the border; ``None`` if it is not defined or there are more than two states."""
    found: int | None
    """The sum over the equilibria that were found; ``None`` if one of them has no index."""
    message: str = ""
    """A sentence if they differ, or cannot be compared."""

    @property
    def agrees(self) -> bool | None:
        """Whether they are equal; ``None`` if they cannot be compared."""
        if self.border is None or self.found is None:
            return None
        return self.border == self.found


def check(field: BoundField, box: Floats, points: Sequence[tuple[Floats, int | None, Degeneracy | None]]) -> IndexCheck:
    """Compare; points are states with their index and degeneracy."""
    if box.shape[0] > 2:
        return IndexCheck(None, None, "With more than two states it is not known whether there are others.")
    total = _total([index for _, index, _ in points])
    around = index_along(field, border(box)) if box.shape[0] == 2 else _of_interval(field, box[0])
    if any(reason is Degeneracy.LINE for _, _, reason in points):
        return IndexCheck(around, total, "There is a line of equilibria, of which some points are given.")
    if around is None:
        return IndexCheck(
            None,
            total,
            "The index of the border is not defined, so that it is not known whether there are other equilibria.",
        )
    if total is None:
        return IndexCheck(
            around, None, "An equilibrium has no index, so that it is not known whether there are others."
        )
    if around != total:
        sentence = f"The index of the border is {around:+d}, but the equilibria found add up to {total:+d}"
        return IndexCheck(around, total, f"{sentence}: some are missing, or the equations jump or have a pole.")
    return IndexCheck(around, total)


def index_of(field: BoundField, box: Floats, roots: Floats, k: int, matrix: Floats | None) -> int | None:
    """The index of one of the roots (n_states, m): by its Jacobian or, without one, by a small circle around it."""
    if box.shape[0] > 2:
        return None
    if matrix is not None:
        return int(np.sign(np.linalg.det(matrix)))
    width = box[:, 1] - box[:, 0]
    apart = np.abs((roots - roots[:, k : k + 1]) / width[:, None]).max(axis=0)
    apart[k] = np.inf
    radius = min(AROUND, 0.4 * float(apart.min()))
    if box.shape[0] == 1:
        return _of_interval(field, roots[0, k] + radius * width[0] * np.array([-1.0, 1.0]))
    return index_along(field, circle(roots[:, k], radius * width))


def _of_interval(field: BoundField, ends: Floats) -> int | None:
    """With one state: 1 if the state grows at the right end and shrinks at the left one, -1 for the opposite."""
    left, right = np.sign(field.rhs(0.0, ends[None, :])[0])
    difference = float(right - left) / 2
    return int(difference) if left and right and np.isfinite(difference) else None


def _total(indices: Sequence[int | None]) -> int | None:
    known = [index for index in indices if index is not None]
    return sum(known) if len(known) == len(indices) else None
