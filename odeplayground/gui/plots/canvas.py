"""Paints the layers of a plot. What did not change since the last picture is not drawn again, but copied."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from odeplayground.gui.plots.screen import Layer, Mapping


class Canvas:
    """Keeps one picture of all still layers, on the ground of the plot, and draws the live layers over it.

    The picture is made anew when a still layer has changed, and when place, scale, ground or resolution are others.
    So a dot that moves over a plot costs the copy of a few pixels, whatever lies beneath.
    """

    def __init__(self, repaint: Callable[[], None]) -> None:
        self._repaint = repaint
        self._layers: list[Layer] = []
        self._picture: QImage | None = None
        self._key: object = None

    def add(self, layer: Layer) -> None:
        """Paint this layer too, at its height."""
        insort(self._layers, layer, key=lambda one: one.z)
        layer.changed = self._changed
        self._changed(layer)

    def forget(self) -> None:
        """Everything looks different now."""
        self._picture = None
        self._repaint()

    def paint(
        self, painter: QPainter, size: QSize, ground: QColor, mapping: Mapping, view: QRectF, exposed: QRectF
    ) -> None:
        """Paint on a widget of this size; ``view`` is the plot in it, ``exposed`` what needs painting."""
        device = painter.deviceTransform()
        scale = device.m11()
        # The picture begins on a whole pixel of the device; widgets need not where a screen's scale is no whole number.
        shift = QPointF(device.dx() % 1, device.dy() % 1) / scale
        key = (size, ground, mapping, view, scale, shift)
        if self._picture is None or key != self._key:
            self._picture, self._key = self._drawn(size, ground, mapping, view, scale, shift), key
        painter.save()
        try:
            painter.resetTransform()
            painter.drawImage(-shift, self._picture)
            if mapping.valid:
                painter.setClipRect(view)
                self._draw(painter, mapping, view, exposed & view, live=True)
        finally:
            painter.restore()

    def _drawn(
        self, size: QSize, ground: QColor, mapping: Mapping, view: QRectF, scale: float, shift: QPointF
    ) -> QImage:
        width, height = (math.ceil(scale * length) + 1 for length in (size.width(), size.height()))
        picture = QImage(width, height, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(ground)
        if mapping.valid:
            painter = QPainter(picture)
            try:
                painter.translate(shift)
                painter.setClipRect(view)
                self._draw(painter, mapping, view, view, live=False)
            finally:  # a picture that dies under an active painter takes the process along
                painter.end()
        return picture

    def _draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF, live: bool) -> None:
        for layer in self._layers:
            if layer.visible and layer.live is live:
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                try:
                    layer.draw(painter, mapping, view, exposed)
                finally:
                    painter.restore()

    def _changed(self, layer: Layer) -> None:
        if not layer.live:
            self._picture = None
        self._repaint()
