"""What was learned for a term of equations, as curves over one of its arguments, with the range of the samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.names import Piece
from odeplayground.gui.plots.plot import Plot, Range
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.screen import Layer, Mapping
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.gui.theme import theme
from odeplayground.spec import TermCurve

HEIGHT = 148
_TINT = 0.07
_ROOM = 0.08


class TermView(Plot):
    """Curves of one term: learned ones in the colour of what is learned, true ones dashed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(4, 4, 12, 0), axis_width=36)
        self.setFixedHeight(HEIGHT)
        self._unseen = _Unseen()
        self._true = Polylines(Stroke("text2", width=1.2, dash=(4.0, 3.0)), 3.0)
        self._learned = Polylines(Stroke("learned", width=1.6), 4.0)
        for layer in (self._unseen, self._true, self._learned):
            self.add(layer)

    def set_term(self, curves: Sequence[TermCurve]) -> None:
        """Show the curves of one term, which have the same name, argument and samples."""
        parts = [np.array(one.curve) for one in curves]
        first = curves[0]
        self._learned.set_curves([part[:2].T for part in parts])
        self._true.set_curves([part[[0, 2]].T for part in parts])
        self._unseen.set_seen(first.seen)
        x = parts[0][0]
        self.set_ranges((float(x[0]), float(x[-1])), _range(np.concatenate([part[1:] for part in parts], axis=1)))
        self.set_names((Piece(first.argument, symbol=True),), (Piece(first.name),))
        self.setAccessibleName(f"The learned term {first.name}")
        self.setAccessibleDescription(_words(curves, parts))
        self.setToolTip(self.accessibleDescription())


class _Unseen(Layer):
    """Shades where there were no samples."""

    def __init__(self) -> None:
        super().__init__(-5.0)
        self._seen: Range | None = None

    def set_seen(self, seen: Range) -> None:
        """From where to where there were samples."""
        if seen != self._seen:
            self._seen = seen
            self.refresh(True)

    def draw(self, painter: QPainter, mapping: Mapping, view: QRectF, exposed: QRectF) -> None:
        if self._seen is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        left, right = (round(mapping.sx * x + mapping.tx) for x in self._seen)
        tint = theme().color("text3", _TINT)
        for begin, end in ((view.left(), min(left, view.right())), (max(right, view.left()), view.right())):
            if end > begin:
                painter.fillRect(QRectF(begin, view.top(), end - begin, view.height()), tint)


def _range(values: np.ndarray) -> Range:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    room = _ROOM * (high - low) or 0.5 * abs(high) or 1.0
    return low - room, high + room


def _words(curves: Sequence[TermCurve], parts: Sequence[np.ndarray]) -> str:
    held = f" Three curves, at {', '.join(one.where for one in curves)}." if curves[0].where else ""
    known = all(np.isfinite(part[2]).any() for part in parts)
    true = " Dashed: the true term." if known else " The true term is not known."
    return f"What was learned for {curves[0].name} over {curves[0].argument}.{held}{true} Shaded: no samples there."
