"""A check box whose box is visible in both themes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from odeplayground.gui.theme import fonts, icons, theme
from odeplayground.gui.widgets.painted import focus_ring

_BOX = 16
_TEXT_AT = 24


class CheckBox(QCheckBox):
    """Yes or no, with the accent for yes."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(fonts.ui(12))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(_TEXT_AT + self.fontMetrics().horizontalAdvance(self.text()) + 6, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(_TEXT_AT, 24)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2, (self.height() - _BOX) / 2, _BOX, _BOX)
        self._paint_box(painter, box)
        painter.setFont(self.font())
        painter.setPen(theme().color("text" if self.isEnabled() else "text3"))
        room = QRectF(_TEXT_AT, 0, self.width() - _TEXT_AT, self.height())
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        if self.hasFocus():
            focus_ring(painter, box.adjusted(-2, -2, 2, 2), 5)

    def _paint_box(self, painter: QPainter, box: QRectF) -> None:
        checked = self.isChecked()
        edge = "text3" if self.underMouse() and self.isEnabled() else "border"
        painter.setPen(Qt.PenStyle.NoPen if checked else QPen(theme().color(edge), 1))
        if checked:
            painter.setBrush(theme().color("accent" if self.isEnabled() else "track"))
        else:
            painter.setBrush(theme().color("surface" if self.isEnabled() else "sunken"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if checked:
            icons.paint(painter, box.adjusted(2, 2, -2, -2), "check-bold", "on_accent" if self.isEnabled() else "text2")
