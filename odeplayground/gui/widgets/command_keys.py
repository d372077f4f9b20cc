"""Keys that belong to the window's commands also while a text is being edited."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

_COMMANDS = {Qt.Key.Key_B, Qt.Key.Key_D, Qt.Key.Key_E, Qt.Key.Key_F, Qt.Key.Key_K, Qt.Key.Key_P}
"""On some desktops Qt's fields take these with Ctrl to move about and delete, as the Emacs editor does."""


def asks_for_command(event: QEvent) -> bool:
    """Whether a field wants a key for itself that is meant for the window."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in _COMMANDS
