"""A slider that is painted, works on any range and knows the model's own value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QWidget

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.painted import Painted
from odeplayground.gui.widgets.scale import Scale

_HANDLE = 12.5
_GROOVE = 3.0
_FINELY = 0.1
_NOTCH_STEPS = 120  # what a mouse wheel reports for one notch

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
_PAGES = {Qt.Key.Key_PageDown: -1, Qt.Key.Key_PageUp: 1}


class Slider(Painted):
    """A value on a track.

    Drag the handle (with Shift ten times as finely) or click on the track; arrow keys move by fine steps (with Shift by
    ten), Page keys by a tenth of the track, Home and End to its ends; a double click asks for the model's own value.
    """

    value_changed = Signal(float)
    """A person changed the value."""
    released = Signal()
    """The change is complete: mouse or key let go. Ends an undo step."""
    reset_requested = Signal()
    grabbed = Signal()
    """A person took the handle."""

    def __init__(
        self,
        low: float = 0.0,
        high: float = 1.0,
        value: float = 0.0,
        *,
        default: float | None = None,
        step: float | None = None,
        pad: float = 8.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._scale = Scale(low, high, step)
        self._value = value
        self._default = default
        self._marks: tuple[float, ...] = ()
        self._pad = pad
        self._grip: float | None = None
        self._hand = self._mouse = 0.0  # where the handle would be without its grip, and where the mouse is
        self._unreleased = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    @property
    def scale(self) -> Scale:
        return self._scale

    @property
    def value(self) -> float:
        return self._value

    @property
    def dragging(self) -> bool:
        return self._grip is not None

    def set_value(self, value: float) -> None:
        """Show a value without reporting it. It may lie outside the range; the handle then stands at the end."""
        if value != self._value:
            self._value = value
            self._describe()
            self.update()

    def set_range(self, low: float, high: float, logarithmic: bool | None = None) -> None:
        """Change the ends of the track and its scale (``None``: as the range suggests); the value stays."""
        self._scale = Scale(low, high, self._scale.step, logarithmic)
        self._describe()
        self.update()

    def set_default(self, value: float | None) -> None:
        """The model's own value, shown as a tick."""
        self._default = value
        self.update()

    def set_marks(self, values: Sequence[float]) -> None:
        """More ticks, such as the best epoch."""
        self._marks = tuple(values)
        self.update()

    def handle_x(self) -> float:
        """Where the middle of the handle is."""
        return self._x(self._scale.fraction(self._value))

    def nudge(self, steps: int) -> None:
        """Move by fine steps, as the arrow keys do."""
        self._change(self._scale.nudged(self._value, steps))

    def sizeHint(self) -> QSize:
        return QSize(140, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 28)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x = event.position().x()
        handle = self.handle_x()
        on_handle = abs(x - handle) <= _HANDLE / 2 + 2
        self._grip = x - handle if on_handle else 0.0
        self._hand = self._mouse = x
        self.grabbed.emit()
        if not on_handle:
            self._change(self._at(x))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        x = event.position().x()
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        # A hand that has lagged behind the mouse stays behind until the handle is let go.
        self._hand += (x - self._mouse) * (_FINELY if fine else 1.0)
        self._mouse = x
        self._change(self._at(self._hand - self._grip, fine))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            self._grip = None
            self._release()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset_requested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = round(event.angleDelta().y() / _NOTCH_STEPS * 4)
        if self._yields_wheel() or not steps:
            event.ignore()
            return
        self.nudge(steps)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._release()

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        value = self._target(event)
        if value is None:
            super().keyPressEvent(event)
            return
        self._focus_shows = True
        self._change(value)
        self.update()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if not event.isAutoRepeat():
            self._release()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._release()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        y = self.height() / 2
        x = self.handle_x()
        on = theme().color("accent" if self.isEnabled() else "border")
        self._paint_groove(painter, self._pad, self.width() - self._pad, theme().color("track"))
        self._paint_groove(painter, self._pad, x, on)
        painter.setBrush(theme().color("text3", 0.8))
        for mark in self._ticks():
            at = self._x(self._scale.fraction(mark))
            painter.drawRoundedRect(QRectF(at - 0.75, y + 7, 1.5, 4), 0.7, 0.7)
        self._paint_handle(painter, QPointF(x, y), on)

    def _paint_groove(self, painter: QPainter, start: float, end: float, color: QColor) -> None:
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(start, (self.height() - _GROOVE) / 2, max(0.0, end - start), _GROOVE), 1.5, 1.5)

    def _paint_handle(self, painter: QPainter, center: QPointF, color: QColor) -> None:
        radius = _HANDLE / 2
        if self.isEnabled() and (self.underMouse() or self.dragging or self.focus_shows):
            painter.setBrush(theme().color("accent", 0.28 if self.focus_shows or self.dragging else 0.14))
            painter.drawEllipse(center, radius + 4, radius + 4)
        painter.setBrush(QColor(0, 0, 0, 26))
        painter.drawEllipse(center + QPointF(0, 0.8), radius + 1.35, radius + 1.35)
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(theme().color("handle" if self.isEnabled() else "surface"))
        painter.drawEllipse(center, radius, radius)

    # Inside

    def _target(self, event: QKeyEvent) -> float | None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            tenfold = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            return self._scale.nudged(self._value, _STEPS[key] * tenfold)
        if key in _PAGES:
            return self._scale.paged(self._value, _PAGES[key])
        if key == Qt.Key.Key_Home:
            return self._scale.low
        return self._scale.high if key == Qt.Key.Key_End else None

    def _change(self, value: float) -> None:
        if value == self._value:
            return
        self.set_value(value)
        self._unreleased = True
        self.value_changed.emit(value)

    def _release(self) -> None:
        if self._unreleased and not self.dragging:
            self._unreleased = False
            self.released.emit()

    def _ticks(self) -> tuple[float, ...]:
        return self._marks if self._default is None else (self._default, *self._marks)

    def _x(self, fraction: float) -> float:
        return self._pad + fraction * (self.width() - 2 * self._pad)

    def _at(self, x: float, fine: bool = False) -> float:
        return self._scale.value((x - self._pad) / max(1.0, self.width() - 2 * self._pad), fine)

    def _yields_wheel(self) -> bool:
        """In something that scrolls, a wheel that only passes by must not change a value."""
        if self.hasFocus():
            return False
        parent = self.parentWidget()
        while parent is not None:
            if isinstance(parent, QAbstractScrollArea) and parent.verticalScrollBar().maximum() > 0:
                return True
            parent = parent.parentWidget()
        return False

    def _describe(self) -> None:
        scale = self._scale
        self.setAccessibleDescription(
            f"{scale.text(self._value)}, from {scale.text(scale.low)} to {scale.text(scale.high)}"
        )
