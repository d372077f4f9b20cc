"""Curves that native code draws into a picture: Qt takes ten times as long for many, wide or dashed ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from odeplayground import raster
from odeplayground.gui.plots.geometry import Bundle
from odeplayground.gui.plots.screen import Mapping
from odeplayground.gui.plots.stroke import Stroke

_THIN = 1.3
"""Pixels of the device; corners of wider lines have to be rounded. With many curves,"""
_MANY, _THIN_OF_MANY = 20_000, 2.2
"""what is quicker counts more."""
_FORMATS = (QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied)

_masks: dict[str, np.ndarray] = {}
"""The mask of the last picture, empty; a new one would cost as much as a few curves."""


def are_drawn_here(painter: QPainter) -> bool:
    """Whether :func:`draw` can draw: on pictures that it knows, once its code has been compiled."""
    device = painter.device()
    return raster.ready() and isinstance(device, QImage) and device.format() in _FORMATS


def draw(painter: QPainter, bundle: Bundle, mapping: Mapping, view: QRectF, stroke: Stroke) -> None:
    """Draw all curves inside the view, over what is already there."""
    image, device = painter.device(), painter.deviceTransform()
    assert isinstance(image, QImage)
    scale, left, top = device.m11(), device.dx(), device.dy()
    x, right = (_within(scale * edge + left, image.width()) for edge in (view.left(), view.right()))
    y, bottom = (_within(scale * edge + top, image.height()) for edge in (view.top(), view.bottom()))
    size = bottom - y, right - x
    if min(size) <= 0:
        return
    mask = _mask(size)
    zoom = scale * mapping.sx, scale * mapping.sy
    shift = scale * mapping.tx + left - x, scale * mapping.ty + top - y
    width = scale * stroke.width
    lines = mask, bundle.points, bundle.starts, bundle.stops, zoom, shift, width
    if not stroke.dash and width <= (_THIN_OF_MANY if len(bundle.points) > _MANY else _THIN):
        raster.trace(*lines)
    else:
        raster.stroke(*lines, [scale * length for length in stroke.dash or ()])
    color = stroke.color
    shades = _shades(color.redF(), color.greenF(), color.blueF(), color.alphaF())
    row = image.bytesPerLine() // 4
    # Not the bits to be written to: Qt would copy them, as the painter has them too.
    pixels = np.frombuffer(image.constBits(), dtype=np.uint32)
    raster.blend(mask, pixels.ctypes.data + 4 * (y * row + x), row, size, shades)


def _within(edge: float, size: int) -> int:
    return min(max(round(edge), 0), size)


def _mask(size: tuple[int, int]) -> np.ndarray:
    shape = size[0], -(-size[1] // raster.STEP) * raster.STEP
    if "mask" not in _masks or _masks["mask"].shape != shape:
        _masks["mask"] = np.zeros(shape, dtype=np.uint8)
    return _masks["mask"]


@lru_cache(100)
def _shades(red: float, green: float, blue: float, opacity: float) -> np.ndarray:
    """The colour at every coverage from 0 to 255, premultiplied as Qt has it."""
    alpha = np.arange(256) * opacity
    parts = (alpha, alpha * red, alpha * green, alpha * blue)
    codes = [part.round().astype(np.uint32) << shift for part, shift in zip(parts, (24, 16, 8, 0), strict=True)]
    return np.bitwise_or.reduce(codes)
