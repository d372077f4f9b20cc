"""Dots on the curves at the cursor, with the values beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSizeF
from PySide6.QtWidgets import QGraphicsItem

from odeplayground.gui.plots.markers import Dot
from odeplayground.gui.plots.names import Piece, Tag
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import symbols

_MOST = 8
"""With more states than this the labels would hide the curves; the dots stay."""
_LINE = 15.0
_AWAY = 8.0


class ValueMarks:
    """One dot and one label per state, in the pixels of the parent."""

    def __init__(self, parent: QGraphicsItem, z: float) -> None:
        self._parent = parent
        self._z = z
        self._dots: list[Dot] = []
        self._labels: list[Tag] = []

    @property
    def texts(self) -> list[str]:
        """What the visible labels say."""
        return [label.text for label in self._labels if label.isVisible()]

    def set_values(
        self, x: float, heights: list[float], values: list[float], room: QSizeF, tokens: Sequence[str] = ()
    ) -> None:
        """Place dots at (x, height) in these colours, and labels with the values beside them, inside the room."""
        self._grow(len(values))
        for dot, token in zip(self._dots, tokens, strict=False):
            dot.set_fill(token)
        seen = [i for i, y in enumerate(heights) if math.isfinite(y) and 0 <= y <= room.height()]
        for i, dot in enumerate(self._dots):
            dot.setVisible(i in seen)
            self._labels[i].setVisible(i in seen and len(values) <= _MOST)
        for i in seen:
            self._dots[i].setPos(x + 0.5, heights[i])  # the middle of the cursor line
        if len(values) > _MOST:
            return
        tops = spread([heights[i] - 7.5 for i in seen], room.height())
        for i, top in zip(seen, tops, strict=True):
            label = self._labels[i]
            label.set_pieces((Piece(_text(values[i]), "text"),))
            width = label.boundingRect().width()
            fits = x + _AWAY + width <= room.width()
            label.setPos(round(x + _AWAY if fits else x - _AWAY - width), round(top))

    def _grow(self, count: int) -> None:
        for i in range(len(self._dots), count):
            dot = Dot(self._z + 0.01 * i, variable_token(i), 4.5, rim_width=1.8)
            dot.setParentItem(self._parent)
            self._dots.append(dot)
            self._labels.append(Tag(self._parent, self._z - 1.0, tight=True))


def _text(value: float) -> str:
    """Two decimals where they say something."""
    return symbols.number(value) if abs(value) >= 0.1 or value == 0 else symbols.significant(value)


def spread(tops: list[float], height: float) -> list[float]:
    """Move labels apart so that none covers another, as little as a single pass allows, and keep them inside."""
    order = sorted(range(len(tops)), key=lambda i: tops[i])
    placed = list(tops)
    lowest = 0.0
    for i in order:
        placed[i] = max(placed[i], lowest)
        lowest = placed[i] + _LINE
    highest = height - _LINE
    for i in reversed(order):
        placed[i] = min(placed[i], highest)
        highest = placed[i] - _LINE
    return placed
