"""A beaker: every state is a concentration, every dot stands for many molecules."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing, readouts
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import theme

_PARTICLES = 132
_GAP = 32.0
_LARGEST = 190.0
_SEED = 7


class Reaction(ThingAnimation):
    """Coloured dots in a beaker, mixed as the concentrations are; the same places every time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Beaker", parent)
        random = np.random.default_rng(_SEED)
        self._places = drawing.spread(_PARTICLES)
        self._phases = random.uniform(0, 2 * np.pi, (_PARTICLES, 2))
        self._speeds = random.uniform(0.5, 1.3, (_PARTICLES, 2))
        # Which share of the mixture a dot stands for, in random order over the places.
        self._ranks = (random.permutation(_PARTICLES) + 0.5) / _PARTICLES

    def share(self, index: int, learned: bool = False) -> float | None:
        """Concentrations are compared with each other, so all have the scale of the largest."""
        value = self.value(index, learned)
        largest = max((high for _, high in self.ranges), default=0.0)
        return None if value is None or largest <= 0 else min(max(value / largest, 0.0), 1.0)

    def kinds(self) -> np.ndarray:
        """The state that every dot shows at the moment, -1 for none, (n,)."""
        amounts = np.array([max(self.value(i) or 0.0, 0.0) for i in range(len(self.states))])
        full = self._full()
        if not amounts.size or full <= 0:
            return np.full(_PARTICLES, -1)
        edges = np.cumsum(amounts) / full
        kinds = np.searchsorted(edges, self._ranks, side="right")
        return np.where(kinds < amounts.size, kinds, -1)

    def draw(self, painter: QPainter) -> None:
        beaker, column = self._layout()
        liquid = beaker.adjusted(0, beaker.height() * 0.16, 0, 0)
        self._draw_liquid(painter, beaker, liquid)
        self._draw_dots(painter, liquid)
        _draw_glass(painter, beaker)
        if column is not None:
            rows = readouts.of_states(self, bars=True)
            readouts.paint(painter, rows, column, self.height() / 2, self.height() - 12)

    def _full(self) -> float:
        """The largest sum of all concentrations along the trajectory: that many fill all dots."""
        now = sum(max(self.value(i) or 0.0, 0.0) for i in range(len(self.states)))
        if self.trajectory is None or not self.trajectory.y.size:
            return now
        finite = np.where(np.isfinite(self.trajectory.y), np.maximum(self.trajectory.y, 0.0), 0.0)
        return max(float(finite.sum(axis=0).max()), now)

    def _layout(self) -> tuple[QRectF, float | None]:
        """Inside of the beaker, and where the numbers begin if there is room for them."""
        width, height = float(self.width()), float(self.height())
        numbers = _GAP + readouts.WIDTH if width >= 270 else 0.0
        tall = min(height - 36, _LARGEST)
        wide = min(tall * 0.86, width - numbers - 48)
        tall = min(tall, wide * 1.3)
        left = (width - wide - numbers) / 2
        beaker = QRectF(left, (height - tall) / 2, wide, tall)
        return beaker, beaker.right() + _GAP if numbers else None

    def _draw_liquid(self, painter: QPainter, beaker: QRectF, liquid: QRectF) -> None:
        level = QPainterPath()
        level.addRect(liquid)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("sunken"))
        painter.drawPath(_glass(beaker).intersected(level))
        painter.setPen(QPen(theme().color("border"), 1))
        painter.drawLine(liquid.topLeft(), liquid.topRight())

    def _draw_dots(self, painter: QPainter, liquid: QRectF) -> None:
        radius = max(2.2, min(liquid.width(), liquid.height()) / 34)
        room = liquid.adjusted(radius + 5, radius + 5, -radius - 5, -radius - 6)
        wobble = np.sin(self.time * self._speeds + self._phases) * radius * 0.9
        x = room.left() + self._places[:, 0] * room.width() + wobble[:, 0]
        y = room.top() + self._places[:, 1] * room.height() + wobble[:, 1]
        kinds = self.kinds()
        painter.setPen(Qt.PenStyle.NoPen)
        for state in range(len(self.states)):
            painter.setBrush(theme().color(variable_token(state)))
            for i in np.flatnonzero(kinds == state):
                painter.drawEllipse(QPointF(x[i], y[i]), radius, radius)


def _glass(beaker: QRectF) -> QPainterPath:
    corner = 12.0
    path = QPainterPath(beaker.topLeft())
    path.lineTo(beaker.left(), beaker.bottom() - corner)
    path.quadTo(beaker.bottomLeft(), QPointF(beaker.left() + corner, beaker.bottom()))
    path.lineTo(beaker.right() - corner, beaker.bottom())
    path.quadTo(beaker.bottomRight(), QPointF(beaker.right(), beaker.bottom() - corner))
    path.lineTo(beaker.topRight())
    return path


def _draw_glass(painter: QPainter, beaker: QRectF) -> None:
    pen = QPen(theme().color("ink"), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_glass(beaker))
    painter.drawLine(beaker.topLeft(), beaker.topLeft() + QPointF(-6, -3))
    painter.drawLine(beaker.topRight(), beaker.topRight() + QPointF(6, -3))
    painter.setPen(QPen(theme().color("text3"), 1))
    for i in range(1, 4):
        y = beaker.top() + beaker.height() * (0.16 + 0.2 * i)
        painter.drawLine(QPointF(beaker.right() - 10, y), QPointF(beaker.right() - 4, y))
