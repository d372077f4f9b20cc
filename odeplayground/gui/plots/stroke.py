"""How a line looks, in tokens of the theme instead of colours, so that a change of theme needs no bookkeeping."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from odeplayground.gui.theme import theme


@dataclass(frozen=True)
class Stroke:
    """Token, opacity, width and dash pattern (in logical pixels) of a line.

    A wide line is drawn in pieces, whose ends would show through if it were transparent: ``over_surface`` mixes the
    colour with the plane beneath instead.
    """

    token: str
    alpha: float = 1.0
    width: float = 1.0
    dash: tuple[float, ...] | None = None
    over_surface: bool = False

    @property
    def color(self) -> QColor:
        """The colour in the current theme."""
        if not self.over_surface:
            return theme().color(self.token, self.alpha)
        return mix(theme().color(self.token), theme().color("surface"), self.alpha)

    def pen(self) -> QPen:
        """A solid pen for painting in logical pixels; dashes are drawn as segments."""
        pen = QPen(self.color, self.width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if self.dash else Qt.PenCapStyle.RoundCap)
        return pen


def mix(color: QColor, ground: QColor, share: float) -> QColor:
    """The opaque colour that ``share`` of one over another gives."""
    return QColor.fromRgbF(
        share * color.redF() + (1 - share) * ground.redF(),
        share * color.greenF() + (1 - share) * ground.greenF(),
        share * color.blueF() + (1 - share) * ground.blueF(),
    )


def variable_token(index: int) -> str:
    """The token of a variable by its position among the states."""
    return f"v{index % 5 + 1}" if index >= 0 else "text"
