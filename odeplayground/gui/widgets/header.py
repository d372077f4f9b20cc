"""The quiet header of a dock: title or words left, icons right, on the plane of the body."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.labels import ElidedLabel
from odeplayground.gui.widgets.tab_words import TabWords

HEIGHT = 40


class DockHeader(QWidget):
    """Title bar of a dock. A dock lays it out by its size hint, so the hints are fixed here."""

    tab_changed = Signal(int)

    def __init__(self, *words: str, current: int = 0, height: int = HEIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.words = TabWords(words, current)
        self._count = ElidedLabel("", 12, 400, "text3")
        self._count.hide()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 2, 8, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self.words)
        self._layout.addSpacing(6)
        self._layout.addWidget(self._count)
        self._layout.addStretch(1)
        self.words.tab_changed.connect(self.tab_changed)

    def set_words(self, words: Sequence[str], current: int = 0) -> None:
        """Title (one word) or tabs."""
        self.words.set_words(words, current)

    def set_current(self, index: int) -> None:
        """Show which tab is current, without a report."""
        self.words.set_current(index)

    def set_count(self, text: str) -> None:
        """A number or a short remark after the title; empty hides it."""
        self._count.set_text(text)
        self._count.setVisible(bool(text))

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget to the right, after those already there."""
        self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_button(self, icon: str, tooltip: str, *, checkable: bool = False) -> IconButton:
        """Add an icon button to the right."""
        button = IconButton(icon, tooltip, color="text3")
        if checkable:
            button.setCheckable(True)
            button.set_icon(icon)
        self.add_widget(button)
        return button

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._height)
