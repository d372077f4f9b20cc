"""Many thin lines at once, as one picture that native code has drawn: Qt takes ten times as long."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter

from odeplayground import raster
from odeplayground.gui.plots.geometry import Bundle
from odeplayground.gui.plots.screen import Mapping
from odeplayground.gui.plots.stroke import Stroke

_ENOUGH = 1000
"""Fewer points are drawn by Qt as fast."""
_WIDEST = 2.2
"""Pixels of the device; the corners of wider lines would need to be rounded."""


def are_drawn_here(painter: QPainter, bundle: Bundle, stroke: Stroke) -> bool:
    """Whether :func:`draw` can draw these, and better than Qt. Not where a picture is made of vectors."""
    return (
        raster.ready()
        and len(bundle.points) >= _ENOUGH
        and not stroke.dash
        and stroke.width * painter.deviceTransform().m11() <= _WIDEST
        and painter.paintEngine().type() == QPaintEngine.Type.Raster
    )


def draw(painter: QPainter, bundle: Bundle, mapping: Mapping, view: QRectF, stroke: Stroke) -> None:
    """Draw all curves inside the view."""
    device = painter.deviceTransform()
    scale, left, top = device.m11(), device.dx(), device.dy()
    room = QRectF(scale * view.x() + left, scale * view.y() + top, scale * view.width(), scale * view.height())
    x, y = math.floor(room.left()), math.floor(room.top())
    size = math.ceil(room.bottom()) - y, math.ceil(room.right()) - x
    if min(size) <= 0:
        return
    mask = np.zeros(size, dtype=np.uint8)
    raster.trace(
        mask,
        bundle.points,
        bundle.starts,
        bundle.stops,
        (scale * mapping.sx, scale * mapping.sy),
        (scale * mapping.tx + left - x, scale * mapping.ty + top - y),
        scale * stroke.width,
    )
    pixels = _shades(stroke.color)[mask]
    image = QImage(pixels.data, size[1], size[0], 4 * size[1], QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    painter.drawImage(QPointF((x - left) / scale, (y - top) / scale), image)


def _shades(color: QColor) -> np.ndarray:
    """The colour at every coverage from 0 to 255, premultiplied as Qt has it."""
    alpha = np.arange(256) * color.alphaF()
    parts = (alpha, alpha * color.redF(), alpha * color.greenF(), alpha * color.blueF())
    codes = [part.round().astype(np.uint32) << shift for part, shift in zip(parts, (24, 16, 8, 0), strict=True)]
    return np.bitwise_or.reduce(codes)
