"""The current theme: one object per application that everything painted asks for its colours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from odeplayground.gui.theme import fonts
from odeplayground.gui.theme.basins import further
from odeplayground.gui.theme.style import style_sheet
from odeplayground.gui.theme.tokens import LIGHT, THEMES, Tokens, with_palette

_ROLES = {
    QPalette.ColorRole.Window: "surface",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.ToolTipBase: "text",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "sep",
    QPalette.ColorRole.Mid: "sep",
    QPalette.ColorRole.Dark: "border",
    QPalette.ColorRole.Shadow: "border",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent_text",
    QPalette.ColorRole.LinkVisited: "accent_text",
}
_DISABLED_ROLES = {
    QPalette.ColorRole.WindowText: "text3",
    QPalette.ColorRole.Text: "text3",
    QPalette.ColorRole.ButtonText: "text3",
    QPalette.ColorRole.HighlightedText: "text3",
    QPalette.ColorRole.Highlight: "hover",
    QPalette.ColorRole.Accent: "track",
    QPalette.ColorRole.Link: "text3",
}


class Theme(QObject):
    """Light or dark. ``changed`` is emitted after palette and style sheet are in place."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._palette = "standard"
        self._app: QApplication | None = None

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def name(self) -> str:
        return self._tokens.name

    def set(self, name: str) -> None:
        """Change to the theme with this name.

        Raises:
            ValueError: there is no such theme.
        """
        if name not in THEMES:
            raise ValueError(f"There is no theme {name!r}; choose one of {', '.join(THEMES)}.")
        if name == self.name:
            return
        self._change(with_palette(THEMES[name], self._palette))

    @property
    def palette(self) -> str:
        """Which hues the variables have."""
        return self._palette

    def set_palette(self, palette: str) -> None:
        """Change the hues of the variables.

        Raises:
            ValueError: there is no such palette.
        """
        if palette != self._palette:
            tokens = with_palette(self._tokens, palette)
            self._palette = palette
            self._change(tokens)

    def _change(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._dress()
        self.changed.emit()

    def toggle(self) -> None:
        """Change from light to dark or back."""
        self.set("light" if self._tokens.dark else "dark")

    @contextmanager
    def worn(self, tokens: Tokens) -> Iterator[None]:
        """Give out these colours for a moment, to whatever is painted in it; nobody is told."""
        before, self._tokens = self._tokens, tokens
        try:
            yield
        finally:
            self._tokens = before

    def color(self, token: str, alpha: float | None = None) -> QColor:
        """The colour of a token, as in :class:`Tokens`; ``alpha`` from 0 to 1."""
        color = QColor(getattr(self._tokens, token, None) or further(self._tokens, token))
        if alpha is not None:
            color.setAlphaF(alpha)
        return color

    def variable_color(self, index: int) -> QColor:
        """The colour of a variable by its position among the states."""
        return QColor(self._tokens.variable(index))

    def apply(self, app: QApplication) -> None:
        """Dress the application: style, fonts, palette, style sheet."""
        self._app = app
        fonts.load()
        app.setStyle("Fusion")
        app.setFont(fonts.ui())
        self._dress()

    def _dress(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens))


def palette(tokens: Tokens) -> QPalette:
    """Every role of Qt's palette in the theme's colours."""
    result = QPalette()
    for role, token in _ROLES.items():
        result.setColor(role, QColor(getattr(tokens, token)))
    for role, token in _DISABLED_ROLES.items():
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(getattr(tokens, token)))
    return result


_current: Theme | None = None


def theme() -> Theme:
    """The theme of the running application."""
    global _current
    if _current is None or not isValid(_current):
        _current = Theme(QApplication.instance())
    return _current


def apply(app: QApplication, name: str = "light") -> Theme:
    """Dress the application in the named theme and return the theme."""
    current = theme()
    current.set(name)
    current.apply(app)
    return current
