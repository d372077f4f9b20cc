"""The points of a Poincaré section."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from odeplayground.gui.plots.screen import Floats, Layer, Mapping
from odeplayground.gui.theme import theme

SIZE = 3.0
OLD = 0.3
"""Opacity of points that belong to what was before."""


class SectionDots(Layer):
    """Many small dots; they are faint while they belong to another value."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._points: Floats = np.empty((0, 2))
        self._old = False
        self.set_visible(False)

    def __len__(self) -> int:
        return len(self._points)

    def set_points(self, points: Floats, old: bool) -> None:
        """Replace all dots, (k, 2) in data coordinates."""
        finite = points[np.isfinite(points).all(axis=1)]
        if old != self._old or not np.array_equal(finite, self._points):
            self._points, self._old = finite, old
            self.refresh(len(finite) > 0)

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        draw_dots(painter, mapping.points(self._points), view, self._old)


def draw_dots(painter: QPainter, pixels: Floats, view: QRectF, old: bool) -> None:
    """Dots at pixels (k, 2), as far as they are in view."""
    x, y = pixels.T
    seen = pixels[(x > view.left()) & (x < view.right()) & (y > view.top()) & (y < view.bottom())]
    if not len(seen):  # an empty polygon cannot be written to
        return
    if not len(seen):
        return
    pen = QPen(theme().color("ink", OLD if old else 0.9), SIZE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(pg.functions.arrayToQPolygonF(seen[:, 0], seen[:, 1]))
