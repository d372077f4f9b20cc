"""A flag that one thread raises and another one looks at."""

from __future__ import annotations

import threading


class CancelToken:
    """Tells long work that nobody waits for its result any more."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop. Safe from any thread, any number of times."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()
