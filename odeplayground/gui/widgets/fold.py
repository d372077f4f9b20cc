"""A row that opens: caret, name, summary, and the settings underneath."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from odeplayground.gui.theme import fonts, icons, theme
from odeplayground.gui.widgets.painted import Painted, focus_ring

_HEIGHT = 28
_NAME_AT = 20
_NAME_WIDTH = 66


class Fold(QWidget):
    """A collapsible group. Closed it says in a few words what is set inside."""

    toggled = Signal(bool)

    def __init__(self, name: str, summary: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head = _Head(name, summary)
        self._body: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.head)
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(_NAME_AT, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusProxy(self.head)
        self.head.activated.connect(self._toggle)

    @property
    def is_open(self) -> bool:
        return self.head.is_open

    def set_summary(self, text: str) -> None:
        """What is set inside, in a few words."""
        self.head.set_summary(text)

    def set_body(self, body: QWidget) -> None:
        """What opens."""
        if self._body is not None:
            self._inner.removeWidget(self._body)
            self._body.deleteLater()
        else:
            self._layout.addLayout(self._inner)
        self._body = body
        self._inner.addWidget(body)
        body.setVisible(self.is_open)

    def set_open(self, is_open: bool) -> None:
        """Open or close, without a report."""
        self.head.set_open(is_open)
        if self._body is not None:
            self._inner.setContentsMargins(_NAME_AT, 4 if is_open else 0, 0, 8 if is_open else 0)
            self._body.setVisible(is_open)

    def _toggle(self) -> None:
        self.set_open(not self.is_open)
        self.toggled.emit(self.is_open)


class _Head(Painted):
    activated = Signal()

    def __init__(self, name: str, summary: str) -> None:
        super().__init__()
        self._name = name
        self._summary = summary
        self.is_open = False
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._describe()

    def set_summary(self, text: str) -> None:
        self._summary = text
        self._describe()
        self.update()

    def set_open(self, is_open: bool) -> None:
        self.is_open = is_open
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        opens = key == Qt.Key.Key_Right and not self.is_open
        closes = key == Qt.Key.Key_Left and self.is_open
        if opens or closes or key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._focus_shows = True
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        middle = self.height() / 2
        caret = "caret-down" if self.is_open else "caret-right"
        icons.paint(painter, QRectF(0, middle - 6, 12, 12), caret, "text2" if self.underMouse() else "text3")
        painter.setFont(fonts.ui(12, 500))
        painter.setPen(theme().color("text"))
        name_width = max(_NAME_WIDTH, painter.fontMetrics().horizontalAdvance(self._name) + 8)
        where = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(_NAME_AT, 0, name_width, self.height()), where, self._name)
        if not self.is_open:
            painter.setFont(fonts.ui(12))
            painter.setPen(theme().color("text2"))
            left = _NAME_AT + name_width
            room = int(self.width() - left)
            text = painter.fontMetrics().elidedText(self._summary, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, 0, room, self.height()), where, text)
        if self.focus_shows:
            focus_ring(painter, QRectF(self.rect()), 4)

    def _describe(self) -> None:
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(f"{'open' if self.is_open else 'closed'}, {self._summary}")
        self.setToolTip(self._summary)
