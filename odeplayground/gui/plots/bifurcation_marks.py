"""Bifurcations on their branches: a sign and a name each, as far as names find room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from odeplayground.gui.plots.screen import Layer, Mapping
from odeplayground.gui.theme import fonts, theme
from odeplayground.session.bifurcation_picture import Mark
from odeplayground.spec import Bifurcation

_RADIUS = 4.0
_AWAY = 9.0
_LINE = 15.0
_SAME = 5.0
"""Bifurcations of one kind that are this near, in pixels, are shown as one."""

_NAMES = {Bifurcation.HOPF: "Hopf", Bifurcation.CYCLE_BRANCH_POINT: "branch point"}


class BifurcationMarks(Layer):
    """Discs with words beside them."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._marks: tuple[Mark, ...] = ()
        self._state = 0
        self._dim = False

    def set_marks(self, marks: Sequence[Mark], state: int, dim: bool) -> None:
        """Replace all bifurcations; ``state`` is the one that is drawn."""
        self._marks, self._state, self._dim = tuple(marks), state, dim
        self.refresh(bool(marks))

    def hit(self, mapping: Mapping, x: float, y: float, reach: float) -> tuple[Mark, QPointF] | None:
        """The nearest bifurcation within some pixels, and its pixel."""
        near = [
            (math.hypot(pixel.x() - x, pixel.y() - y), number, mark, pixel)
            for number, (mark, pixel) in enumerate(self._places(mapping))
        ]
        best = min(near, default=None, key=lambda one: one[:2])
        return (best[2], best[3]) if best is not None and best[0] <= reach else None

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        font = fonts.ui(11, 500)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setOpacity(0.35 if self._dim else 1.0)
        shown = [(mark, pixel) for mark, pixel in self._places(mapping) if view.contains(pixel)]
        taken = [_around(pixel) for _, pixel in shown]
        for mark, pixel in shown:
            _paint_sign(painter, pixel)
            name = _NAMES.get(mark.kind, mark.kind.label)
            size = (metrics.horizontalAdvance(name), _LINE)
            box = _free(pixel, size, view, taken)
            if box is not None:
                taken.append(box)
                self._paint_name(painter, name, box)

    def _places(self, mapping: Mapping) -> list[tuple[Mark, QPointF]]:
        """One place per bifurcation; on cycles at the maximum and at the minimum."""
        found: list[tuple[Mark, QPointF]] = []
        for mark in self._marks:
            values = (mark.high[self._state], mark.low[self._state])
            for value in values[: 1 + mark.on_cycles]:
                pixel = mapping.point(mark.parameter, float(value))
                if not any(mark.kind is other.kind and _near(pixel, place) for other, place in found):
                    found.append((mark, pixel))
        return found

    @staticmethod
    def _paint_name(painter: QPainter, name: str, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface", 0.8))
        painter.drawRoundedRect(box.adjusted(-2, 0, 2, 0), 3, 3)
        painter.setPen(theme().color("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


def _paint_sign(painter: QPainter, pixel: QPointF) -> None:
    """One disc for all kinds: the name beside it tells which, and shapes would have to be learned."""
    painter.setPen(QPen(theme().color("surface"), 1.6))
    painter.setBrush(theme().color("ink"))
    painter.drawEllipse(pixel, _RADIUS, _RADIUS)


def _near(one: QPointF, other: QPointF) -> bool:
    return math.hypot(one.x() - other.x(), one.y() - other.y()) < _SAME


def _around(pixel: QPointF) -> QRectF:
    return QRectF(pixel.x() - _RADIUS, pixel.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)


def _free(pixel: QPointF, size: tuple[float, float], view: QRectF, taken: list[QRectF]) -> QRectF | None:
    """A place beside a sign where a name covers nothing; ``None`` if there is none."""
    for box in _candidates(pixel, *size):
        if view.contains(box) and not any(box.intersects(other) for other in taken):
            return box
    return None


def _candidates(pixel: QPointF, width: float, height: float) -> Iterator[QRectF]:
    x, y = pixel.x(), pixel.y()
    for left, top in (
        (x + _AWAY, y - height - 2),
        (x + _AWAY, y + 2),
        (x - _AWAY - width, y - height - 2),
        (x - _AWAY - width, y + 2),
        (x - width / 2, y - height - _AWAY),
        (x - width / 2, y + _AWAY),
    ):
        yield QRectF(left, top, width, height)
