"""Layers of a plot, which draw in logical pixels: line widths and signs keep their size at every zoom."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mapping:
    """From data to logical pixels: ``px = sx * x + tx`` and ``py = sy * y + ty``."""

    sx: float
    sy: float
    tx: float
    ty: float

    @property
    def valid(self) -> bool:
        """Whether there is any room to draw in."""
        return all(map(math.isfinite, (self.sx, self.sy, self.tx, self.ty))) and self.sx != 0 and self.sy != 0

    def points(self, data: Floats) -> Floats:
        """(k, 2) data points in pixels."""
        return data * (self.sx, self.sy) + (self.tx, self.ty)

    def point(self, x: float, y: float) -> QPointF:
        """One data point in pixels."""
        return QPointF(self.sx * x + self.tx, self.sy * y + self.ty)

    def data(self, pixel: QPointF) -> tuple[float, float]:
        """Data coordinates of a pixel."""
        return (pixel.x() - self.tx) / self.sx, (pixel.y() - self.ty) / self.sy


class Layer:
    """A part of a plot that fills it and draws in pixels. A :class:`Canvas` paints it.

    ``z`` orders the layers. Those that change often and are quickly drawn may be ``live``: they are drawn anew in every
    picture, above all the others, which are drawn once and kept.
    """

    def __init__(self, z: float, live: bool = False) -> None:
        self.z = z
        self.live = live
        self.changed: Callable[[Layer], None] | None = None
        """Told when the layer looks different now; set by whoever paints it."""
        self._visible = True

    @property
    def visible(self) -> bool:
        """Whether it is painted at all."""
        return self._visible

    def set_visible(self, visible: bool) -> None:
        """Show or hide it."""
        if visible != self._visible:
            self._visible = visible
            self.update()

    def refresh(self, has_content: bool) -> None:
        """The content changed; without any, painting is skipped altogether."""
        if has_content or self._visible:
            self._visible = has_content
            self.update()

    def update(self) -> None:
        """It looks different now."""
        if self.changed is not None:
            self.changed(self)

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        """Paint in pixels; ``view`` is the visible plot, ``exposed`` the part of it that needs painting."""
        raise NotImplementedError


def draw_lines(painter: QPainter, segments: Floats) -> None:
    """Draw (n, 4) segments x1, y1, x2, y2 in one call, without a Python object for each."""
    lines = np.ascontiguousarray(segments, dtype=np.float64)
    if lines.size:
        first: Any = shiboken6.wrapInstance(lines.ctypes.data, QLineF)
        painter.drawLines(first, lines.shape[0])


def draw_polyline(painter: QPainter, points: Floats) -> None:
    """Draw (k, 2) points as one connected line."""
    polygon: QPolygonF = pg.functions.arrayToQPolygonF(points[:, 0], points[:, 1])
    painter.drawPolyline(polygon)
