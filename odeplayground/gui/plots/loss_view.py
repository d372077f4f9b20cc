"""The loss over the epochs of a training, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.axis import Scale
from odeplayground.gui.plots.cursor_line import CursorLine
from odeplayground.gui.plots.markers import Dot
from odeplayground.gui.plots.names import Piece, Tag
from odeplayground.gui.plots.plot import Plot, Range
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.screen import Floats
from odeplayground.gui.plots.stage_marks import StageMarks
from odeplayground.gui.plots.stroke import Stroke
from odeplayground.spec import Epoch, Stage

_ROOM_ABOVE = 0.45
_ROOM_BELOW = 0.25


class LossView(Plot):
    """Training and held-out loss, the stages, the best epoch and the current one.

    ``area`` tells where the epochs lie inside the widget, so that a slider can be put under them.
    """

    epoch_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            parent, x_scale=Scale.COUNT, y_scale=Scale.LOG, margins=(4, 0, 16, 0), axis_width=36, grid=True
        )
        self.setAccessibleName("Loss")
        self._losses: Floats = np.empty((0, 3))
        self._current: int | None = None
        self._best: int | None = None
        self._seeking = False
        self._train = Polylines(Stroke("learned", width=1.5), 4.0)
        self._held_out = Polylines(Stroke("text2", 0.9), 3.0)
        self._stages = StageMarks(1.0)
        for item in (self._train, self._held_out, self._stages):
            self.add(item)
        self._cursor = CursorLine(self.box, 8.0)
        self._ring = Dot(12.0, "surface", 3.6, rim="text2", rim_width=1.6)
        self._dot = Dot(13.0, "learned", 4.5, rim_width=1.8)
        self._word = Tag(self.box, 11.0)
        self._word.set_pieces((Piece("best", "text2"),))
        for dot in (self._ring, self._dot):
            dot.setParentItem(self.box)
        self.layout_changed.connect(self._place_marks)
        self.set_history((), (), 1)

    def set_history(
        self,
        history: Sequence[Epoch],
        stages: Sequence[Stage],
        total: int,
        best: int | None = None,
        current: int | None = None,
    ) -> None:
        """Show a training of ``total`` epochs as far as it is. Losses that are no positive numbers are gaps."""
        rows = np.array([(one.epoch, one.loss, one.held_out) for one in history], dtype=float).reshape(-1, 3)
        rows[:, 1:] = np.where(np.isfinite(rows[:, 1:]) & (rows[:, 1:] > 0), rows[:, 1:], np.nan)
        rows[:, 1:] = np.log10(rows[:, 1:])
        self._losses = rows
        self._best, self._current = best, current
        self._train.set_curves([rows[:, [0, 1]]])
        self._held_out.set_curves([rows[:, [0, 2]]])
        self._stages.set_stages(stages)
        self.set_ranges((0.0, float(max(total, len(rows), 1))), _decades(rows[:, 1:]))
        self._place_marks()
        self.setAccessibleDescription(self._summary())

    def set_current(self, epoch: int | None) -> None:
        """Move the cursor to an epoch, or hide it."""
        self._current = epoch
        self._place_marks()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seeking = event.button() == Qt.MouseButton.LeftButton and self.area.contains(event.position())
        event.accept()
        self._seek(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._seek(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._seeking = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: object) -> None:
        """Nothing to zoom: the whole training is always in view."""

    def _seek(self, at: QPointF) -> None:
        if self._seeking and len(self._losses) and self.mapping.valid:
            epochs = self._losses[:, 0]
            nearest = int(epochs[np.abs(epochs - self.mapping.data(at)[0]).argmin()])
            self.epoch_requested.emit(nearest)

    def _place_marks(self) -> None:
        mapping, area = self.mapping, self.area
        current, best = self._row(self._current), self._row(self._best)
        self._cursor.setVisible(current is not None and mapping.valid)
        if current is not None and mapping.valid:
            self._cursor.stand(mapping.sx * current[0] + mapping.tx - area.left(), area.height())
        self._place_dot(self._dot, current, 1, snapped=True)
        self._place_dot(self._ring, best, 2)
        self._word.setVisible(self._ring.isVisible() and self._best != self._current)
        size = self._word.boundingRect()
        left = min(max(self._ring.x() - size.width() - 1, 0), area.width() - size.width())
        self._word.setPos(round(left), round(self._ring.y() - size.height() - 2))

    def _place_dot(self, dot: Dot, row: Floats | None, column: int, snapped: bool = False) -> None:
        mapping, area = self.mapping, self.area
        if row is None or not mapping.valid or not math.isfinite(row[column]):
            dot.setVisible(False)
            return
        at = mapping.point(float(row[0]), float(row[column])) - area.topLeft()
        dot.place(round(at.x()) + 0.5 if snapped else at.x(), at.y())

    def _row(self, epoch: int | None) -> Floats | None:
        if epoch is None:
            return None
        found = np.flatnonzero(self._losses[:, 0] == epoch)
        return self._losses[found[0]] if found.size else None

    def _summary(self) -> str:
        if not len(self._losses):
            return "No training yet."
        epoch, train, held_out = self._losses[-1]
        return f"After epoch {epoch:.0f}: training {10**train:.2g}, held out {10**held_out:.2g}."


def _decades(logs: Floats) -> Range:
    finite = logs[np.isfinite(logs)]
    if not finite.size:
        return -3.0, 0.5
    low, high = float(finite.min()) - _ROOM_BELOW, float(finite.max()) + _ROOM_ABOVE
    # Coarse steps: the scale should not creep while the loss falls.
    low, high = math.floor(low * 2) / 2, math.ceil(high * 2) / 2
    return low, max(high, low + 2.0)
