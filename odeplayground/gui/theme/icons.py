"""Phosphor icons in the theme's colours.

The font is the one inside qtawesome. Its package is not imported: that takes 0.3 s and loads ten more fonts.
"""

from __future__ import annotations

import json
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from odeplayground.gui.theme.fonts import package_file
from odeplayground.gui.theme.theme import theme

SIZE = 16
_MOST_PICTURES = 16
"""Kept of one icon: sizes, states, themes."""


@lru_cache(maxsize=256)
def icon(name: str, color: str = "text2", active: str | None = None) -> QIcon:
    """A Phosphor icon such as ``"play-fill"`` in the colour of a token.

    The colour is looked up when the icon is painted, so it follows the theme. ``active`` is the colour under the
    mouse or when checked; disabled icons are ``text3``.

    Raises:
        KeyError: Phosphor 1.3 has no icon of that name.
    """
    return QIcon(_Engine(glyph(name), color, active or color))


def pixmap(name: str, color: str = "text2", size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` logical pixels in the current theme; it does not follow a change."""
    return icon(name, color).pixmap(QSize(size, size), ratio)


def paint(painter: QPainter, rect: QRectF, name: str, color: str = "text2") -> None:
    """Draw the icon into the rectangle."""
    _draw(painter, rect, glyph(name), color)


def glyph(name: str) -> str:
    """The character of the icon in Phosphor's font.

    Raises:
        KeyError: Phosphor 1.3 has no icon of that name.
    """
    return chr(int(_charmap()[name.removeprefix("ph.")], 16))


class _Engine(QIconEngine):
    """Paints one character in the colour that the theme has at that moment."""

    def __init__(self, character: str, color: str, active: str) -> None:
        super().__init__()
        self._character = character
        self._color = color
        self._active = active
        self._pictures: dict[object, QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if mode == QIcon.Mode.Disabled:
            color = "text3"
        elif mode == QIcon.Mode.Active or state == QIcon.State.On:
            color = self._active
        else:
            color = self._color
        _draw(painter, QRectF(rect), self._character, color)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        # Buttons ask for it whenever anything near them is painted.
        key = size.width(), size.height(), mode, state, theme().tokens
        if key not in self._pictures:
            if len(self._pictures) > _MOST_PICTURES:
                self._pictures.clear()
            self._pictures[key] = self._picture(size, mode, state)
        return self._pictures[key]

    def _picture(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._character, self._color, self._active)


def _draw(painter: QPainter, rect: QRectF, character: str, color: str) -> None:
    side = min(rect.width(), rect.height())
    font = QFont(_family())
    font.setPixelSize(max(1, round(side)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(theme().color(color))
    box = QRectF(0, 0, side, side)
    box.moveCenter(QPointF(rect.center()))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, character)
    painter.restore()


@lru_cache(maxsize=1)
def _charmap() -> dict[str, str]:
    path = package_file("qtawesome", "fonts/phosphor-charmap-*.json")
    if path is None:
        raise FileNotFoundError("The icon font is missing; please install qtawesome 1.4 again.")
    charmap: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return charmap


@lru_cache(maxsize=1)
def _family() -> str:
    path = package_file("qtawesome", "fonts/phosphor-*.ttf")
    if path is None:
        raise FileNotFoundError("The icon font is missing; please install qtawesome 1.4 again.")
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))[0]
