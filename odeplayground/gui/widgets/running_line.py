"""A line of text that is another one in every frame of the playback."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from odeplayground.gui.theme import fonts, theme


class RunningLine(QWidget):
    """One line of text in the font and colour of a note, ending in … where there is no room.

    It is painted, as a label asks for a new layout of the whole window with each text.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = self._shown = ""
        self.setFont(fonts.ui(12))
        self._height = QFontMetrics(self.font()).height()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Change the text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def sizeHint(self) -> QSize:
        return QSize(24, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color("text2"))
        room = QRect(0, 0, self.width(), self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._shown)

    def _elide(self) -> None:
        self._shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        rest = self._text if self._shown != self._text else ""
        if rest != self.toolTip():
            self.setToolTip(rest)
        self.update()
