"""Lines of height zero on a grid."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats


class Grid:
    """The nodes of a grid along both axes, for several contours."""

    def __init__(self, xs: Floats, ys: Floats) -> None:
        self.xs, self.ys = xs, ys
        self.nodes = np.empty((2, ys.size * xs.size))
        """All nodes, row by row, (2, ny nx)."""
        self._x, self._y = self.nodes.reshape(2, ys.size, xs.size)
        self._x[:], self._y[:] = xs, ys[:, None]
        self.cell = np.array([[xs[1] - xs[0]], [ys[1] - ys[0]]])
        """The size of a cell, (2, 1)."""

    def zeros(self, values: Floats, usable: Flags) -> list[Floats]:
        """Lines (k, 2) along which values (ny, nx), interpolated in cells whose nodes are usable, are zero."""
        import contourpy

        if usable.all():  # twice as fast, but cells with a corner that cannot be used would be lost
            quick = contourpy.Mpl2005ContourGenerator(self._x, self._y, values, ~usable, x_chunk_size=0, y_chunk_size=0)
            return cast("list[Floats]", quick.lines(0.0)[0])
        # Not by contour_generator(), which takes as long to look at its arguments as the contours take.
        generator = contourpy.SerialContourGenerator(
            self._x,
            self._y,
            values,
            ~usable,
            corner_mask=True,
            line_type=contourpy.LineType.Separate,
            fill_type=contourpy.FillType.OuterCode,
            quad_as_tri=False,
            z_interp=contourpy.ZInterp.Linear,
            x_chunk_size=0,
            y_chunk_size=0,
        )
        return cast("list[Floats]", generator.lines(0.0))


@lru_cache(maxsize=4)
def grid(x_range: tuple[float, float], y_range: tuple[float, float], resolution: tuple[int, int]) -> Grid:
    """The grid with so many nodes along x and y. While parameters change it stays the same."""
    return Grid(np.linspace(*x_range, resolution[0]), np.linspace(*y_range, resolution[1]))
