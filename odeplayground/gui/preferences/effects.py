"""Puts preferences into effect: some at once, some before anything is loaded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from odeplayground.gui.theme import theme

if TYPE_CHECKING:
    from odeplayground.gui.main_window import MainWindow

_SCALE = "QT_SCALE_FACTOR"
"""Read by Qt when the application is made. Who sets it outside knows better."""


def before_start(text_scale: int, processors: int) -> None:
    """What cannot be changed later: the size of everything, and how many processors threads may use."""
    if text_scale != 100:
        os.environ.setdefault(_SCALE, str(text_scale / 100))
    if processors and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])


def take_effect(window: MainWindow) -> None:
    """Everything that can be changed while the window is open."""
    preferences = window.session.preferences
    theme().set_palette(preferences.palette)
    theme().set(resolved(preferences.theme))
    window.set_autosave(preferences.autosave_seconds)


def resolved(preference: str) -> str:
    """The name of a theme; "system" asks the desktop."""
    if preference != "system":
        return preference
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"
