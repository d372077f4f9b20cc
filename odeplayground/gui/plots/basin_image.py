"""The basins of attraction as soft colours behind everything else."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from odeplayground.gui.plots.screen import Layer, Mapping
from odeplayground.gui.theme import theme
from odeplayground.session.scene import BasinMap

AWAY, UNDECIDED = -2, -1


def token_of(label: int) -> str:
    """The token of a basin's colour; they repeat, which the legend and the border between them make up for."""
    return f"basin{label % 6 + 1}"


class BasinImage(Layer):
    """One colour per attractor; where trajectories go away it is grey, where nothing is known the plane shows."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._map: BasinMap | None = None
        self._image: QImage | None = None

    def set_map(self, basins: BasinMap | None) -> None:
        """Show a map, or nothing."""
        if basins is not self._map:
            self._map, self._image = basins, None
            self.refresh(basins is not None)

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
