"""Labels in the theme's tones, and hairlines."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from odeplayground.gui.theme import fonts


def label(text: str, px: float = 13, weight: int = 400, tone: str = "text", parent: QWidget | None = None) -> QLabel:
    """A plain label. ``tone``: text, text2, text3, accent, error, ok or warn."""
    result = QLabel(text, parent)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setFont(fonts.ui(px, weight))
    result.setProperty("tone", tone)
    return result


def set_tone(widget: QLabel, tone: str) -> None:
    """Change the tone of a label."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def hairline(vertical: bool = False, parent: QWidget | None = None) -> QFrame:
    """The line that separates; nothing is boxed."""
    line = QFrame(parent)
    line.setProperty("kind", "hairline")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


class ElidedLabel(QLabel):
    """A one-line label that gives way: it ends in … where there is no room, and tells the rest as a tooltip."""

    def __init__(
        self, text: str = "", px: float = 13, weight: int = 400, tone: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._full = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(fonts.ui(px, weight))
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._elide()

    @property
    def full_text(self) -> str:
        return self._full

    def set_text(self, text: str) -> None:
        """Change the text."""
        if text != self._full:
            self._full = text
            self.updateGeometry()
            self._elide()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(24, self.sizeHint().width()), self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(24, self.width()))
        self.setText(shown)
        self.setAccessibleName(self._full)
        self.setToolTip(self._full if shown != self._full else "")
