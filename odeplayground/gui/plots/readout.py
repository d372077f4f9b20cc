"""Coordinates under the mouse, with as many digits as a pixel can tell."""

from __future__ import annotations

import math

from odeplayground.gui.plots.names import Piece, axis_text
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.stroke import variable_token
from odeplayground.gui.theme import symbols

Range = tuple[float, float]


def coordinates(projection: Projection, place: tuple[float, float], ranges: tuple[Range, Range]) -> tuple[Piece, ...]:
    """Both coordinates of a place as symbols with numbers."""
    pieces = []
    for name, value, (low, high) in zip((projection.x, projection.y), place, ranges, strict=True):
        digits = min(9, max(0, 3 - math.floor(math.log10(high - low)))) if high > low else 2
        pieces.append(Piece(axis_text(name), variable_token(projection.index(name)), symbol=True, size=14, gap=5))
        pieces.append(Piece(symbols.number(value, digits), "text2", gap=12, width=34))
    return (*pieces[:-1], Piece(pieces[-1].text, "text2", width=34))
