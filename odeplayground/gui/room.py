"""How large the window is, given the screen and the frame that the desktop puts around it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

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
