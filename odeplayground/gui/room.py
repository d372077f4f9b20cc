"""How large the window is, given the screen and the frame that the desktop puts around it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow

THREE_COLUMNS = 960
"""Pixels; narrower windows, which only small screens ask for, have two."""
SMALLEST, USUAL = QSize(1024, 700), QSize(1280, 800)


def fit_to_screen(window: QMainWindow) -> None:
    """The usual size, or what the screen has room for."""
    room = _room(window)
    window.setMinimumSize(SMALLEST.boundedTo(room))
    window.resize(USUAL.boundedTo(room))


def keep_on_screen(window: QMainWindow) -> None:
    """Make room for the frame, which is known only when it is there, and bring all of it onto the screen."""
    if not _has_screen() or window.isMaximized() or window.isFullScreen():
        return
    free, frame = window.screen().availableGeometry(), window.frameGeometry()
    border = frame.size() - window.size()
    room = free.size() - border
    window.setMinimumSize(window.minimumSize().boundedTo(room))
    if window.width() > room.width() or window.height() > room.height():
        window.resize(window.size().boundedTo(room))
        frame = window.frameGeometry()
    if not free.contains(frame):
        x = min(max(free.left(), frame.left()), max(free.left(), free.right() + 1 - frame.width()))
        y = min(max(free.top(), frame.top()), max(free.top(), free.bottom() + 1 - frame.height()))
        window.move(x, y)


def _room(window: QMainWindow) -> QSize:
    return window.screen().availableGeometry().size() if _has_screen() else USUAL


def _has_screen() -> bool:
    """Without a screen there is nothing that a window could be too large for."""
    return QGuiApplication.platformName() not in ("offscreen", "minimal")


class RightColumn:
    """The first thing to give way where a screen is too small for three columns."""

    def __init__(self, docks: Sequence[QDockWidget]) -> None:
        self._docks = docks
        self._folded: list[QDockWidget] = []

    def fit(self, width: int) -> None:
        """Fold or unfold the column in a window of this width."""
        if width < THREE_COLUMNS and not self._folded:
            self._folded = [dock for dock in self._docks if not dock.isHidden() and not dock.isFloating()]
            for dock in self._folded:
                dock.hide()
        elif width >= THREE_COLUMNS and self._folded:
            for dock in self._folded:
                dock.show()
            self._folded = []
