"""The region that is being drawn with the mouse, and rings around the starting points that it caught."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from odeplayground.gui.plots.screen import Floats, Layer, Mapping
from odeplayground.gui.theme import theme

SPACING = 28.0
"""Pixels between new starting points."""
_STEP = 3.0
_LEAST = 12.0
"""Pixels across that a region has at least."""
_RING = 8.0


class Lasso(Layer):
    """A polygon in pixels while it is drawn. ``place`` tells where a starting point is, in pixels."""

    def __init__(self, z: float, place: Callable[[int], QPointF]) -> None:
        super().__init__(z, live=True)
        self._place = place
        self._points: list[QPointF] = []
        self._group: tuple[int, ...] = ()
        self.set_visible(False)

    @property
    def group(self) -> tuple[int, ...]:
        """The starting points that were caught."""
        return self._group

    def set_group(self, numbers: Sequence[int]) -> None:
        """Put rings around these starting points."""
        if tuple(numbers) != self._group:
            self._group = tuple(numbers)
            self._refresh()

    def extend(self, at: QPointF) -> None:
        """The mouse went on to a pixel."""
        if not self._points or (at - self._points[-1]).manhattanLength() >= _STEP:
            self._points.append(at)
            self._refresh()

    def close(self) -> Floats | None:
        """The polygon (k, 2) in pixels, which is gone then; ``None`` where it is too small to mean anything."""
        points = np.array([(point.x(), point.y()) for point in self._points]).reshape(-1, 2)
        self._points = []
        self._refresh()
        return points if len(points) > 2 and np.ptp(points, axis=0).max() >= _LEAST else None

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        painter.setPen(QPen(theme().color("accent"), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(theme().color("accent", 0.10))
        if len(self._points) > 1:
            painter.drawPolygon(QPolygonF(self._points))
        painter.setPen(QPen(theme().color("accent"), 1.6))
        painter.setBrush(theme().color("accent", 0.18))
        for number in self._group:
            painter.drawEllipse(self._place(number), _RING, _RING)

    def _refresh(self) -> None:
        self.refresh(bool(self._points or self._group))
