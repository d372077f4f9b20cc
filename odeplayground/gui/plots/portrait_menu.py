"""The menu of a right click: first what is there, then what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget, QWidgetAction

from odeplayground.gui.plots.explanations import Explanation
from odeplayground.gui.widgets import labels

_WIDTH = 300


class PortraitMenu(QMenu):
    """An explanation above a few offers."""

    def __init__(self, parent: QWidget, explanation: Explanation) -> None:
        super().__init__(parent)
        self.setObjectName("portrait-menu")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(explanation.title)
        self.setAccessibleDescription(explanation.text)
        self.explanation = explanation
        head = QWidgetAction(self)
        head.setDefaultWidget(_sheet(explanation))
        self.addAction(head)
        self.addSeparator()

    def offer(self, text: str, signal: SignalInstance, *values: object) -> None:
        """Something to do: the signal is emitted with these values."""
        self.addAction(text).triggered.connect(partial(self._chosen, signal, values))

    @staticmethod
    def _chosen(signal: SignalInstance, values: tuple[object, ...], _checked: bool = False) -> None:
        signal.emit(*values)


def _sheet(explanation: Explanation) -> QWidget:
    sheet = QWidget()
    rows = QVBoxLayout(sheet)
    rows.setContentsMargins(12, 8, 12, 8)
    rows.setSpacing(4)
    for i, line in enumerate((explanation.title, *explanation.lines)):
        text = labels.label(line, 12, 400, "text2") if i else labels.label(line, 13, 600)
        if text.sizeHint().width() > _WIDTH:
            text.setWordWrap(True)
            text.setFixedWidth(_WIDTH)
        rows.addWidget(text)
    return sheet
