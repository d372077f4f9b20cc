"""Small colour keys for a header."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.theme import fonts, symbols, theme, variable_dash
from odeplayground.gui.widgets.painted import Painted, line_pen

_SAMPLE = 14
_TEXT_AT = 19
_GAP = 11
_LEARNED_DASH = (3.0, 2.0)


class KeyEntry(msgspec.Struct, frozen=True):
    """A sample and its word. With ``variable`` >= 0 the word is a state's name, set as its symbol in its hue."""

    text: str
    color: str = "text2"
    dashed: bool = False
    variable: int = -1


class ColorKey(Painted):
    """Says which hue is which variable, or which line is which."""

    def __init__(self, entries: Sequence[KeyEntry] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[KeyEntry, ...] = ()
        self.setFixedSize(self.sizeHint())
        self.set_entries(entries)

    def set_entries(self, entries: Sequence[KeyEntry]) -> None:
        """Change the entries."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName("Colours: " + ", ".join(entry.text for entry in self._entries))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(_TEXT_AT + _GAP + self._width(entry) for entry in self._entries), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        x, middle = 0.0, 14.0
        for entry in self._entries:
            dash = _LEARNED_DASH if entry.dashed else variable_dash(max(0, entry.variable))
            painter.setPen(line_pen(self._color(entry), 2.0, dash))
            painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE, middle))
            painter.setFont(self._font(entry))
            painter.setPen(theme().color("text2"))
            painter.drawText(QPointF(x + _TEXT_AT, middle + 4.5), self._text(entry))
            x += _TEXT_AT + _GAP + self._width(entry)

    def _width(self, entry: KeyEntry) -> int:
        return QFontMetrics(self._font(entry)).horizontalAdvance(self._text(entry))

    @staticmethod
    def _font(entry: KeyEntry) -> QFont:
        return fonts.math(15) if entry.variable >= 0 else fonts.ui(12)

    @staticmethod
    def _text(entry: KeyEntry) -> str:
        return symbols.symbol(entry.text) if entry.variable >= 0 else entry.text

    @staticmethod
    def _color(entry: KeyEntry) -> QColor:
        return theme().variable_color(entry.variable) if entry.variable >= 0 else theme().color(entry.color)
