"""A sheet over the window, which stands still and dimmed below it until the sheet is closed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget
from shiboken6 import isValid

from odeplayground.gui.theme import theme
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.labels import label
from odeplayground.session import Session

RADIUS = 12
HEADER, FOOTER = 64, 64
EDGE = 16
"""Pixels of the window that stay visible around the sheet, at least."""
_SHADOW = 10


class Sheet(QWidget):
    """Covers its window. Keys and the mouse reach nothing else while it is open; Escape or a click beside it closes it.

    Fill ``header`` and ``rows``. ``sheet_size`` says how large it would like to be in a window of some size.
    """

    closed = Signal()

    def __init__(self, name: str, title: str, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.hide()
        self._window, self._session = window, session
        self._was_playing = False
        self._focus_before: QWidget | None = None
        self._still: QPixmap | None = None
        self.card = QWidget(self)
        self.header = QHBoxLayout()
        self.header.setContentsMargins(24, 0, 16, 0)
        self.header.setSpacing(16)
        self.header.addWidget(label(title, 17, 600))
        self.header.addStretch(1)
        self.leave = IconButton("x", "Close (Escape)", size=32)
        self.leave.clicked.connect(self.close_sheet)
        self.header.addWidget(self.leave)
        top = QWidget()
        top.setFixedHeight(HEADER)
        top.setLayout(self.header)
        self.rows = QVBoxLayout(self.card)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(0)
        self.rows.addWidget(top)
        theme().changed.connect(self._forget_still)

    def sheet_size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the sheet in a window of this size."""
        return min(760, width - 2 * EDGE), min(520, height - 2 * EDGE)

    def open_sheet(self) -> None:
        """Cover the window. What moves in it is held: its pictures would be painted for nobody.

        Another sheet gives way: where a system keeps the menus outside of the window, they stay within reach.
        """
        for other in self._window.findChildren(Sheet):
            if other is not self:
                other.close_sheet()
        if self.isHidden():  # opened again, it would find the window as it left it itself
            self._focus_before = self._window.focusWidget()
            self._was_playing = self._session.playback.playing
        self._session.playback.pause()
        self._window.installEventFilter(self)
        self._fit()
        self._take_still()
        self.show()
        self.raise_()

    def close_sheet(self) -> None:
        """Give the window back as it was."""
        if self.isHidden():
            return
        self._window.removeEventFilter(self)
        self.hide()
        self._forget_still()
        if self._was_playing:
            self._session.playback.play()
        if self._focus_before is not None and isValid(self._focus_before):  # it may be gone meanwhile
            self._focus_before.setFocus()
        self._focus_before = None
        self.closed.emit()

    def escape(self) -> None:
        """What the Escape key does."""
        self.close_sheet()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._forget_still()
            self._fit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:  # the window's commands wait until the sheet is closed
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the sheet."""
        stops = [widget for widget in self._chain() if self._is_stop(widget)]
        current = self._window.focusWidget()
        if not stops:
            return True
        step = 1 if forward else -1
        position = stops.index(current) + step if current in stops else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[position % len(stops)].setFocus(reason)
        return True

    def _chain(self) -> list[QWidget]:
        chain, widget = [], self.nextInFocusChain()
        while widget is not None and widget is not self:
            chain.append(widget)
            widget = widget.nextInFocusChain()
        return chain

    def _is_stop(self, widget: QWidget) -> bool:
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        return takes and self.isAncestorOf(widget) and widget.isVisibleTo(self) and widget.isEnabled()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self._window.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_sheet()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._still is None:
            self._paint_plane(painter)
        else:
            painter.setClipRect(event.rect())
            painter.drawPixmap(0, 0, self._still)

    def _take_still(self) -> None:
        """Paint the window below for the last time: else it would be painted again under every card that changes."""
        still = self._window.grab()
        painter = QPainter(still)
        self._paint_plane(painter)
        painter.end()
        self._still = still
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def _forget_still(self) -> None:
        """The window below looks different now."""
        self._still = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, on=False)
        self.update()

    def _paint_plane(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(0, 0, 0, 125 if theme().tokens.dark else 92))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.card.geometry())
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(_SHADOW):  # rings that add up to a soft edge
            painter.setBrush(QColor(0, 0, 0, round(70 * theme().tokens.shadow / _SHADOW)))
            grown = rect.adjusted(-step, 4 - step, step, 4 + step)
            painter.drawRoundedRect(grown, RADIUS + step, RADIUS + step)
        painter.setBrush(theme().color("surface"))
        painter.setPen(theme().color("border") if theme().tokens.dark else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, RADIUS, RADIUS)

    def _fit(self) -> None:
        room = self._window.rect()
        self.setGeometry(room)
        width, height = self.sheet_size(room.width(), room.height())
        self.card.setGeometry(QRect((room.width() - width) // 2, (room.height() - height) // 2, width, height))
