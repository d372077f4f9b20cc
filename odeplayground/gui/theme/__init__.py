"""Colours, fonts, icons and the style sheet; ask :func:`theme` for the current ones."""

from odeplayground.gui.theme import fonts, icons, symbols
from odeplayground.gui.theme.theme import Theme, apply, theme
from odeplayground.gui.theme.tokens import DARK, LIGHT, Tokens, variable_dash

__all__ = ["DARK", "LIGHT", "Theme", "Tokens", "apply", "fonts", "icons", "symbols", "theme", "variable_dash"]
