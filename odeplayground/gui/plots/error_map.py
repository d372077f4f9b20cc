"""How far the learned field is from the true one, as colours on a logarithmic scale."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from odeplayground.gui.plots.screen import Floats, Layer, Mapping
from odeplayground.gui.theme import fonts, theme
from odeplayground.session.scene import ErrorMap

LEVELS = (-1.6, 0.6)
"""Decimal logarithms of the relative errors at the ends of the scale: fixed, so that pictures can be compared."""
TRUSTED = 0.25
"""The relative error along the dashed contour."""
_LABELS = (0.03, 0.1, 0.3, 1.0, 3.0)
_CELLS = (400, 360)


def colours(n: int = 256) -> Floats:
    """The colour map of the theme, (n, 3) from 0 to 255."""
    codes = [QColor(code) for code in theme().tokens.error_map]
    stops: Floats = np.array([(code.red(), code.green(), code.blue()) for code in codes], dtype=np.float64)
    at = np.linspace(0, len(stops) - 1, n)
    return np.stack([np.interp(at, np.arange(len(stops)), stops[:, i]) for i in range(3)], axis=-1)


class ErrorImage(Layer):
    """The map as one smooth picture."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self.map: ErrorMap | None = None
        """What is shown."""
        self._fine: Floats = np.empty((0, 0))
        self._rect = QRectF()
        self._image: QImage | None = None

    def set_map(self, error: ErrorMap | None) -> None:
        """Show a map, or nothing."""
        self.map, self._image = error, None
        if error is None or min(error.values.shape) < 2:
            self._fine, self._rect = np.empty((0, 0)), QRectF()
        else:
            (x0, x1), (y0, y1) = error.x_range, error.y_range
            self._fine = refined(error.values)
            self._rect = QRectF(x0, y0, x1 - x0, y1 - y0)
        self.refresh(self._fine.size > 0)

    def dress(self) -> None:
        """Take over the colours of the theme."""
        self._image = None
        self.update()

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        if not self._fine.size:
            return
        if self._image is None:
            self._image = _picture(self._fine)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(QTransform(mapping.sx, 0, 0, mapping.sy, mapping.tx, mapping.ty), combine=True)
        painter.drawImage(self._rect, self._image)


def refined(values: Floats) -> Floats:
    """Linear interpolation to at least 400 x 360 cells; undefined errors count as the largest."""
    grid = np.clip(np.nan_to_num(values, nan=LEVELS[1], posinf=LEVELS[1], neginf=LEVELS[0]), *LEVELS)
    for axis, least in ((1, _CELLS[0]), (0, _CELLS[1])):
        have = grid.shape[axis]
        if have < least:
            # Cell centres stay where they are; the half cells at the border are held constant.
            at = np.clip((np.arange(least) + 0.5) * have / least - 0.5, 0, have - 1)
            low = np.minimum(at.astype(int), have - 2)
            share = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
            grid = np.take(grid, low, axis) * (1 - share) + np.take(grid, low + 1, axis) * share
    return grid


def _picture(values: Floats) -> QImage:
    table = colours().round().astype(np.uint32)
    codes = 0xFF000000 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]
    step = ((values - LEVELS[0]) / (LEVELS[1] - LEVELS[0]) * (len(codes) - 1)).round().astype(int)
    pixels = np.ascontiguousarray(codes.astype(np.uint32)[step])
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def contours(error: ErrorMap, level: float = TRUSTED) -> list[Floats]:
    """The curves along which the relative error has a value, each (k, 2) in data coordinates."""
    from contourpy import contour_generator  # not needed for the first picture

    ny, nx = error.values.shape
    if min(ny, nx) < 2:
        return []
    (x0, x1), (y0, y1) = error.x_range, error.y_range
    x = x0 + (np.arange(nx) + 0.5) * (x1 - x0) / nx
    y = y0 + (np.arange(ny) + 0.5) * (y1 - y0) / ny
    lines = contour_generator(x, y, np.ma.masked_invalid(error.values)).lines(float(np.log10(level)))
    return [np.asarray(line, dtype=float) for line in lines]


class ColourBar(QWidget):
    """The scale of the map: a bar with numbers under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colour scale of the error")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(224, 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pixels = colours(max(2, self.width() - 2))
        for i, (red, green, blue) in enumerate(pixels.round().astype(int).tolist()):
            painter.fillRect(1 + i, 4, 1, 8, QColor(red, green, blue))
        painter.setPen(theme().color("border"))
        painter.drawRect(0, 3, self.width() - 1, 9)
        painter.setFont(fonts.ui(11))
        painter.setPen(theme().color("tick"))
        for value in _LABELS:
            share = (np.log10(value) - LEVELS[0]) / (LEVELS[1] - LEVELS[0])
            box = QRectF(share * self.width() - 20, 15, 40, 14)
            box.moveLeft(min(max(box.left(), -8.0), self.width() - 32.0))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{value:g}")
