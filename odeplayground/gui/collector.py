"""Python's cyclic garbage collector, kept in the window's thread."""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

PERIOD = 500
"""Milliseconds between two looks."""
SLOW = 0.004
"""Seconds of a collection after which what has survived it stays: a library was loaded, most likely."""
YOUNG, MIDDLE, OLD = 700, 10, 20
"""How many allocations, young and middle collections call for the next older generation."""
LATE = 12
"""So many times later during a drag: a minute."""


class Collector(QObject):
    """Collects garbage by a timer instead of by chance.

    Python runs its collector in whichever thread happens to allocate. A worker could then destroy some of the window's
    graphics items, which Qt allows in the window's thread only.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._middles = 0
        self.keep()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the generations that are due."""
        young, middle, _ = gc.get_count()
        if young > YOUNG:
            gc.collect(0)
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton and middle < LATE * MIDDLE:
            return  # nobody feels it between two drags
        if middle > MIDDLE:
            gc.collect(1)
            self._middles += 1
        if self._middles > OLD:
            self._middles = 0
            begin = time.thread_time()
            gc.collect(2)
            if time.thread_time() - begin > SLOW:
                self.keep()

    def keep(self) -> None:
        """What is there now stays, so that collections need not look at it. To be called when much was loaded."""
        gc.freeze()

    def close(self) -> None:
        """Back to Python's own way."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
