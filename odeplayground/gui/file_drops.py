"""Files dropped onto the window are opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent

from odeplayground.gui.widgets.code_editor import CodeEditor

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

_KINDS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
_MOST = 8
"""Files at a time: each gets a window."""


class FileDrops(QObject):
    """Takes files before the editor does, which would write their names into the equations."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        for editor in window.findChildren(CodeEditor):
            editor.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _KINDS and isinstance(event, QDropEvent):
            paths = files(event.mimeData())
            if paths:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._window.windows.open_paths(self._window, paths)
                return True
        return super().eventFilter(watched, event)


def files(data: QMimeData) -> list[Path]:
    """The files in what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()][:_MOST]
