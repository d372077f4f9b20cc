"""The points of an orbit diagram, as one picture: tens of thousands of discs would take Qt too long."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from odeplayground.gui.plots.screen import Floats, Layer, Mapping
from odeplayground.gui.theme import theme

_FAINT = 0.55
"""Opacity of a pixel with one point; many points make it darker."""
_MOST = 12
"""So many points in a pixel are as dark as it gets."""


class Orbits(Layer):
    """A pixel for every point, darker where many fall together."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._points: Floats = np.empty((0, 2))
        self._token, self._dim = "v1", False

    def set_points(self, points: Floats | None, token: str, dim: bool) -> None:
        """Replace all points, (k, 2)."""
        self._points = np.empty((0, 2)) if points is None else points
        self._token, self._dim = token, dim
        self.refresh(len(self._points) > 0)

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        scale = painter.device().devicePixelRatioF()
        width, height = math.ceil(view.width() * scale), math.ceil(view.height() * scale)
        if width <= 0 or height <= 0:
            return
        table = _shades(self._token, 0.35 if self._dim else 1.0)
        pixels = _stamped(mapping.points(self._points), view, scale, (width, height), table)
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        painter.drawImage(QPointF(view.left(), view.top()), image)


def _stamped(
    points: Floats, view: QRectF, scale: float, size: tuple[int, int], table: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """The picture (height, width): each pixel looks up how many points fall into it."""
    width, height = size
    x = ((points[:, 0] - view.left()) * scale).clip(-1, width).astype(np.int32)
    y = ((points[:, 1] - view.top()) * scale).clip(-1, height).astype(np.int32)
    inside = (points[:, 0] >= view.left()) & (x < width) & (points[:, 1] >= view.top()) & (y < height)
    places = (y * width + x)[inside]
    pixels = np.zeros(width * height, dtype=np.uint32)
    counts = np.bincount(places, minlength=1)
    pixels[places] = table[np.minimum(counts[places], _MOST)]  # only where there is something: most is empty
    return pixels.reshape(height, width)


def _shades(token: str, strength: float) -> NDArray[np.uint32]:
    """The colour of a pixel with 0, 1, 2, ... points, premultiplied as Qt has it."""
    color = theme().color(token)
    alpha = 255 * strength * (1 - (1 - _FAINT) ** np.arange(_MOST + 1))
    parts = (alpha, alpha * color.redF(), alpha * color.greenF(), alpha * color.blueF())
    codes = [part.round().astype(np.uint32) << shift for part, shift in zip(parts, (24, 16, 8, 0), strict=True)]
    found: NDArray[np.uint32] = np.bitwise_or.reduce(codes)
    return found
