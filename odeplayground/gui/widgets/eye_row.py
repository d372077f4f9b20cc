"""One layer of a picture: an eye that is open or shut, its name, and a sentence that says what it is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from odeplayground.gui.theme import fonts, icons, theme
from odeplayground.gui.widgets.painted import BY_KEYBOARD, focus_ring

WIDTH = 340
_TEXT_AT = 36
_TOP = 7
_WRAP = Qt.TextFlag.TextWordWrap


class EyeRow(QCheckBox):
    """A check box that is drawn as an eye. Where it cannot be used, its sentence says why."""

    def __init__(self, name: str, help: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._help = self._usual = help
        self._ring = False  # after a click it would be noise
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(name)
        self.setAccessibleDescription(help)
        self.setFixedSize(self.sizeHint())

    def set_reason(self, reason: str) -> None:
        """Why it cannot be used now; empty if it can."""
        self.setEnabled(not reason)
        self._help = reason or self._usual
        self.setAccessibleDescription(self._help)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        room = QRect(0, 0, WIDTH - _TEXT_AT - 12, 1000)
        text = QFontMetrics(fonts.ui(11)).boundingRect(room, _WRAP, self._help)
        return QSize(WIDTH, _TOP + 18 + text.height() + _TOP)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(self.rect())
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("hover"))
            painter.drawRoundedRect(row, 6, 6)
        shown = self.isChecked() and self.isEnabled()
        eye = "eye" if self.isChecked() else "eye-slash"
        icons.paint(painter, QRectF(10, _TOP + 1, 16, 16), eye, "accent_text" if shown else "text3")
        painter.setFont(fonts.ui(13, 500))
        painter.setPen(theme().color("text" if shown else "text3"))
        painter.drawText(QRectF(_TEXT_AT, _TOP, WIDTH - _TEXT_AT, 18), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(fonts.ui(11))
        painter.setPen(theme().color("text3"))
        painter.drawText(QRectF(_TEXT_AT, _TOP + 18, WIDTH - _TEXT_AT - 12, self.height()), int(_WRAP), self._help)
        if self.hasFocus() and self._ring:
            focus_ring(painter, row, 6)
