"""The points of an orbit diagram, as one picture: tens of thousands of discs would take Qt too long."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from odeplayground.gui.plots.screen import Floats, Layer, Mapping
from odeplayground.gui.theme import theme

_FAINT = 0.45
"""Opacity of a pixel with one point; many points make it darker."""


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
        counts = _counts(mapping.points(self._points), view, scale, (width, height))
        alpha = 255 * (1 - (1 - _FAINT) ** counts) * (0.35 if self._dim else 1.0)
        pixels = _shades(self._token)[alpha.astype(np.uint8)]
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        painter.drawImage(QPointF(view.left(), view.top()), image)


def _counts(pixels: Floats, view: QRectF, scale: float, size: tuple[int, int]) -> Floats:
    """How many points fall into each pixel, (height, width)."""
    width, height = size
    x = np.floor((pixels[:, 0] - view.left()) * scale).clip(-1, width).astype(np.int64)
    y = np.floor((pixels[:, 1] - view.top()) * scale).clip(-1, height).astype(np.int64)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    found = np.bincount(y[inside] * width + x[inside], minlength=width * height)
    return found.reshape(height, width).astype(float)


def _shades(token: str) -> np.ndarray:
    """The colour at every opacity from 0 to 255, premultiplied."""
    color = theme().color(token)
    alpha = np.arange(256)
    parts = (alpha, alpha * color.redF(), alpha * color.greenF(), alpha * color.blueF())
    codes = [
        part.astype(np.float64).round().astype(np.uint32) << shift
        for part, shift in zip(parts, (24, 16, 8, 0), strict=True)
    ]
    return np.bitwise_or.reduce(codes)
