"""A numbered badge, on the real target of a step."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.theme import fonts, icons, theme
from odeplayground.gui.widgets.painted import Painted

_RADIUS = 12.0
_HALO = 16.0


class Badge(Painted):
    """A number on a disc. With ``floating`` it has a halo, and the mouse goes through to what lies below."""

    def __init__(self, number: int, floating: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._floating = floating
        self._done = False
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(f"Step {number}")
        if floating:
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def done(self) -> bool:
        """Whether the step is ticked off."""
        return self._done

    def set_done(self, done: bool) -> None:
        """Show a tick instead of the number."""
        self._done = done
        self.setAccessibleName(f"Step {self._number}, done" if done else f"Step {self._number}")
        self.update()

    def center_on(self, point: QPointF) -> None:
        """Move so that the disc's centre lies at this point of the parent."""
        self.move(round(point.x() - self.width() / 2), round(point.y() - self.height() / 2))

    def sizeHint(self) -> QSize:
        side = round(2 * (_HALO if self._floating else _RADIUS))
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        center = QRectF(self.rect()).center()
        if self._floating:
            painter.setBrush(theme().color("accent", 0.22))
            painter.drawEllipse(center, _HALO, _HALO)
        painter.setBrush(theme().color("ok" if self._done else "accent"))
        painter.drawEllipse(center, _RADIUS, _RADIUS)
        if self._done:
            side = QRectF(0, 0, 14, 14)
            side.moveCenter(center)
            icons.paint(painter, side, "check-bold", "surface")
            return
        painter.setPen(theme().color("on_accent"))
        painter.setFont(fonts.ui(13, 600))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, str(self._number))
