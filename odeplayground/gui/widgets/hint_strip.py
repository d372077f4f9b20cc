"""The strip of the first start: three numbered steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from odeplayground.gui.widgets.badge import Badge
from odeplayground.gui.widgets.buttons import IconButton
from odeplayground.gui.widgets.labels import ElidedLabel

HEIGHT = 64


class HintStrip(QWidget):
    """Steps to try, each a title and a sentence; can be closed."""

    dismissed = Signal()
    """A person closed it."""

    def __init__(self, steps: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "hint")
        self.setFixedHeight(HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 12, 0)
        layout.setSpacing(12)
        for number, (title, sentence) in enumerate(steps, start=1):
            layout.addWidget(Badge(number))
            layout.addLayout(_step(title, sentence))
            layout.addSpacing(28 if number < len(steps) else 0)
        layout.addStretch(1)
        self.close_button = IconButton("x", "Close the first steps (F1 shows them again)", size=32, icon_size=14)
        layout.addWidget(self.close_button)
        self.close_button.clicked.connect(self._dismiss)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()


def _step(title: str, sentence: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(1)
    column.addStretch(1)
    column.addWidget(ElidedLabel(title, 13, 600))
    column.addWidget(ElidedLabel(sentence, 12, 400, "text2"))
    column.addStretch(1)
    return column
