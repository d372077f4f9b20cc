"""Items of a plot that draw in logical pixels: line widths and signs keep their size at every zoom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mapping:
    """From data to logical pixels: ``px = sx * x + tx`` and ``py = sy * y + ty``."""

    sx: float
    sy: float
    tx: float
    ty: float

    @classmethod
    def of(cls, transform: QTransform) -> Mapping:
        return cls(transform.m11(), transform.m22(), transform.dx(), transform.dy())

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


class ScreenItem(pg.GraphicsObject):
    """Fills the view and draws in pixels; asks subclasses only for what is exposed."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self.setZValue(z)
        # Without this flag Qt reports the whole item as exposed, and a moving dot would repaint everything.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._view_rect: QRectF | None = None

    def boundingRect(self) -> QRectF:
        if self._view_rect is None:  # Qt asks several times for each picture
            box = self.getViewBox()
            if box is None:
                return QRectF()
            self._view_rect = box.viewRect()
        return self._view_rect

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self._view_rect = None
        self.update()

    def refresh(self, has_content: bool) -> None:
        """The content changed; without any, painting is skipped altogether."""
        self.setVisible(has_content)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        transform = painter.transform()
        mapping = Mapping.of(transform)
        if not mapping.valid:
            return
        view = transform.mapRect(self.boundingRect())
        exposed = transform.mapRect(option.exposedRect).intersected(view)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self.draw(painter, mapping, view, exposed)
        finally:
            painter.restore()

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
