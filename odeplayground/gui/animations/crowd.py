"""An epidemic: every state is the number of people in one stage, in the order in which one passes through them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing, figures
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import variable_token

_PEOPLE = 150
_SEED = 5


class Crowd(ThingAnimation):
    """People in the colour of their stage. Who is near the first patient falls ill first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Crowd", parent)
        self._person = drawing.Stamp(figures.person)
        random = np.random.default_rng(_SEED)
        self._places = np.clip(drawing.spread(_PEOPLE) + random.uniform(-0.025, 0.025, (_PEOPLE, 2)), 0.0, 1.0)
        near = np.hypot(*(self._places - (0.3, 0.6)).T) + 0.12 * random.random(_PEOPLE)
        # The share of the people who fall ill before this one.
        self._ranks = (np.argsort(np.argsort(near)) + 0.5) / _PEOPLE

    def stages(self, learned: bool = False) -> np.ndarray:
        """The state that everyone is in, -1 where nothing is known, (n,)."""
        amounts = [max(self.value(i, learned) or 0.0, 0.0) for i in range(len(self.states))]
        total = sum(amounts)
        if not 0 < total < float("inf"):
            return np.full(_PEOPLE, -1)
        # From the last stage to the first: those who fell ill first are furthest.
        edges = np.cumsum(amounts[::-1]) / total
        passed = np.minimum(np.searchsorted(edges, self._ranks, side="right"), len(amounts) - 1)
        return len(amounts) - 1 - passed

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (420.0, 320.0))
        size = max(7.0, min(room.width() / 15, room.height() / 11))
        stages = self.stages()
        order = np.argsort(self._places[:, 1], kind="stable")
        x = room.left() + 0.5 * size + self._places[:, 0] * (room.width() - size)
        y = room.top() + size + self._places[:, 1] * (room.height() - size)
        for state in np.unique(stages):
            if state >= 0:
                crowd = [QPointF(x[i], y[i]) for i in order if stages[i] == state]
                self._person.draw(painter, crowd, 0.92 * size, variable_token(int(state)))
        if self.learned is not None:
            self._draw_disagreement(painter, stages, x, y, size)
        drawing.numbers(painter, self, column)

    def _draw_disagreement(
        self, painter: QPainter, stages: np.ndarray, x: np.ndarray, y: np.ndarray, size: float
    ) -> None:
        """A violet ring around everyone whom the learned system puts into another stage."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(drawing.pen("learned", 1.5))
        for i in np.flatnonzero(self.stages(learned=True) != stages):
            painter.drawEllipse(QRectF(x[i] - 0.5 * size, y[i] - 1.05 * size, size, 1.15 * size))
