"""Numbers beside an animation: symbol, value, unit, and optionally a small bar."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from odeplayground.gui.animations.base import ThingAnimation
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import fonts, symbols, theme

ROW = 30.0
WIDTH = 104.0
_VALUE = 60.0


class Readout(msgspec.Struct, frozen=True):
    """One row. ``share`` and ``learned`` from 0 to 1 add a bar and a violet mark on it."""

    name: str
    value: float | None
    unit: str
    token: str
    share: float | None = None
    learned: float | None = None


def of_states(animation: ThingAnimation, bars: bool = False) -> list[Readout]:
    """A row for every state and for every derived number of an animation."""
    rows = [
        Readout(
            name,
            animation.value(i),
            animation.units.get(name, ""),
            variable_token(i),
            animation.share(i) if bars else None,
            animation.share(i, learned=True) if bars else None,
        )
        for i, name in enumerate(animation.states)
    ]
    return rows + [Readout(name, value, unit, "text") for name, value, unit in animation.extra]


def paint(painter: QPainter, rows: list[Readout], left: float, middle: float, height: float) -> None:
    """Paint as many rows as fit, centred around a height."""
    rows = rows[: max(1, int(height // ROW))]
    top = middle - ROW * len(rows) / 2
    for i, row in enumerate(rows):
        _paint_row(painter, row, left, top + ROW * i)


def _paint_row(painter: QPainter, row: Readout, left: float, top: float) -> None:
    symbol_font = fonts.math(16)
    symbol = QFontMetricsF(symbol_font).elidedText(symbols.symbol(row.name), Qt.TextElideMode.ElideRight, _VALUE - 24)
    painter.setFont(symbol_font)
    painter.setPen(theme().color(row.token))
    painter.drawText(QPointF(left, top + 19), symbol)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(fonts.ui(13))
    painter.setPen(theme().color("text"))
    text = symbols.number(row.value) if row.value is not None else "–"
    painter.drawText(QRectF(left, top, _VALUE, 27), middle | Qt.AlignmentFlag.AlignRight, text)
    painter.setFont(fonts.ui(11))
    painter.setPen(theme().color("text3"))
    painter.drawText(QRectF(left + _VALUE + 5, top, 60, 27), middle | Qt.AlignmentFlag.AlignLeft, row.unit)
    if row.share is not None:
        bar(painter, QRectF(left, top + 25, _VALUE, 3), row.token, row.share, row.learned)


def bar(painter: QPainter, room: QRectF, token: str, share: float, learned: float | None) -> None:
    """A filled groove with a violet mark where the learned system is."""
    painter.setPen(Qt.PenStyle.NoPen)
    radius = room.height() / 2
    painter.setBrush(theme().color("track"))
    painter.drawRoundedRect(room, radius, radius)
    painter.setBrush(theme().color(token))
    painter.drawRoundedRect(QRectF(room.left(), room.top(), room.width() * share, room.height()), radius, radius)
    if learned is not None:
        learned_mark(painter, room, learned)


def learned_mark(painter: QPainter, room: QRectF, share: float) -> None:
    """A violet stroke across a groove."""
    painter.setPen(Qt.PenStyle.NoPen)
    x = room.left() + room.width() * share
    mark = QRectF(x - 1.25, room.top() - 3, 2.5, room.height() + 6)
    painter.setBrush(theme().color("surface"))
    painter.drawRoundedRect(mark.adjusted(-1, -1, 1, 1), 2, 2)
    painter.setBrush(theme().color("learned"))
    painter.drawRoundedRect(mark, 1.2, 1.2)
