"""Watches the window's thread for stretches of work in which it sees no event."""

from __future__ import annotations

import faulthandler
import tempfile
import threading
import time

from PySide6.QtCore import QObject, QTimer

BEAT = 5
"""Milliseconds between two looks from inside the window's thread."""
GLANCE = 0.02
"""Seconds between two looks from outside."""
DEPTH = 12
"""Lines of the place that are told."""


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
                self._seen = _doing(self._thread)


def _doing(thread: int) -> str:
    """Where a thread is, innermost first. Python's own frames are left alone: whoever holds one keeps alive what the
    function had, a painter for instance.
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        told = file.read().decode().split("\n\n")
    ours = next((part for part in told if f"{thread:016x}" in part), "")
    return "\n".join(ours.splitlines()[:DEPTH])
