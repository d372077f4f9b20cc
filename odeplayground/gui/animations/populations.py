"""Who eats and who is eaten: every state is the number of one kind, the eaten first."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from odeplayground.gui.animations import drawing, figures
from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import mix, variable_token
from odeplayground.gui.theme import theme

_MOST = 26
"""Figures of one kind at its largest number."""
_SEED = 3

Figure = Callable[[], QPainterPath]


class Populations(ThingAnimation):
    """A meadow with as many figures of each kind as there are; the youngest is still small."""

    kinds: tuple[Figure, ...] = (figures.hare, figures.lynx, figures.hawk)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Predators and prey", parent)
        places = drawing.spread(_MOST * len(self.kinds))
        self._stamps = [drawing.Stamp(kind) for kind in self.kinds]
        self._meadow = drawing.Backdrop()
        random = np.random.default_rng(_SEED)
        # Neighbours in the sequence lie far apart, so each kind takes every n-th place.
        self._places = [places[k :: len(self.kinds)] for k in range(len(self.kinds))]
        self._phases = random.uniform(0, 2 * np.pi, (len(self.kinds), _MOST))

    def count(self, index: int, learned: bool = False) -> float:
        """How many figures of a kind there are, with the share of the one that comes or goes."""
        value = self.value(index, learned)
        return 0.0 if value is None else min(max(value / self.largest(index), 0.0), 1.0) * _MOST

    def draw(self, painter: QPainter) -> None:
        room, column = drawing.stage(self, (420.0, 300.0))
        self._meadow.draw(painter, room, _draw_meadow)
        size = max(10.0, min(room.width() / 13, room.height() / 9))
        figures_now = []
        for k in range(min(len(self.kinds), len(self.states))):
            figures_now += [(*place, k, grown) for place, grown in self._standing(k, room, size)]
        painter.setPen(Qt.PenStyle.NoPen)
        base = painter.transform()
        for x, y, k, grown in sorted(figures_now, key=lambda figure: figure[1]):
            if grown == 1.0:
                self._stamps[k].draw(painter, [QPointF(x, y)], size, variable_token(k))
                continue
            painter.translate(x, y)
            painter.scale(size * grown, size * grown)
            painter.fillPath(self.kinds[k](), theme().color(variable_token(k)))
            painter.setTransform(base)
        drawing.numbers(painter, self, column)

    def _standing(self, kind: int, room: QRectF, size: float) -> list[tuple[tuple[float, float], float]]:
        """Where the figures of a kind stand, and how grown each is. They wander a little."""
        count = self.count(kind)
        found = []
        for i in range(math.ceil(count)):
            u, v = self._places[kind][i]
            phase = self._phases[kind, i]
            sway = 0.25 * size * math.sin(0.7 * self.time + phase) if abs(self.time) < 1e9 else 0.0
            x = room.left() + size + u * (room.width() - 2 * size) + sway
            y = room.top() + 1.6 * size + v * (room.height() - 2.0 * size)
            found.append(((x, y), min(1.0, 0.35 + 0.65 * (count - i))))
        return found


class Competition(Populations):
    """Two kinds that want the same grass."""

    kinds = (figures.hare, figures.sheep)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Competitors")


def _draw_meadow(painter: QPainter, room: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(theme().color("ok"), theme().color("surface"), 0.07))
    painter.drawRoundedRect(room, 12, 12)
    painter.setPen(drawing.pen("ok", 1.2, 0.35))
    path = QPainterPath()
    for u, v in drawing.spread(26):
        x, y = room.left() + 12 + u * (room.width() - 24), room.top() + 14 + v * (room.height() - 22)
        for lean in (-3, 0, 3):
            path.moveTo(x + lean * 0.4, y)
            path.lineTo(x + lean, y - 5)
    painter.drawPath(path)
