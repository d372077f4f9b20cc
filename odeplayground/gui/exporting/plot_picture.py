"""A plot drawn anew with any painter: lines stay lines in SVG and PDF, and axes and curves share one mapping."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from odeplayground.gui.plots.axis import Axis
from odeplayground.gui.plots.names import Piece
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.screen import Mapping
from odeplayground.gui.plots.space import SpaceView
from odeplayground.gui.theme import fonts, theme

BOTTOM, RIGHT, GAP = 26.0, 16.0, 8.0
"""Pixels below the plot for the numbers, right of it, and between numbers and axis."""
_HALF_LINE = 7.0
_BASELINE = 4.0

Clip = Callable[[QPainter, QRectF, Callable[[], None]], None]
"""Draws something so that only what lies in a rectangle is seen."""


def clipped(painter: QPainter, area: QRectF, draw: Callable[[], None]) -> None:
    """Clip as painters do."""
    painter.save()
    painter.setClipRect(area)
    draw()
    painter.restore()


def left_width(plot: Plot | SpaceView, height: float) -> float:
    """Pixels that the numbers of the left axis need in a plot of this height; none in space."""
    if isinstance(plot, SpaceView):
        return 0.0
    metrics = QFontMetricsF(fonts.ui(11))
    low, high = plot.ranges[1]
    widths = [metrics.horizontalAdvance(text) for _, text in labels(plot.axes["left"], low, high, height)]
    return max(widths, default=0.0) + GAP + 2


def draw_plot(painter: QPainter, plot: Plot | SpaceView, rect: QRectF, left: float, clip: Clip = clipped) -> None:
    """Draw everything of a plot but what follows the mouse and the time; ``left`` is for the numbers on that side."""
    if isinstance(plot, SpaceView):
        painter.save()
        painter.translate(rect.topLeft())
        plot.draw(painter, rect.size())
        painter.restore()
        return
    area = area_of(rect, left)
    mapping = mapping_onto(plot, area)
    if not mapping.valid:
        return

    def layers() -> None:
        for layer in plot.layers:
            if layer.visible:
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                layer.draw(painter, mapping, area, area)
                painter.restore()

    clip(painter, area, layers)
    _draw_axes(painter, plot, area)
    _draw_names(painter, plot, area)


def area_of(rect: QRectF, left: float) -> QRectF:
    """The part of a plot's rectangle in which curves are."""
    return rect.adjusted(left, 0.0, -RIGHT, -BOTTOM)


def mapping_onto(plot: Plot, area: QRectF) -> Mapping:
    """From the data of a plot to a rectangle."""
    (x0, x1), (y0, y1) = plot.ranges
    sx = area.width() / (x1 - x0) if x1 > x0 else 0.0
    sy = -area.height() / (y1 - y0) if y1 > y0 else 0.0
    return Mapping(sx, sy, area.left() - sx * x0, area.bottom() - sy * y0)


def labels(axis: Axis, low: float, high: float, length: float) -> list[tuple[float, str]]:
    """The numbers at an axis of this length, with their places in data."""
    levels = axis.tickValues(low, high, length)
    return [pair for step, values in levels for pair in zip(values, axis.tickStrings(values, 1.0, step), strict=True)]


def write(painter: QPainter, at: QPointF, font: QFont, text: str, token: str) -> None:
    """Text with its baseline beginning at a place, as outlines: the reader may not have the fonts."""
    path = QPainterPath()
    path.addText(at, font, text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, theme().color(token))
    painter.restore()


def _draw_axes(painter: QPainter, plot: Plot, area: QRectF) -> None:
    painter.setPen(QPen(theme().color("sep"), 1))
    painter.drawLine(area.topLeft(), area.bottomLeft())
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    mapping, font = mapping_onto(plot, area), fonts.ui(11)
    metrics = QFontMetricsF(font)
    (x0, x1), (y0, y1) = plot.ranges
    for value, text in labels(plot.axes["bottom"], x0, x1, area.width()):
        x = mapping.point(value, 0.0).x() - metrics.horizontalAdvance(text) / 2
        write(painter, QPointF(x, area.bottom() + 17), font, text, "tick")
    for value, text in labels(plot.axes["left"], y0, y1, area.height()):
        y = mapping.point(0.0, value).y()
        if y - area.top() >= _HALF_LINE:  # else it would lie above the plot
            x = area.left() - GAP - metrics.horizontalAdvance(text)
            write(painter, QPointF(x, y + _BASELINE), font, text, "tick")


def _draw_names(painter: QPainter, plot: Plot, area: QRectF) -> None:
    name = plot.x_name.pieces
    _draw_name(painter, name, area.right() - _width(name), area.bottom() - 22)
    _draw_name(painter, plot.y_name.pieces, area.left() + 1, area.top())


def _width(pieces: tuple[Piece, ...]) -> float:
    return 12 + sum(QFontMetricsF(one.font).horizontalAdvance(one.text) + one.gap for one in pieces)


def _draw_name(painter: QPainter, pieces: tuple[Piece, ...], left: float, top: float) -> None:
    if not pieces:
        return
    painter.fillRect(QRectF(left, top, _width(pieces), 22), theme().color("surface", 0.85))
    x = left + 6
    for piece in pieces:
        write(painter, QPointF(x, top + 16), piece.font, piece.text, piece.token)
        x += QFontMetricsF(piece.font).horizontalAdvance(piece.text) + piece.gap
