"""The box around space: which faces lie behind, and at which edges the numbers stand. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from odeplayground.gui.plots import ticks
from odeplayground.gui.plots.space.camera import SIDES, Eye, Floats, Range

ROOM = 44.0
"""Pixels between ticks, at least."""


@dataclass(frozen=True)
class Edge:
    """An edge of the box along an axis, between two points (3,) of it, in the coordinates of the box."""

    axis: int
    ends: Floats

    def at(self, share: float) -> Floats:
        """A point (3,) between the ends."""
        low, high = self.ends
        result: Floats = low + share * (high - low)
        return result


def faces_behind(eye: Eye) -> list[tuple[int, int]]:
    """Of each axis the face farther from the eye, as axis and side (-1 or 1)."""
    return [(axis, side) for axis in range(3) for side in (-1, 1) if not _is_in_front(eye, axis, side)]


def corners(face: tuple[int, int]) -> Floats:
    """The corners (4, 3) of a face in order."""
    axis, side = face
    one, other = (k for k in range(3) if k != axis)
    points = np.empty((4, 3))
    points[:, axis] = side * SIDES[axis]
    points[:, one] = np.array([-1, 1, 1, -1]) * SIDES[one]
    points[:, other] = np.array([-1, -1, 1, 1]) * SIDES[other]
    return points


def across(face: tuple[int, int], axis: int, share: float) -> Floats:
    """A straight line (2, 3) over a face where another axis has gone this share of its way."""
    normal, side = face
    third = next(k for k in range(3) if k not in (normal, axis))
    line = np.empty((2, 3))
    line[:, normal] = side * SIDES[normal]
    line[:, axis] = (2 * share - 1) * SIDES[axis]
    line[:, third] = np.array([-1.0, 1.0]) * SIDES[third]
    return line


def labelled(eye: Eye) -> list[Edge]:
    """For each axis the edge at which its numbers stand: on the outline, below or else to the left."""
    every = [edge for axis in range(3) for edge in _edges(axis)]
    middles = eye.seen_in_box(np.array([edge.at(0.5) for edge in every]).T)[0]
    found = []
    for axis in range(3):
        places = [k for k in range(len(every)) if every[k].axis == axis and _is_outline(eye, every[k])]
        shown = [middles[k][0] if axis == 2 else -middles[k][1] for k in places]
        found.append(every[places[int(np.argmin(shown))]])
    return found


def values(ends: Range, pixels: float) -> tuple[list[float], list[str]]:
    """Ticks within a range that is so many pixels long, and what they say."""
    step = ticks.nice_step(ends[1] - ends[0], pixels, ROOM)
    found = ticks.positions(ends[0], ends[1], step)
    return found, ticks.plain(found, step) if found else []


def _edges(axis: int) -> list[Edge]:
    one, other = (k for k in range(3) if k != axis)
    edges = []
    for a in (-1, 1):
        for b in (-1, 1):
            ends = np.empty((2, 3))
            ends[:, axis] = np.array([-1.0, 1.0]) * SIDES[axis]
            ends[:, one], ends[:, other] = a * SIDES[one], b * SIDES[other]
            edges.append(Edge(axis, ends))
    return edges


def _is_in_front(eye: Eye, axis: int, side: int) -> bool:
    """Whether a face is the one of its axis that is nearer to the eye."""
    return bool((eye.camera.frame[2, axis] > 0) == (side > 0))


def _is_outline(eye: Eye, edge: Edge) -> bool:
    """Whether just one of the two faces at an edge lies in front."""
    sides = [(k, int(np.sign(edge.ends[0, k]))) for k in range(3) if k != edge.axis]
    one, other = (_is_in_front(eye, axis, side) for axis, side in sides)
    return one != other


def label_side(eye: Eye, edge: Edge) -> Floats:
    """The direction (2,) from an edge away from the box, of length 1."""
    pixels, _ = eye.seen_in_box(np.concatenate((edge.ends, np.zeros((1, 3)))).T)
    along = pixels[1] - pixels[0]
    away = np.array([along[1], -along[0]])
    out = 0.5 * (pixels[0] + pixels[1]) - pixels[2]
    if away @ out < 0:
        away = -away
    length = float(np.hypot(*away))
    result: Floats = away / length if length else np.array([0.0, 1.0])
    return result


def shares(found: Sequence[float], ends: Range) -> list[float]:
    """How far along its axis each number is, from 0 to 1."""
    return [(value - ends[0]) / (ends[1] - ends[0]) for value in found]
