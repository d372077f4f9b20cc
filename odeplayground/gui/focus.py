"""One panel alone: F11 for the portrait, a double click on its header for any panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QWidget

from odeplayground.gui.widgets.header import DockHeader

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow


class FocusMode(QObject):
    """Hides everything but one panel, and brings it all back as it was."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._hidden: list[QWidget] = []
        self._layout = window.saveState()

    @property
    def active(self) -> bool:
        """Whether a panel stands alone."""
        return bool(self._hidden)

    def toggle(self, alone: QWidget | None = None) -> None:
        """Show only this dock (``None``: only the middle), or everything again."""
        if self.active:
            self.leave()
            return
        window = self._window
        self._layout = window.saveState()
        docks = [dock for dock in window.findChildren(QDockWidget) if not dock.isHidden() and not dock.isFloating()]
        middle = window.centralWidget()
        self._hidden = [widget for widget in (*docks, middle) if widget is not None and widget is not (alone or middle)]
        for widget in self._hidden:
            widget.hide()

    def leave(self) -> None:
        """Bring everything back."""
        hidden, self._hidden = self._hidden, []
        for widget in hidden:
            widget.show()
        if hidden:
            self._window.restoreState(self._layout)
            self._window.notices.settle()


class HeaderClicks(QObject):
    """Tells double clicks on the headers of panels."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        for header in window.findChildren(DockHeader):
            header.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.MouseButtonDblClick or not isinstance(event, QMouseEvent):
            return False
        if event.button() != Qt.MouseButton.LeftButton or not isinstance(watched, DockHeader):
            return False
        dock = watched.parentWidget()
        while dock is not None and not isinstance(dock, QDockWidget):
            dock = dock.parentWidget()
        if dock is None or not dock.isFloating():
            self._window.focus_mode.toggle(dock)
            return True
        return False
