"""One lane of the time series: curves that share an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.axis import Scale
from odeplayground.gui.plots.cursor_line import CursorLine
from odeplayground.gui.plots.markers import Samples
from odeplayground.gui.plots.names import Piece, axis_name
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.screen import Floats
from odeplayground.gui.plots.series_scale import log_range, value_range
from odeplayground.gui.plots.shading import Shading
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.gui.plots.value_marks import ValueMarks
from odeplayground.gui.theme import symbols, variable_dash
from odeplayground.session.series import Row

LEARNED_DASH = (6.4, 3.5)
LOWEST = 52
"""Height below which a lane cannot be read."""
_MOST_NAMES = 6
_LONGEST_NAME = 28
_KEY_STEP = 0.01
_ZOOM = 0.8
"""The part of the time that is left after one notch of the wheel."""
_NOTCH = 120
_PAN_KEY = 0.1


class Curve(msgspec.Struct, frozen=True, eq=False):
    """A row over time: (k, 2) points of the true and of the learned trajectory, already on the scale of its axis."""

    row: Row
    true: Floats | None
    learned: Floats | None = None


class SeriesLane(Plot):
    """Curves over time with a cursor at now; click or drag to go to a time, wheel to zoom, Shift and drag to move."""

    seek_requested = Signal(float)
    range_requested = Signal(float, float)
    whole_requested = Signal()
    width_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, grid=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Time series")
        self.setMinimumHeight(LOWEST)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(
            "Click or drag to go to a time. Turn the wheel to look closer, hold Shift and drag to move along; a double "
            "click shows the whole span again."
        )
        self._curves: tuple[Curve, ...] = ()
        self._log = False
        self._heights = (-1.0, 1.0)
        """What the vertical axis shows for the curves alone."""
        self._time = math.nan
        self._span = (0.0, 1.0)
        self._held: float | None = None
        self._seeking = False
        self._true: list[Polylines] = []
        self._learned: list[Polylines] = []
        self._dots: dict[int, Samples] = {}
        """By the hue of their row."""
        self._beyond = Shading(-20.0, "beyond the samples")
        self.add(self._beyond)
        self._cursor = CursorLine(self.box, 20.0)
        self._marks = ValueMarks(self.box, 30.0)
        self._now: list[float] = []
        self.layout_changed.connect(self._place_cursor)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is drawn."""
        return self._curves

    @property
    def log(self) -> bool:
        """Whether the axis is logarithmic."""
        return self._log

    def set_curves(self, curves: Sequence[Curve], span: tuple[float, float], part: tuple[float, float]) -> None:
        """Show these curves, which all have the same kind of axis, over a part of the time span; their values at the
        cursor follow with :meth:`set_now`.
        """
        self._curves = tuple(curves)
        self._span = span
        self._log = bool(curves) and curves[0].row.log
        self.axes["left"].set_scale(Scale.LOG if self._log else Scale.PLAIN)
        self._grow(len(curves))
        for i, (true, learned) in enumerate(zip(self._true, self._learned, strict=True)):
            curve = curves[i] if i < len(curves) else None
            index = curve.row.index if curve is not None else 0
            token, dash = variable_token(index), variable_dash(index)
            both = curve is not None and curve.learned is not None
            true.set_stroke(Stroke(token, 0.55 if both else 1.0, 1.0 if both else 1.6, dash))
            true.set_curves([curve.true] if curve is not None and curve.true is not None else [])
            learned.set_stroke(Stroke(token, 1.0, 1.6, LEARNED_DASH))
            learned.set_curves([curve.learned] if curve is not None and curve.learned is not None else [])
        parts = [points[:, 1] for curve in curves for points in (curve.true, curve.learned) if points is not None]
        self._heights = log_range(*parts) if self._log else value_range(*parts)
        self.set_ranges(part if part[1] > part[0] else (part[0], part[0] + 1.0), self._heights)

    def set_last(self, last: bool, unit: str) -> None:
        """Whether it is the lowest lane, which has the numbers of the time."""
        axis = self.axes["bottom"]
        if last:
            axis.show()
        else:
            axis.hide()
        time = axis_name(symbols.symbol("t"), unit, "text") if last else ()
        self.set_names(time, self._names())

    def set_samples(self, points: dict[str, Floats], end: float | None) -> None:
        """Measured points (k, 2) by state, and when they end, if they end before the curves do."""
        wanted = {curve.row.index: points.get(curve.row.name) for curve in self._curves if not curve.row.typed}
        for index in wanted.keys() - self._dots.keys():
            self._dots[index] = Samples(10.0, variable_token(index))
            self.add(self._dots[index])
        for index, item in self._dots.items():
            found = wanted.get(index)
            item.set_points(np.empty((0, 2)) if found is None else found)
        self._beyond.begin(end)
        self._make_room([found[:, 1] for found in wanted.values() if found is not None and len(found)])

    def _make_room(self, values: Sequence[Floats]) -> None:
        """Let the vertical axis show the measured points, too."""
        low, high = self._heights
        if values:
            least, most = log_range(*values) if self._log else value_range(*values)
            low, high = min(low, least), max(high, most)
        along, now = self.ranges
        if now != (low, high):
            self.set_ranges(along, (low, high))

    def set_now(self, time: float, values: Sequence[float]) -> None:
        """Move the cursor; the values, one per curve, are written beside it."""
        self._time, self._now = time, list(values)
        self._place_cursor()

    @property
    def value_texts(self) -> list[str]:
        """The values written beside the cursor."""
        return self._marks.texts

    @property
    def n_samples(self) -> int:
        """How many measured points are drawn for each state."""
        return max((len(item) for item in self._dots.values()), default=0)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), LOWEST)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        inside = self.area.contains(event.position())
        left = event.button() == Qt.MouseButton.LeftButton
        moves = event.button() == Qt.MouseButton.MiddleButton or (
            left and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        self._held = self.mapping.data(event.position())[0] if inside and moves and self.mapping.valid else None
        self._seeking = inside and left and not moves
        self._seek(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and self.mapping.valid:
            (begin, end), _ = self.ranges
            shift = self._held - self.mapping.data(event.position())[0]
            self.range_requested.emit(begin + shift, end + shift)
        self._seek(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._seeking, self._held = False, None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.whole_requested.emit()
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the time under the pointer; sideways it moves."""
        event.accept()
        if not self.mapping.valid:
            return
        (begin, end), _ = self.ranges
        across, notches = event.angleDelta().x() / _NOTCH, event.angleDelta().y() / _NOTCH
        if across and abs(across) > abs(notches):
            shift = -across * _PAN_KEY * (end - begin)
            self.range_requested.emit(begin + shift, end + shift)
        elif notches:
            self._zoom(self.mapping.data(event.position())[0], _ZOOM**notches)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        (begin, end), _ = self.ranges
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                sign = -1 if event.key() == Qt.Key.Key_Left else 1
                if shifted:
                    shift = sign * _PAN_KEY * (end - begin)
                    self.range_requested.emit(begin + shift, end + shift)
                else:
                    time = self._time + sign * _KEY_STEP * (end - begin)
                    self.seek_requested.emit(min(max(time, self._span[0]), self._span[1]))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(self._middle(), _ZOOM)
            case Qt.Key.Key_Minus:
                self._zoom(self._middle(), 1 / _ZOOM)
            case Qt.Key.Key_0:
                self.whole_requested.emit()
            case _:
                event.ignore()

    def _middle(self) -> float:
        (begin, end), _ = self.ranges
        return self._time if begin <= self._time <= end else 0.5 * (begin + end)

    def _zoom(self, around: float, factor: float) -> None:
        (begin, end), _ = self.ranges
        self.range_requested.emit(around + factor * (begin - around), around + factor * (end - around))

    def _seek(self, at: QPointF) -> None:
        if self._seeking and self._curves and self.mapping.valid:
            (begin, end), _ = self.ranges
            self.seek_requested.emit(min(max(self.mapping.data(at)[0], begin), end))

    # Drawing

    def _fit_axis(self) -> None:
        self.width_wanted.emit()  # all lanes get the width of the widest

    def _names(self) -> tuple[Piece, ...]:
        """The curves by name, each in its hue, and the unit if they have the same."""
        rows = [curve.row for curve in self._curves[:_MOST_NAMES]]
        pieces = [
            Piece(_short(row), variable_token(row.index), symbol=True, size=12 if row.typed else 16, gap=6.0)
            for row in rows
        ]
        if len(self._curves) > _MOST_NAMES:
            pieces.append(Piece("…", "text2", gap=6.0))
        units = {curve.row.unit for curve in self._curves}
        if len(units) == 1 and (unit := units.pop()):
            pieces.append(Piece(unit, "text2"))
        return tuple(pieces)

    def _grow(self, count: int) -> None:
        """Items for more curves; those that are not needed stay, empty."""
        for i in range(len(self._true), count):
            # The first one lies on top, as in the list of states.
            self._true.append(Polylines(Stroke("ink"), 5.0 - 0.01 * i))
            self._learned.append(Polylines(Stroke("ink"), 7.0 - 0.01 * i))
            for items in (self._true, self._learned):
                self.add(items[-1])

    def _place_cursor(self) -> None:
        mapping, area = self.mapping, self.area
        (begin, end), _ = self.ranges
        inside = bool(self._curves) and mapping.valid and begin <= self._time <= end
        self._cursor.setVisible(inside)
        if not inside:
            self._marks.set_values(0.0, [], [], area.size())
            return
        x = mapping.sx * self._time + mapping.tx - area.left()
        self._cursor.stand(x, area.height())
        heights = [mapping.sy * self._on_axis(value) + mapping.ty - area.top() for value in self._now]
        tokens = [variable_token(curve.row.index) for curve in self._curves]
        self._marks.set_values(round(x), heights, self._now, area.size(), tokens)

    def _on_axis(self, value: float) -> float:
        if not self._log:
            return value
        return math.log10(value) if value > 0 else math.nan


def _short(row: Row) -> str:
    name = symbols.symbol(row.name)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
