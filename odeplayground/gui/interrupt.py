"""Ctrl-C in the terminal closes the window as its own button would: what was done is kept."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication


class Interrupt:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        self.pressed = False

    def press(self, _number: int, _frame: object) -> None:
        """Close all windows soon: Python may be in the middle of painting one of them right now.

        Called when the window next runs any Python, at the latest with one of its timers.
        """
        self.pressed = True
        QTimer.singleShot(0, QApplication.closeAllWindows)


@contextmanager
def closing_windows() -> Iterator[Interrupt]:
    """While this lasts, Ctrl-C closes the windows. For the main thread."""
    interrupt = Interrupt()
    before = signal.signal(signal.SIGINT, interrupt.press)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
