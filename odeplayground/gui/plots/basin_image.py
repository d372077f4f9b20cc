"""The basins of attraction as soft colours behind everything else."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from odeplayground.gui.plots.screen import Layer, Mapping
from odeplayground.gui.theme import theme
from odeplayground.gui.theme.basins import token_of
from odeplayground.session.scene import BasinMap

AWAY, UNDECIDED = -2, -1
OLD = 0.35
"""Opacity of a map that belongs to other values than those of now."""


class BasinImage(Layer):
    """One colour per attractor; where trajectories go away it is grey, where nothing is known the plane shows."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._map: BasinMap | None = None
        self._image: QImage | None = None
        self._old = False

    def set_map(self, basins: BasinMap | None, old: bool = False) -> None:
        """Show a map, or nothing; an ``old`` one is faint."""
        if basins is not self._map:
            self._map, self._image, self._old = basins, None, old
            self.refresh(basins is not None)
        elif old != self._old:
            self._old = old
            self.update()

    def dress(self) -> None:
        """Take over the colours of the theme."""
        self._image = None
        self.update()

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        if self._map is None:
            return
        if self._image is None:
            self._image = _picture(self._map)
        (x0, x1), (y0, y1) = self._map.x_range, self._map.y_range
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(OLD if self._old else 1.0)
        painter.setTransform(QTransform(mapping.sx, 0, 0, mapping.sy, mapping.tx, mapping.ty), combine=True)
        painter.drawImage(QRectF(x0, y0, x1 - x0, y1 - y0), self._image)


def _picture(basins: BasinMap) -> QImage:
    labels = basins.labels.astype(np.intp)
    colours = [theme().color("hover"), theme().color("surface")]
    colours += [theme().color(token_of(label)) for label in range(max(1, len(basins.ends)))]
    codes = np.array([QColor(colour).rgb() for colour in colours], dtype=np.uint32)
    pixels = np.ascontiguousarray(codes[np.clip(labels + 2, 0, len(codes) - 1)])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
