"""Docks without boxes: a quiet header, the panel below it, hairlines between docks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
    """Several panels in one place; their titles are words in one header. Each is made when it is first in front."""

    def __init__(self, title: str, panels: Mapping[str, Callable[[], Panel]]) -> None:
        super().__init__(title)
        self.setObjectName(f"dock-{title.lower()}")
        self._makers = dict(panels)
        self._panels: dict[str, Panel] = {}
        self.header = DockHeader(*panels)
        self._stack = QStackedWidget()
        self.header.tab_changed.connect(self._show)
        self.setTitleBarWidget(self.header)
        self.setWidget(self._stack)
        self._show(0)

    def show_panel(self, title: str) -> None:
        """Bring the panel with this title to the front."""
        index = list(self._makers).index(title)
        self.header.set_current(index)
        self._show(index)

    @property
    def current(self) -> str:
        """Title of the panel in front."""
        return self._current

    def _show(self, index: int) -> None:
        self._current = list(self._makers)[index]
        if self._current not in self._panels:
            panel = self._panels[self._current] = self._makers[self._current]()
            self._stack.addWidget(panel)
        self._stack.setCurrentWidget(self._panels[self._current])


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
