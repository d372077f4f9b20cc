"""A segmented control: a sunken pill, the current word raised."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.painted import Painted, focus_ring

_HEIGHT = 28
_PADDING = 22
_EDGE = 2


class Segment(msgspec.Struct, frozen=True):
    """One word to choose. ``tooltip`` says what it shows, or why it cannot be chosen yet."""

    key: str
    label: str
    enabled: bool = True
    tooltip: str = ""


class Segmented(Painted):
    """One of a few words. Arrow keys go to the next that can be chosen."""

    current_changed = Signal(str)
    """A person chose the segment with this key."""

    def __init__(self, segments: Sequence[Segment], current: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = list(segments)
        self._current = current or self._segments[0].key
        self._hovered = -1
        self.setFont(fonts.ui(12, 500))
        metrics = QFontMetrics(self.font())
        self._widths = [metrics.horizontalAdvance(segment.label) + _PADDING for segment in self._segments]
        self.setFixedSize(self.sizeHint())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self._describe()

    @property
    def current(self) -> str:
        return self._current

    def set_current(self, key: str) -> None:
        """Show a choice without reporting it.

        Raises:
            ValueError: there is no segment with this key.
        """
        self._position(key)
        if key != self._current:
            self._current = key
            self._describe()
            self.update()

    def set_enabled(self, key: str, enabled: bool, tooltip: str = "") -> None:
        """Say whether a segment can be chosen, and in its tooltip why not."""
        position = self._position(key)
        segment = msgspec.structs.replace(self._segments[position], enabled=enabled, tooltip=tooltip)
        if segment != self._segments[position]:
            self._segments[position] = segment
            self.update()

    def segment_rect(self, key: str) -> QRectF:
        """Where the segment with this key is."""
        position = self._position(key)
        return QRectF(_EDGE + sum(self._widths[:position]), _EDGE, self._widths[position], _HEIGHT - 2 * _EDGE)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths) + 2 * _EDGE, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(QPointF(event.pos()))
            tooltip = self._segments[at].tooltip if at >= 0 else ""
            QToolTip.showText(event.globalPos(), tooltip, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._focus_shows = True
        self._go(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("sunken"))
        painter.drawRoundedRect(self.rect(), 7, 7)
        painter.setFont(self.font())
        for position, segment in enumerate(self._segments):
            self._paint_segment(painter, position, segment)
        if self.focus_shows:
            focus_ring(painter, QRectF(self.rect()), 7)

    def _paint_segment(self, painter: QPainter, position: int, segment: Segment) -> None:
        rect = self.segment_rect(segment.key)
        current = segment.key == self._current
        if current:
            painter.setPen(QPen(theme().color("border", 0.7), 1))
            painter.setBrush(theme().color("raised"))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        usable = segment.enabled and self.isEnabled()
        bright = current or (usable and position == self._hovered)
        painter.setPen(theme().color("text" if bright else "text2" if usable else "text3"))
        painter.setOpacity(1.0 if usable or current else 0.75)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, segment.label)
        painter.setOpacity(1.0)

    def _at(self, point: QPointF) -> int:
        for position, segment in enumerate(self._segments):
            if self.segment_rect(segment.key).contains(point):
                return position
        return -1

    def _go(self, step: int) -> None:
        position = self._position(self._current) + step
        while 0 <= position < len(self._segments):
            if self._segments[position].enabled:
                self._choose(position)
                return
            position += step

    def _choose(self, position: int) -> None:
        if position < 0 or not self._segments[position].enabled or self._segments[position].key == self._current:
            return
        self.set_current(self._segments[position].key)
        self.current_changed.emit(self._current)

    def _position(self, key: str) -> int:
        for position, segment in enumerate(self._segments):
            if segment.key == key:
                return position
        raise ValueError(f"There is no segment {key!r}.")

    def _describe(self) -> None:
        self.setAccessibleDescription(f"{self._segments[self._position(self._current)].label} is chosen")
