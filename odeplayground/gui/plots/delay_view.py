"""A signal against its own past."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.markers import Dot
from odeplayground.gui.plots.names import Piece
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.series_scale import value_range
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.gui.theme import symbols
from odeplayground.session.analysis import DelayPicture


class DelayView(Plot):
    """x(t - delay) over x(t), with a dot at now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, grid=True)
        self.setAccessibleName("Delay")
        self.setToolTip(
            "A single signal against its own past draws a picture of the whole attractor (Takens, 1981): a point for "
            "rest, a closed loop for a cycle, a tangle in layers for chaos."
        )
        self._picture: DelayPicture | None = None
        self._line = Polylines(Stroke("v1", 1.0, 1.3), 5.0)
        self.add(self._line)
        self._dot = Dot(20.0, "accent", 5.0, glow=10.0)
        self.add_item(self._dot)
        self.set_time(math.nan)

    def set_picture(self, picture: DelayPicture | None) -> None:
        """Show a picture, or none."""
        self._picture = picture
        if picture is None:
            self._line.set_curves([])
            self.set_names((), ())
            self.set_time(math.nan)
            return
        token = variable_token(picture.row.index)
        self._line.set_stroke(Stroke(token, 1.0, 1.3))
        self._line.set_curves([picture.points])
        ends = value_range(picture.points)
        self.set_ranges(ends, ends)
        name = symbols.symbol(picture.row.name)
        t, tau = symbols.symbol("t"), symbols.symbol("tau")
        self.set_names(_name(f"{name}({t})", token), _name(f"{name}({t} − {tau})", token))
        self.setAccessibleDescription(f"{picture.row.name} over itself, {picture.delay:.3g} earlier")

    def set_time(self, time: float) -> None:
        """Move the dot; it is gone where there is no past yet."""
        picture = self._picture
        if picture is None or not len(picture.points) or not math.isfinite(time):
            self._dot.place(math.nan, math.nan)
            return
        last = picture.begin + picture.step * (len(picture.points) - 1) + picture.delay
        place = round((time - picture.begin - picture.delay) / picture.step)
        if place < 0 or time > last + picture.step:
            self._dot.place(math.nan, math.nan)
        else:
            x, y = picture.points[min(place, len(picture.points) - 1)]
            self._dot.place(float(x), float(y))

    def wheelEvent(self, event: object) -> None:
        """Nothing to zoom: the part of the time that the series show decides."""


def _name(text: str, token: str) -> tuple[Piece, ...]:
    return (Piece(text, token, symbol=True, size=15),)
