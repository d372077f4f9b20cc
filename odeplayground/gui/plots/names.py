"""Axis names in the corners of a plot, and other small painted text: symbols are drawn at a baseline by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from odeplayground.gui.theme import fonts, symbols, theme

_ROOMY = (6.0, 22.0, 16.0)
_TIGHT = (3.0, 15.0, 11.5)
"""Padding, height and baseline."""
_NAMES = re.compile(r"[^\W\d]\w*(?!\w*\s*\()")
_SMALL_POWER = re.compile(r"\^(\d+)(?![\d.])")


@dataclass(frozen=True)
class Piece:
    """A run of text in one face and one colour, with room behind it."""

    text: str
    token: str = "text"
    symbol: bool = False
    size: int = 11
    gap: float = 0.0
    width: float = 0.0
    """At least this wide, with the text on the right: for numbers that run."""

    @property
    def font(self) -> QFont:
        return _font(self.symbol, self.size)


@cache
def _font(symbol: bool, size: int) -> QFont:
    return fonts.math(size) if symbol else fonts.ui(size)


class Tag(QGraphicsObject):
    """One line of text pieces on a small plate of the surface's colour, in the pixels of its parent."""

    def __init__(self, parent: QGraphicsItem, z: float, tight: bool = False) -> None:
        super().__init__(parent)
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._padding, self._height, self._baseline = _TIGHT if tight else _ROOMY
        self._pieces: tuple[Piece, ...] = ()
        self._widths: list[float] = []
        self._hot = False

    def set_hot(self, hot: bool) -> None:
        """Show that it can be clicked."""
        if hot != self._hot:
            self._hot = hot
            self.update()

    def set_pieces(self, pieces: tuple[Piece, ...]) -> None:
        """Replace the text."""
        if pieces == self._pieces:
            return
        self.prepareGeometryChange()
        self._pieces = pieces
        self._widths = [QFontMetricsF(piece.font).horizontalAdvance(piece.text) for piece in pieces]
        self.update()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The text in its faces and colours."""
        return self._pieces

    @property
    def text(self) -> str:
        """What it says, without faces and colours."""
        return " ".join(piece.text for piece in self._pieces if piece.text)

    def boundingRect(self) -> QRectF:
        if not self._pieces:
            return QRectF()
        total = sum(
            max(width, piece.width) + piece.gap for width, piece in zip(self._widths, self._pieces, strict=True)
        )
        return QRectF(0, 0, total + 2 * self._padding, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent_soft") if self._hot else theme().color("surface", 0.85))
        painter.drawRoundedRect(self.boundingRect(), 4, 4)
        x = self._padding
        for piece, width in zip(self._pieces, self._widths, strict=True):
            room = max(width, piece.width)
            painter.setFont(piece.font)
            painter.setPen(theme().color(piece.token))
            painter.drawText(QPointF(x + room - width, self._baseline - (0.5 if not piece.symbol else 0.0)), piece.text)
            x += room + piece.gap


def axis_text(axis: str) -> str:
    """What stands on an axis, as mathematical text: 𝑥² + 𝑦², sin(𝜃)."""
    text = _NAMES.sub(lambda found: symbols.symbol(found[0]), axis)
    text = _SMALL_POWER.sub(lambda found: symbols.superscript(int(found[1])), text)
    return text.replace("*", "·").replace("-", symbols.MINUS)


def axis_name(symbol: str, unit: str, token: str) -> tuple[Piece, ...]:
    """A symbol in its hue and, smaller and quieter, its unit."""
    name = Piece(symbol, token, symbol=True, size=16, gap=6.0 if unit else 0.0)
    return (name, Piece(unit, "text2")) if unit else (name,)
