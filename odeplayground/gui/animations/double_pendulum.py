"""Two rods: the first two states are their angles in radians from straight down."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.theme import theme

_TRAIL = 2.0
"""Units of time of the past that are seen."""
_BOB = 9.0


class DoublePendulum(ThingAnimation):
    """Both rods as long, and both bobs as large, as the parameters L1, L2, m1 and m2 say; the trail of the lower."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Double pendulum", parent)

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (340.0, 340.0))
        one, two = (max(self.parameter(name, 1.0), 1e-3) for name in ("L1", "L2"))
        scale = (min(room.width(), room.height()) / 2 - _BOB) / (one + two)
        pivot, lengths = room.center(), (scale * one, scale * two)
        painter.setPen(drawing.pen("zero", 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(pivot, sum(lengths), sum(lengths))
        self._draw_trail(painter, pivot, lengths)
        ghost = self._places(pivot, lengths, learned=True)
        if ghost is not None:
            self._draw_ghost(painter, pivot, ghost)
        places = self._places(pivot, lengths)
        if places is not None:
            self._draw_rods(painter, pivot, places, "ink" if ghost is not None else "accent")
        painter.setPen(drawing.pen("ink", 1.5))
        painter.setBrush(theme().color("surface"))
        painter.drawEllipse(pivot, 3.5, 3.5)
        drawing.numbers(painter, self, column, bars=False)

    def _places(
        self, pivot: QPointF, lengths: tuple[float, float], learned: bool = False
    ) -> tuple[QPointF, QPointF] | None:
        first, second = self.value(0, learned), self.value(1, learned)
        if first is None or second is None:
            return None
        x, y = _joints(np.array([[first], [second]]), lengths)
        return pivot + QPointF(x[0, 0], y[0, 0]), pivot + QPointF(x[1, 0], y[1, 0])

    def _draw_trail(self, painter: QPainter, pivot: QPointF, lengths: tuple[float, float]) -> None:
        angles = self.past((0, 1), _TRAIL, 120)
        x, y = _joints(angles, lengths)
        token = "accent" if self.learned is None else "ink"
        drawing.trail(painter, pivot.x() + x[1], pivot.y() + y[1], token, 2.5)

    def _draw_rods(self, painter: QPainter, pivot: QPointF, places: tuple[QPointF, QPointF], token: str) -> None:
        upper, lower = places
        painter.setPen(drawing.pen("ink", 2))
        painter.drawLine(pivot, upper)
        painter.drawLine(upper, lower)
        for place, name, colour in ((upper, "m1", "ink"), (lower, "m2", token)):
            size = _BOB * min(max(self.parameter(name, 1.0), 0.1), 5.0) ** (1 / 3)
            drawing.disc(painter, place, size, colour)

    @staticmethod
    def _draw_ghost(painter: QPainter, pivot: QPointF, places: tuple[QPointF, QPointF]) -> None:
        painter.setPen(drawing.pen("learned", 1.5, dash=(3, 2.5)))
        painter.drawLine(pivot, places[0])
        painter.drawLine(places[0], places[1])
        painter.setPen(drawing.pen("learned", 1.8))
        painter.setBrush(theme().color("surface"))
        for place in places:
            painter.drawEllipse(place, _BOB - 2, _BOB - 2)


def _joints(angles: np.ndarray, lengths: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Both joints relative to the pivot, x and y (2, n), from angles (2, n)."""
    rods = np.array(lengths)[:, None]
    with np.errstate(invalid="ignore"):
        return np.cumsum(rods * np.sin(angles), axis=0), np.cumsum(rods * np.cos(angles), axis=0)
