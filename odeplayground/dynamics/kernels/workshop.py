"""A thread for work that nobody waits for, which never keeps the process from ending."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

_log = logging.getLogger(__name__)
PATIENCE = 2.0
"""Seconds that the end of the process waits for the work at hand: LLVM must not run while its memory is torn down."""


class Workshop:
    """Does one piece of work after the other, on a thread that begins with the first. What fails is logged."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Callable[[], object]] = SimpleQueue()
        # A daemon: others are joined before the functions of atexit are called, however much there is to do.
        self._thread = threading.Thread(target=self._work, name="kernel-workshop", daemon=True)
        self._ended = False
        self._thread.start()
        atexit.register(self.end)

    def submit(self, work: Callable[[], object]) -> None:
        """Have this done some time. Any thread may ask."""
        self._queue.put(work)

    def wait(self) -> None:
        """Wait until all that was submitted so far is done."""
        done = threading.Event()
        self.submit(done.set)
        done.wait()

    def end(self) -> None:
        """Forget what has not begun, and wait for the rest, but not for long."""
        self._ended = True
        while True:
            try:
                self._queue.get_nowait()
            except Empty:
                break
        self.submit(int)  # so that the thread wakes
        self._thread.join(PATIENCE)

    def _work(self) -> None:
        while not self._ended:
            work = self._queue.get()
            try:
                work()
            except Exception:
                _log.exception("Work in the background failed.")
            del work  # or it would be held until the next one comes
