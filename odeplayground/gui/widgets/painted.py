"""What all painted widgets share: the theme, keyboard focus that shows, the mouse above."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from odeplayground.gui.theme import theme

BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class Painted(QWidget):
    """A widget that draws itself from the theme's colours and follows a change of theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._focus_shows = False
        theme().changed.connect(self.update)

    @property
    def focus_shows(self) -> bool:
        """Whether the focus came by keyboard, so that a ring helps; after a click it would be noise."""
        return self._focus_shows and self.hasFocus()

    def painter(self) -> QPainter:
        """An antialiasing painter on this widget; valid inside ``paintEvent``."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus_shows = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._focus_shows = True
        super().keyPressEvent(event)
        self.update()


def line_pen(color: QColor, width: float = 1.0, dash: Sequence[float] | None = None) -> QPen:
    """A pen for painters that are not scaled; in a plot's view use pyqtgraph's.

    Not cosmetic: such pens count in device pixels and turn thin on dense screens.
    """
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dash else Qt.PenCapStyle.RoundCap)
    if dash:
        pen.setDashPattern(list(dash))
    return pen


def focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The mark of keyboard focus, just inside ``rect``."""
    painter.save()
    painter.setPen(QPen(theme().color("accent"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
    painter.restore()
