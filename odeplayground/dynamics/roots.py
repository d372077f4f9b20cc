"""Which of the points that a search has found are zeros of the field, and which of them are the same."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats
from odeplayground.dynamics.fields import BoundField

SAME = 1e-7
"""Roots closer than this, in widths of the box, are one."""
SAME_IF_DEGENERATE = 2e-4
"""Degenerate roots cannot be located well: rounding moves a triple root by about the cube root of 1e-16."""
MOST_DEGENERATE = 12
"""Of a line of equilibria so many points are kept."""
MOST = 1000
"""And so many of all others."""
TOGETHER = 0.02
"""Roots closer than this, in widths of the box, may have another one between them."""
MOST_PAIRED = 100
"""Of so many roots the pairs are looked at."""
BESIDE, CLOSE = 1e-5, 1e-8
"""Two distances, in widths of the box, at which the field is compared with what it is at a root."""


def inside(roots: Floats, box: Floats) -> Floats:
    """The roots (n_states, k) in the box, the rim included."""
    slack = 1e-9 * (box[:, 1:] - box[:, :1])
    return roots[:, ((roots >= box[:, :1] - slack) & (roots <= box[:, 1:] + slack)).all(axis=0)]


def genuine(field: BoundField, roots: Floats, box: Floats, typical: Floats) -> Flags:
    """Whether the field is zero at each root as far as that can be told, (k,).

    Each component has to be much smaller there than it changes nearby, and that change has to be a continuous one:
    across a jump a component changes as much over a short distance as over a longer one. ``typical`` (n_states, 1) is
    the usual size of the components, of which rounding errors are a share.
    """
    value = field.rhs(0.0, roots)
    continuous = change(field, roots, value, box, BESIDE) - change(field, roots, value, box, CLOSE)
    small = np.abs(value) <= 0.1 * np.nan_to_num(continuous) + 1e-14 * typical
    result: Flags = np.logical_and.reduce(small, axis=0)
    return result


def change(field: BoundField, roots: Floats, value: Floats, box: Floats, distance: float) -> Floats:
    """The largest change of each component over a distance along the axes, (n_states, k)."""
    n, k = roots.shape
    steps = distance * np.concatenate([np.eye(n), -np.eye(n)], axis=1) * (box[:, 1:] - box[:, :1])
    beside = field.rhs(0.0, (roots[:, None, :] + steps[:, :, None]).reshape(n, -1)).reshape(n, 2 * n, k)
    result: Floats = np.fmax.reduce(np.abs(beside - value[:, None, :]), axis=1, initial=0.0)
    return result


def thinned(roots: Floats, box: Floats, distance: float) -> Floats:
    """Roots that lie further apart than this, in widths of the box."""
    width = box[:, 1:] - box[:, :1]
    place = (roots - box[:, :1]) / width
    left = np.arange(roots.shape[1])
    kept: list[int] = []
    while left.size and len(kept) < MOST:
        kept.append(int(left[0]))
        apart = np.abs(place[:, left] - place[:, left[:1]]).max(axis=0)
        left = left[apart > distance]
    return roots[:, kept]


def between(roots: Floats, box: Floats) -> Floats:
    """Points (n_states, m) between roots that lie close together, where searches from afar seldom end.

    Not right in the middle: between the two of a fold the Jacobian is singular there.
    """
    place = (roots / (box[:, 1:] - box[:, :1])).T
    first, second = np.triu_indices(min(len(place), MOST_PAIRED), 1)
    near = np.abs(place[first] - place[second]).max(axis=1) < TOGETHER
    return 0.55 * roots[:, first[near]] + 0.45 * roots[:, second[near]]


def merged(field: BoundField, roots: Floats, box: Floats, degenerate: Flags) -> Floats:
    """Different roots; degenerate ones are merged more generously, and lines of them thinned out."""
    residual = np.abs(field.rhs(0.0, roots)).max(axis=0)
    order = np.lexsort((residual, degenerate))
    roots, degenerate = roots[:, order], degenerate[order]
    simple = thinned(roots[:, ~degenerate], box, SAME)
    flat = thinned(roots[:, degenerate], box, SAME_IF_DEGENERATE)
    return np.concatenate([simple, _spread(flat, box, MOST_DEGENERATE)], axis=1)


def _spread(roots: Floats, box: Floats, most: int) -> Floats:
    """At most so many of the roots, far from each other: each time the one furthest from those that are chosen."""
    if roots.shape[1] <= most:
        return roots
    place = (roots - box[:, :1]) / (box[:, 1:] - box[:, :1])
    chosen = [int(np.argmin(place.sum(axis=0)))]
    distance = np.linalg.norm(place - place[:, chosen], axis=0)
    while len(chosen) < most:
        chosen.append(int(np.argmax(distance)))
        distance = np.minimum(distance, np.linalg.norm(place - place[:, chosen[-1:]], axis=0))
    return roots[:, chosen]
