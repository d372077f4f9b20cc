"""What the mouse means in a bifurcation diagram."""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

if TYPE_CHECKING:
    from odeplayground.gui.plots.bifurcation_view import BifurcationView

_GRIP = 6.0
"""Pixels beside the line where it can be taken."""
_DRAG = 5.0
"""Pixels before a press becomes a drag."""
_LEAST = 8.0
"""Sides of the smallest box, in pixels."""


class _Doing(Enum):
    NOTHING = "nothing"
    PRESSED = "pressed"
    LINE = "line"
    BOX = "box"


class BifurcationMouse:
    """Drag the line, drag a box, click a branch; tells the view which it is."""

    def __init__(self, view: BifurcationView) -> None:
        self._view = view
        self._doing = _Doing.NOTHING
        self._pressed = QPointF()

    @property
    def dragging(self) -> bool:
        """Whether something follows the mouse."""
        return self._doing in (_Doing.LINE, _Doing.BOX)

    def press(self, at: QPointF) -> None:
        """The left button went down."""
        if not self._view.area.contains(at) or not self._view.mapping.valid:
            return
        self._pressed = at
        self._doing = _Doing.LINE if self._on_line(at) else _Doing.PRESSED
        self._view.hide_card()

    def move(self, at: QPointF) -> None:
        """The mouse moved, with or without the button."""
        if self._doing is _Doing.NOTHING:
            self._hover(at)
            return
        way = at - self._pressed
        if self._doing is _Doing.PRESSED and math.hypot(way.x(), way.y()) >= _DRAG:
            self._doing = _Doing.BOX
        if self._doing is _Doing.LINE:
            self._view.drag_line(at.x())
        elif self._doing is _Doing.BOX:
            self._view.show_band(QRectF(self._pressed, at).normalized())

    def release(self, at: QPointF) -> None:
        """The left button came up."""
        doing, self._doing = self._doing, _Doing.NOTHING
        if doing is _Doing.LINE:
            self._view.parameter_released.emit()
        elif doing is _Doing.BOX:
            self._view.show_band(None)
            box = QRectF(self._pressed, at).normalized() & self._view.area
            if box.width() >= _LEAST and box.height() >= _LEAST:
                self._view.choose_box(box)
        elif doing is _Doing.PRESSED:
            self._view.click(at)
        self._hover(at)

    def leave(self) -> None:
        """The mouse left the view."""
        if not self.dragging:
            self._view.hide_card()

    def _hover(self, at: QPointF) -> None:
        if not self._view.area.contains(at) or not self._view.mapping.valid:
            self._view.hide_card()
            self._view.show_cursor(Qt.CursorShape.ArrowCursor)
        elif self._on_line(at):
            self._view.hide_card()
            self._view.show_cursor(Qt.CursorShape.SplitHCursor)
        else:
            found = self._view.show_card(at)
            self._view.show_cursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.CrossCursor)

    def _on_line(self, at: QPointF) -> bool:
        x = self._view.line_pixel
        return x is not None and abs(at.x() - x) <= _GRIP
