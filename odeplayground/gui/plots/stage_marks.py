"""Where the stages of a training begin: dotted lines with words at the top."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from odeplayground.gui.plots import dashes
from odeplayground.gui.plots.screen import Layer, Mapping, draw_lines
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.gui.theme import fonts, theme
from odeplayground.spec import Stage

_DASH = (2.0, 3.0)
_LINE = Stroke("text3", 0.8, dash=_DASH)
_PADDING = 6.0
_BASELINE = 13.0


class StageMarks(Layer):
    """Names of stages, left out where there is no room for them."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._stages: tuple[Stage, ...] = ()

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """Replace all stages."""
        self._stages = tuple(stages)
        self.refresh(bool(self._stages))

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        font = fonts.ui(11)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        places = [mapping.sx * stage.epoch + mapping.tx for stage in self._stages]
        for i, (stage, place) in enumerate(zip(self._stages, places, strict=True)):
            x = round(place) + 0.5
            if stage.epoch > 1:
                painter.setPen(_LINE.pen())
                line = np.array([[x, view.top()], [x, view.bottom()]])
                draw_lines(painter, dashes.segments(line, 0.0, _DASH))
            end = places[i + 1] if i + 1 < len(places) else view.right()
            if x + _PADDING + metrics.horizontalAdvance(stage.name) <= end:
                painter.setPen(theme().color("text2"))
                painter.drawText(QPointF(x + _PADDING, view.top() + _BASELINE), stage.name)
