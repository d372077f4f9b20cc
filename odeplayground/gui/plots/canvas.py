"""Paints the layers of a plot. What did not change since the last picture is not drawn again, but copied."""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from odeplayground.gui.plots.screen import Layer, Mapping

CUT = 2.75
"""The height of the bundle's upper side: above it lie lines and signs, which are few."""


class Canvas:
    """Keeps a picture of all still layers, on the ground of the plot, and draws the live layers over it.

    The picture is made anew when a still layer has changed, and when place, scale, ground or resolution are others.
    So a dot that moves over a plot costs the copy of a few pixels, whatever lies beneath. A second picture holds the
    lower layers alone: field and bundle need not be drawn again for one curve above them.
    """

    def __init__(self, repaint: Callable[[], None]) -> None:
        self._repaint = repaint
        self._layers: list[Layer] = []
        self._lower: QImage | None = None
        self._picture: QImage | None = None
        self._key: object = None

    def add(self, layer: Layer) -> None:
        """Paint this layer too, at its height."""
        insort(self._layers, layer, key=lambda one: one.z)
        layer.changed = self._changed
        self._changed(layer)

    @property
    def layers(self) -> Sequence[Layer]:
        """From the lowest to the highest."""
        return tuple(self._layers)

    def forget(self) -> None:
        """Everything looks different now."""
        self._lower = self._picture = None
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
        if key != self._key:
            self._lower = self._picture = None
            self._key = key
        if self._lower is None:
            picture = self._empty(size, ground, scale)
            self._lower = self._over(picture, mapping, view, shift, [one for one in self._layers if one.z <= CUT])
        if self._picture is None:
            layers = [one for one in self._layers if one.z > CUT]
            self._picture = self._over(self._lower.copy(), mapping, view, shift, layers)
        painter.save()
        try:
            painter.resetTransform()
            painter.drawImage(-shift, self._picture)
            if mapping.valid:
                painter.setClipRect(view)
                layers = [one for one in self._layers if one.live]
                self._draw(painter, mapping, view, exposed & view, layers)
        finally:
            painter.restore()

    @staticmethod
    def _empty(size: QSize, ground: QColor, scale: float) -> QImage:
        width, height = (math.ceil(scale * length) + 1 for length in (size.width(), size.height()))
        picture = QImage(width, height, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(scale)
        picture.fill(ground)
        return picture

    def _over(self, picture: QImage, mapping: Mapping, view: QRectF, shift: QPointF, layers: Sequence[Layer]) -> QImage:
        """Draw the still ones of these layers over a picture."""
        if mapping.valid:
            painter = QPainter(picture)
            try:
                painter.translate(shift)
                painter.setClipRect(view)
                self._draw(painter, mapping, view, view, [one for one in layers if not one.live])
            finally:  # a picture that dies under an active painter takes the process along
                painter.end()
        return picture

    @staticmethod
    def _draw(painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF, layers: Sequence[Layer]) -> None:
        for layer in layers:
            if layer.visible:
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                try:
                    layer.draw(painter, mapping, view, exposed)
                finally:
                    painter.restore()

    def _changed(self, layer: Layer) -> None:
        if not layer.live:
            self._picture = None
            if layer.z <= CUT:
                self._lower = None
        self._repaint()
