"""From three axes to pixels: a box seen from a direction, with a little perspective. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Range = tuple[float, float]

SIDES = np.array([1.0, 1.0, 0.82])
"""Half the box, across and up."""
DISTANCE = 6.5
"""From the eye to the middle of the box."""
_ROOM = (46.0, 36.0)
"""Pixels for the numbers, beside and below the box,"""
_REACHES = (1.5, 1.4)
"""and how far the box reaches from its middle, across and up, in halves of its side."""
MIDDLE = 0.475
"""How far down the middle of the box is: the numbers below it need room."""
STEEPEST = 89.0
_REACH = float(np.linalg.norm(SIDES))


@dataclass(frozen=True)
class Camera:
    """Where somebody looks from; angles in degrees."""

    azimuth: float = -55.0
    elevation: float = 20.0
    zoom: float = 1.0

    def turned(self, right: float, up: float) -> Camera:
        """Turned by degrees."""
        azimuth = (self.azimuth + right + 180.0) % 360.0 - 180.0
        return replace(self, azimuth=azimuth, elevation=min(max(self.elevation + up, -STEEPEST), STEEPEST))

    def zoomed(self, factor: float) -> Camera:
        """Closer by a factor above 1."""
        return replace(self, zoom=min(max(self.zoom * factor, 0.2), 20.0))

    @property
    def frame(self) -> Floats:
        """To the right, up, and towards the eye, each a row (3,): an orthonormal frame."""
        a, e = math.radians(self.azimuth), math.radians(self.elevation)
        right = (-math.sin(a), math.cos(a), 0.0)
        up = (-math.sin(e) * math.cos(a), -math.sin(e) * math.sin(a), math.cos(e))
        towards = (math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e))
        return np.array([right, up, towards])


@dataclass(frozen=True)
class Eye:
    """A camera before a box of data, and a picture of some size."""

    camera: Camera
    ranges: tuple[Range, Range, Range]
    width: float
    height: float

    def box(self, points: Floats) -> Floats:
        """Data (k, 3) in the coordinates of the box, (3, k), whose corners are at ``SIDES``."""
        middle, stretch = self._scales
        boxed: Floats = points.T - middle[:, None]
        boxed *= stretch[:, None]
        return boxed

    def seen(self, points: Floats) -> tuple[Floats, Floats]:
        """Pixels (k, 2) of data (k, 3), and how near each is, (k,): 1 and more in front of the box, 0 behind it.

        What lies behind the eye is NaN.
        """
        return self.seen_in_box(self.box(points))

    def seen_in_box(self, box: Floats) -> tuple[Floats, Floats]:
        """The same for points (3, k) in the coordinates of the box."""
        # Not as a product of matrices: for these the library would wake threads, which takes longer than the sums.
        right, up, towards = (_weighted(row, box) for row in self._frame)
        scale = DISTANCE - towards
        with np.errstate(divide="ignore", invalid="ignore"):
            np.divide(self._size, scale, out=scale)
            scale[scale <= 0] = np.nan
        pixels = np.empty((box.shape[1], 2))
        np.multiply(scale, right, out=pixels[:, 0])
        np.multiply(scale, up, out=pixels[:, 1])
        pixels *= (1.0, -1.0)
        pixels += (0.5 * self.width, MIDDLE * self.height)
        towards *= 0.5 / _REACH
        towards += 0.5
        return pixels, towards

    @cached_property
    def _frame(self) -> list[list[float]]:
        rows: list[list[float]] = self.camera.frame.tolist()
        return rows

    @cached_property
    def _size(self) -> float:
        """Pixels per side of the box, times the distance."""
        sides = (self.width, self.height)
        halves = [(0.5 * side - room) / reach for side, room, reach in zip(sides, _ROOM, _REACHES, strict=True)]
        return max(20.0, min(halves)) * self.camera.zoom * DISTANCE

    @cached_property
    def _scales(self) -> tuple[Floats, Floats]:
        low, high = np.array(self.ranges).T
        return 0.5 * (low + high), 2.0 * SIDES / (high - low)


def _weighted(weights: list[float], rows: Floats) -> Floats:
    """The weighted sum (k,) of rows (3, k)."""
    total: Floats = weights[0] * rows[0]
    total += weights[1] * rows[1]
    if weights[2]:
        total += weights[2] * rows[2]
    return total
