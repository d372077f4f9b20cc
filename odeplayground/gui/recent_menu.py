"""File > Open recent."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow


class RecentMenu(QMenu):
    """The latest projects, looked up when it opens; those that are gone are left out."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("Open recent", window)
        self.setObjectName("recent")
        self._window = window
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """List what is there now."""
        self.clear()
        for path in self._window.session.recent_files():
            action = self.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.setStatusTip(str(path))
            action.triggered.connect(partial(self._open, path))
        if self.isEmpty():
            self.addAction("No projects yet").setEnabled(False)

    def _open(self, path: Path, _checked: bool = False) -> None:
        self._window.windows.open_paths(self._window, [path])
