"""What is already taken by lines in the plane, on a raster."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats


class Taken:
    """Which pixels of a window [0, size] lie within a distance of the lines that were added.

    The answer errs to one side: every point within the distance is taken, and points up to one and a half pixels
    further away may be.
    """

    def __init__(self, size: Floats, distance: float, per_distance: int) -> None:
        self.pixel = distance / per_distance
        self._reach = distance + self.pixel * np.sqrt(0.5)
        half = int(np.ceil(self._reach / self.pixel + 0.5))
        self._margin = half
        columns, rows = (int(np.ceil(side / self.pixel)) for side in size.ravel())
        # With a margin on all sides no stamp needs clipping.
        self._raster = np.zeros((rows + 2 * half + 1, columns + 2 * half + 1), dtype=bool)
        dy, dx = np.mgrid[-half : half + 1, -half : half + 1]
        self._stamp = dy.ravel() * self._raster.shape[1] + dx.ravel()
        self._dx, self._dy = dx.ravel()[:, None], dy.ravel()[:, None]
        self._flat = self._raster.ravel()

    def add(self, line: Floats) -> None:
        """Take what is near to the points of a line, (2, k)."""
        column, row = (line / self.pixel).astype(np.int64)
        off_x = line[0] / self.pixel - column - 0.5
        off_y = line[1] / self.pixel - row - 0.5
        near = (self._dx - off_x) ** 2 + (self._dy - off_y) ** 2 <= (self._reach / self.pixel) ** 2
        where = self._stamp[:, None] + (row + self._margin) * self._raster.shape[1] + column + self._margin
        self._flat[where[near]] = True

    def at(self, points: Floats) -> Flags:
        """Whether points (2, k) are taken; those outside of the window are not."""
        # Points that are not numbers become some pixel of the margin.
        place = (points / self.pixel).astype(np.int64)
        column = np.minimum(np.maximum(place[0] + self._margin, 0), self._raster.shape[1] - 1)
        row = np.minimum(np.maximum(place[1] + self._margin, 0), self._raster.shape[0] - 1)
        result: Flags = self._flat[row * self._raster.shape[1] + column]
        return result

    @property
    def inner(self) -> Flags:
        """The pixels of the window, (rows, columns)."""
        half = self._margin
        return self._raster[half : -half - 1, half : -half - 1]
