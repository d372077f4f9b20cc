"""What the mouse and the keyboard mean in the portrait. Knows positions and intentions, draws nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from odeplayground.gui.plots.portrait_view import PortraitView

GRAB = 9.0
"""Handles and equilibria are hit within this many pixels, curves within the next."""
NEAR = 5.0
_DRAG = {"start": 2.0, "pan": 5.0}
"""Pixels before a press becomes a drag."""
_ZOOM = 1.2
_PAN_STEP = 0.1
_NUDGE = 0.01


class Grip(Enum):
    """What lies under the mouse."""

    START = "start"
    CURVE = "curve"
    PLACE = "place"
    AXIS = "axis"
    """The name of an axis."""
    NOTHING = "nothing"
    """Outside the plot."""


@dataclass(frozen=True)
class Target:
    """What lies under the mouse, and its number among the starting points, or among the axes."""

    grip: Grip
    index: int = -1


_CURSORS = {
    Grip.START: Qt.CursorShape.OpenHandCursor,
    Grip.CURVE: Qt.CursorShape.PointingHandCursor,
    Grip.AXIS: Qt.CursorShape.PointingHandCursor,
    Grip.PLACE: Qt.CursorShape.CrossCursor,
    Grip.NOTHING: Qt.CursorShape.ArrowCursor,
}


class PortraitMouse:
    """Turns presses, moves and keys into the signals of its view."""

    def __init__(self, view: PortraitView) -> None:
        self._view = view
        self._target = Target(Grip.NOTHING)
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._offset = QPointF()
        self._dragging = self._draws = False

    @property
    def dragging(self) -> bool:
        """Whether a starting point or the plane is on the move."""
        return self._dragging

    def press(self, at: QPointF, button: Qt.MouseButton, shift: bool = False) -> None:
        """A button went down; with Shift a region is drawn, unless a starting point is there."""
        target = self._view.target(at)
        if target.grip is Grip.NOTHING:
            return
        if button == Qt.MouseButton.RightButton and target.grip is not Grip.AXIS:
            self._view.open_menu(target, at)
        if button != Qt.MouseButton.LeftButton:
            return
        self._target, self._pressed, self._last, self._dragging = target, at, at, False
        self._draws = shift and target.grip in (Grip.PLACE, Grip.CURVE)
        if target.grip is Grip.START:
            self._offset = self._view.handle_pixel(target.index) - at

    def move(self, at: QPointF) -> None:
        """The mouse moved, with or without the left button."""
        if self._pressed is None:
            self._hover(at)
            return
        start = self._target.grip is Grip.START
        if not self._dragging:
            way = at - self._pressed
            if math.hypot(way.x(), way.y()) < _DRAG["start" if start else "pan"]:
                return
            self._dragging = True
            self._view.show_cursor(Qt.CursorShape.CrossCursor if self._draws else Qt.CursorShape.ClosedHandCursor)
            self._view.hide_hints()
        if self._draws:
            self._view.draw_region(self._last)
            self._view.draw_region(at)
        elif start and self._target.index in self._view.group:
            self._view.drag_group(at - self._last)
        elif start:
            self._view.drag_start(self._target.index, at + self._offset)
        else:
            self._view.pan(at - self._last)
        self._last = at

    def release(self, at: QPointF) -> None:
        """The left button came up."""
        if self._pressed is None:
            return
        target, dragged = self._target, self._dragging
        self._pressed, self._dragging = None, False
        if dragged and self._draws:
            self._view.close_region()
        elif dragged:
            if target.grip is Grip.START:
                self._view.start_released.emit(target.index)
        elif target.grip is Grip.AXIS:
            self._view.ask_axis(target.index)
        elif target.grip is Grip.PLACE and self._view.group:
            self._view.let_group_go()
        elif target.grip is Grip.PLACE:
            self._view.add_requested.emit(*self._view.mapping.data(at))
        else:
            self._view.select_requested.emit(target.index)
        self._hover(at)

    def wheel(self, at: QPointF, turns: float) -> None:
        """Zoom around the mouse; on an axis, along that axis only."""
        if self._dragging or not turns:
            return
        area = self._view.area
        factor = _ZOOM**-turns
        self._view.zoom(at, factor if at.x() >= area.left() else 1.0, factor if at.y() <= area.bottom() else 1.0)
        self._hover(at)

    def leave(self) -> None:
        """The mouse left the view."""
        if self._pressed is None:
            self._view.hide_hints()
            self._view.light_handle(-1)
            self._view.light_axis(-1)

    def key(self, key: int, shift: bool) -> bool:
        """A key was pressed; returns whether it means anything here."""
        area = self._view.area
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if key in steps:
            dx, dy = steps[Qt.Key(key)]
            if shift:
                self._view.nudge(QPointF(dx * area.width() * _NUDGE, dy * area.height() * _NUDGE))
            else:
                self._view.pan(QPointF(-dx * area.width() * _PAN_STEP, -dy * area.height() * _PAN_STEP))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._view.zoom(area.center(), 1 / _ZOOM, 1 / _ZOOM)
        elif key == Qt.Key.Key_Minus:
            self._view.zoom(area.center(), _ZOOM, _ZOOM)
        elif key == Qt.Key.Key_Escape and self._view.group:
            self._view.let_group_go()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._view.remove_selected()
        else:
            return False
        return True

    def _hover(self, at: QPointF) -> None:
        target = self._view.target(at)
        self._view.show_cursor(_CURSORS[target.grip])
        self._view.light_handle(target.index if target.grip is Grip.START else -1)
        self._view.light_axis(target.index if target.grip is Grip.AXIS else -1)
        if target.grip in (Grip.NOTHING, Grip.AXIS):
            self._view.hide_hints()
        else:
            self._view.show_hints(at)
