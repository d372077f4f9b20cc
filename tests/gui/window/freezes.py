"""Watches the window's thread for stretches of work in which it sees no event."""

from __future__ import annotations

import sys
import threading
import time
import traceback

from PySide6.QtCore import QObject, QTimer

BEAT = 5
"""Milliseconds between two looks from inside the window's thread."""
GLANCE = 0.02
"""Seconds between two looks from outside."""


class Freezes:
    """Collects each stretch in which the window's thread works for longer than a limit without a turn of its loop.

    Time is the thread's own processor time: neither a busy machine nor a worker that holds the interpreter counts.
    What the thread did when half of the limit was over is told with it, as a second thread saw it.
    """

    def __init__(self, limit: float, parent: QObject) -> None:
        """``limit``: seconds of processor time."""
        self.found: list[str] = []
        self._limit = limit
        self._thread = threading.get_ident()
        self._processor = time.pthread_getcpuclockid(self._thread)
        self._seen, self._excused = "", False
        self._last = self._now()
        self._beat = QTimer(parent)
        self._beat.timeout.connect(self._look)
        self._beat.start(BEAT)
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="freezes")
        self._watcher.start()

    def excuse(self) -> None:
        """Do not count what has been done since the last turn of the loop."""
        self._excused = True

    def close(self) -> None:
        """Look no longer."""
        self._beat.stop()
        self._over.set()
        self._watcher.join()

    def _now(self) -> float:
        return time.clock_gettime(self._processor)

    def _look(self) -> None:
        now = self._now()
        if now - self._last > self._limit and not self._excused:
            self.found.append(f"The window's thread worked for {1e3 * (now - self._last):.0f} ms.\n{self._seen}")
        self._last, self._seen, self._excused = now, "", False

    def _watch(self) -> None:
        while not self._over.wait(GLANCE):
            if not self._seen and self._now() - self._last > self._limit / 2:
                frame = sys._current_frames().get(self._thread)
                self._seen = "".join(traceback.format_stack(frame)[-12:])
