"""Where the help is: in the right column, whose panels step aside while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from odeplayground.gui.dock import Dock
from odeplayground.gui.help.panel import HelpPanel
from odeplayground.session import edits

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

WIDTH = 400


class HelpPlace(QObject):
    """Opens and closes the help; the portrait stays in view, so that what is read can be tried."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.panel = HelpPanel(window.session)
        self.dock = Dock(self.panel)
        self._aside: list[str] = []
        """Names of the docks that stepped aside."""
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.hide()
        self.panel.closed.connect(self.close_help)
        self.panel.action_wanted.connect(window.commands.run)
        self.panel.preset_wanted.connect(self._open_preset)

    @property
    def is_open(self) -> bool:
        """Whether the help is shown."""
        return not self.dock.isHidden()

    def open_help(self, key: str = "") -> None:
        """Show a page, or the list of all."""
        if not self.is_open:
            column = [dock for dock in self._window.docks.right if not dock.isHidden() and not dock.isFloating()]
            self._aside = [dock.objectName() for dock in column]
            for dock in column:
                dock.hide()
            self.dock.show()
            self._window.resizeDocks([self.dock], [WIDTH], Qt.Orientation.Horizontal)
        self.panel.show_page(key) if key else self.panel.show_contents()

    def close_help(self) -> None:
        """Give the column back."""
        if not self.is_open:
            return
        width = self.dock.width()
        self.dock.hide()
        back = [dock for dock in self._window.docks.right if dock.objectName() in self._aside]
        for dock in back:
            dock.show()
        if back:
            self._window.resizeDocks([back[0]], [min(width, self._window.docks.right_width)], Qt.Orientation.Horizontal)

    def _open_preset(self, name: str, values: dict[str, float]) -> None:
        self._window.commands.open_preset(name)
        document = self._window.session.document
        for parameter, value in values.items():
            document.apply(edits.set_parameter(document.experiment, parameter, value), f"Change {parameter}")
