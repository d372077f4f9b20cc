"""Lines of height zero on a grid."""

from __future__ import annotations

from typing import cast

import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats


class Grid:
    """The nodes of a grid along both axes, for several contours."""

    def __init__(self, xs: Floats, ys: Floats) -> None:
        self.xs, self.ys = xs, ys
        self._x, self._y = np.tile(xs, (ys.size, 1)), np.repeat(ys[:, None], xs.size, axis=1)
        self.cell = np.array([[xs[1] - xs[0]], [ys[1] - ys[0]]])
        """The size of a cell, (2, 1)."""

    @property
    def nodes(self) -> Floats:
        """All nodes, row by row, (2, ny nx)."""
        return np.array([self._x.ravel(), self._y.ravel()])

    def zeros(self, values: Floats, usable: Flags) -> list[Floats]:
        """Lines (k, 2) along which values (ny, nx), interpolated in cells whose nodes are usable, are zero."""
        import contourpy

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
