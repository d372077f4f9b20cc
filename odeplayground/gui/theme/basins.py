"""Colours of basins of attraction. The first six were chosen by hand; there are as many more as anybody needs."""

from __future__ import annotations

import colorsys

from odeplayground.gui.theme.tokens import Tokens

CHOSEN = 6
_TURN = 0.618034
"""Of the circle of hues, from one further colour to the next: the golden section comes nowhere near itself for long."""
_FIRST = 0.36
_LIGHT = ((0.87, 0.42), (0.80, 0.38), (0.92, 0.55))
_DARK = ((0.19, 0.38), (0.27, 0.34), (0.23, 0.22))
"""Lightness and saturation, by turns."""


def token_of(number: int) -> str:
    """The token of a basin's colour, counted from 0."""
    return f"basin{number + 1}"


def further(tokens: Tokens, token: str) -> str:
    """The colour of a basin beyond the chosen ones.

    Raises:
        AttributeError: it is no token of a basin.
    """
    digits = token.removeprefix("basin")
    if digits == token or not digits.isdecimal() or int(digits) <= CHOSEN:
        raise AttributeError(f"There is no token {token!r}.")
    number = int(digits) - 1 - CHOSEN
    lightness, saturation = (_DARK if tokens.dark else _LIGHT)[number % 3]
    red, green, blue = colorsys.hls_to_rgb((_FIRST + _TURN * number) % 1.0, lightness, saturation)
    return "#" + "".join(f"{round(255 * part):02X}" for part in (red, green, blue))
