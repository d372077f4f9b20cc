"""Docks without boxes: a quiet header, the panel below it, hairlines between docks."""

from __future__ import annotations

from PySide6.QtWidgets import QDockWidget, QStackedWidget, QVBoxLayout, QWidget

from odeplayground.gui.panel import Panel
from odeplayground.gui.widgets.header import DockHeader


class Dock(QDockWidget):
    """One panel in one place."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel.title)
        self.setObjectName(f"dock-{panel.title.lower().replace(' ', '-')}")
        self.setTitleBarWidget(panel.header)
        panel.header.show()
        self.setWidget(panel)


class TabbedDock(QDockWidget):
    """Several panels in one place; their titles are words in one header."""

    def __init__(self, title: str, panels: list[Panel]) -> None:
        super().__init__(title)
        self.setObjectName(f"dock-{title.lower()}")
        self.panels = panels
        self.header = DockHeader(*(panel.title for panel in panels))
        self._stack = QStackedWidget()
        for panel in panels:
            self._stack.addWidget(panel)
        self.header.tab_changed.connect(self._stack.setCurrentIndex)
        self.setTitleBarWidget(self.header)
        self.setWidget(self._stack)

    def show_panel(self, title: str) -> None:
        """Bring the panel with this title to the front."""
        index = [panel.title for panel in self.panels].index(title)
        self.header.set_current(index)
        self._stack.setCurrentIndex(index)

    @property
    def current(self) -> str:
        """Title of the panel in front."""
        return self.panels[self._stack.currentIndex()].title


class PlainDock(QDockWidget):
    """A dock without a header, such as the training panel at the bottom."""

    def __init__(self, name: str, body: QWidget) -> None:
        super().__init__(name)
        self.setObjectName(f"dock-{name.lower()}")
        empty = QWidget()
        empty.setFixedHeight(0)
        self.setTitleBarWidget(empty)
        self.setWidget(body)


def column(*widgets: QWidget) -> QWidget:
    """Widgets below each other without gaps."""
    body = QWidget()
    rows = QVBoxLayout(body)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    for widget in widgets:
        rows.addWidget(widget)
    return body
