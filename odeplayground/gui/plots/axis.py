"""The axis of every plot: one level of ticks, no tick marks, labels that fit."""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem

from odeplayground.gui.plots import ticks
from odeplayground.gui.theme import fonts, theme

_ROOM = {"bottom": 64.0, "left": 48.0}
"""Pixels between ticks, at least."""
_ANGLE_ROOM = {"bottom": 68.0, "left": 48.0}
_GROWTH = 6
_HALF_LINE = 7.0
_TEXT_OFFSET = {"bottom": 6, "left": 8}


class Scale(Enum):
    """What the numbers on an axis are."""

    PLAIN = "plain"
    ANGLE = "angle"
    LOG = "log"
    """The data are decimal logarithms."""
    COUNT = "count"


class Axis(pg.AxisItem):
    """A left or bottom axis. The left one keeps a fixed width, so that plots above each other line up."""

    def __init__(self, orientation: str, scale: Scale = Scale.PLAIN, width: int = 30) -> None:
        super().__init__(orientation)
        self._side = orientation
        self._scale = scale
        self._least_width = width
        self._text_widths: dict[str, float] = {}
        self._font = fonts.ui(11)
        self._metrics = QFontMetricsF(self._font)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.enableAutoSIPrefix(False)
        self.setStyle(
            tickLength=0,
            tickTextOffset=_TEXT_OFFSET[orientation],
            maxTickLevel=0,
            maxTextLevel=0,
            hideOverlappingLabels=False,
            autoExpandTextSpace=False,
            autoReduceTextSpace=False,
        )
        self.setTickFont(self._font)
        if orientation == "left":
            self.setWidth(width)
        else:
            self.setHeight(26)
        self.dress()

    def dress(self) -> None:
        """Take over the colours of the theme."""
        self.setPen(pg.mkPen(theme().color("sep"), width=1))
        self.setTextPen(pg.mkPen(theme().color("tick")))

    def set_scale(self, scale: Scale) -> None:
        """Change what the numbers are."""
        if scale is not self._scale:
            self._scale = scale
            self.update()

    def step(self, low: float, high: float, size: float) -> float:
        """The distance between ticks on this axis when it is ``size`` pixels long."""
        span, least = high - low, _ROOM[self._side]
        if self._scale is Scale.LOG:
            return max(1.0, math.ceil(span * 24.0 / max(size, 1.0)))
        if self._scale is Scale.COUNT:
            return max(1.0, ticks.nice_step(span, size, least))
        if self._scale is Scale.ANGLE and (angle := ticks.angle_step(span, size, _ANGLE_ROOM[self._side])) is not None:
            return angle
        step = ticks.nice_step(span, size, least)
        if self._side == "bottom":
            widest = max(map(self._width_of, ticks.plain([low, high], step)), default=0.0)
            step = ticks.nice_step(span, size, max(least, widest + 16))
        return step

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not (math.isfinite(low) and math.isfinite(high) and high > low):
            return []
        step = self.step(low, high, size)
        return [(step, ticks.positions(low, high, step))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self._scale is Scale.LOG:
            return [ticks.power_of_ten(value) for value in values]
        if self._scale is Scale.ANGLE and abs(spacing / (math.pi / 4) - round(spacing / (math.pi / 4))) < 1e-9:
            return [ticks.angle(value) for value in values]
        return ticks.plain(values, spacing)

    def fit(self) -> None:
        """Make room for long labels on the left: grow in steps and shrink late, or the whole plot would shake."""
        self.take_width(self.wanted_width())

    def wanted_width(self) -> float:
        """Room for the labels on the left, in steps."""
        widest = max((self._width_of(text) for _, text in self._labels()), default=0.0)
        missing = max(0.0, widest + _TEXT_OFFSET["left"] + 2 - self._least_width)
        return self._least_width + _GROWTH * math.ceil(missing / _GROWTH)

    def take_width(self, width: float) -> None:
        """Be as wide as this, unless it is only a little less than now."""
        if width > self.fixedWidth or width < self.fixedWidth - 2 * _GROWTH:
            self.setWidth(width)

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Draw line and labels directly: pyqtgraph's detour through QPicture loses the digits of equal width."""
        size = self.size()
        width, height = size.width(), size.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(self.pen())
        if self._side == "left":
            painter.drawLine(QPointF(width - 1, 0), QPointF(width - 1, height))
        else:
            painter.drawLine(QPointF(-1, 0), QPointF(width, 0))
        if not self._shows_labels(option):
            return
        painter.setFont(self._font)
        painter.setPen(self.textPen())
        low, high = self.range
        for value, label in self._labels():
            share = (value - low) / (high - low)
            if self._side == "left":
                if height * (1 - share) < _HALF_LINE:
                    continue  # the widget ends here and would cut the label
                box = QRectF(0, height * (1 - share) - 10, width - _TEXT_OFFSET["left"], 20)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label)
            else:
                box = QRectF(width * share - 40, _TEXT_OFFSET["bottom"], 80, 14)
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, label)

    def _shows_labels(self, option: Any) -> bool:
        """Whether more needs painting than the edge of the plot, which touches the line in nearly every frame."""
        exposed = option.exposedRect
        if self._side == "left":
            return bool(exposed.left() < self.size().width() - _TEXT_OFFSET["left"])
        return bool(exposed.bottom() > _TEXT_OFFSET["bottom"])

    def _labels(self) -> list[tuple[float, str]]:
        length = self.size().height() if self._side == "left" else self.size().width()
        return [
            pair
            for step, values in self.tickValues(float(self.range[0]), float(self.range[1]), length)
            for pair in zip(values, self.tickStrings(values, 1.0, step), strict=True)
        ]

    def _width_of(self, text: str) -> float:
        if text not in self._text_widths:
            if len(self._text_widths) > 500:
                self._text_widths.clear()
            self._text_widths[text] = self._metrics.horizontalAdvance(text)
        return self._text_widths[text]
