"""The status: a dot and words, and a way to stop what runs."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from odeplayground.gui.theme import fonts, theme
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.painted import Painted

_TEXT_AT = 18


class StatusKind(StrEnum):
    """Decides the colour of the dot."""

    IDLE = "idle"
    BUSY = "busy"
    ERROR = "error"
    WARNING = "warning"


_COLORS = {
    StatusKind.IDLE: "ok",
    StatusKind.BUSY: "accent_text",
    StatusKind.ERROR: "error",
    StatusKind.WARNING: "warn",
}


class StatusDot(QWidget):
    """Idle, Solving, Training 73 %, 1 error."""

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = _Words()
        self.stop = IconButton("stop-fill", "Stop", size=32, icon_size=14)
        self.stop.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._words)
        layout.addWidget(self.stop)
        self.stop.clicked.connect(self.stop_requested)
        self.set_status(StatusKind.IDLE, "Idle")

    @property
    def text(self) -> str:
        return self._words.text

    @property
    def kind(self) -> StatusKind:
        return self._words.kind

    def set_status(self, kind: StatusKind, text: str, stop: str = "", details: str = "") -> None:
        """Show a status; ``stop`` names what the stop button stops, empty hides it; ``details`` is the tooltip."""
        self._words.show_status(kind, text)
        self._words.setToolTip(details)
        self.stop.setVisible(bool(stop))
        if stop:
            self.stop.set_tooltip(stop)


class _Words(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.kind = StatusKind.IDLE
        self.text = ""
        self._width = 0
        self.setFixedHeight(32)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_status(self, kind: StatusKind, text: str) -> None:
        if (kind, text) == (self.kind, self.text):
            return
        width = QFontMetrics(fonts.ui(12)).horizontalAdvance(text) + _TEXT_AT + 6
        # Running numbers must not make the bar tremble: while one thing runs, the room only grows.
        running = kind == self.kind == StatusKind.BUSY and text.split(" ")[0] == self.text.split(" ")[0]
        self._width = max(width, self._width) if running else width
        self.kind, self.text = kind, text
        self.setAccessibleName(f"Status: {text}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._width, 32)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(_COLORS[self.kind]))
        painter.drawEllipse(QPointF(6, 16), 4, 4)
        painter.setPen(theme().color("text2"))
        painter.setFont(fonts.ui(12))
        painter.drawText(QRectF(_TEXT_AT, 0, self.width(), 32), Qt.AlignmentFlag.AlignVCenter, self.text)
