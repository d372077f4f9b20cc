"""Locks for processes that fork: in the child, those that were held by threads of the parent would never be free."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable


class Lock:
    """A lock that is new, and free, in a child process. For ``with``; no thread may fork inside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def renew(self) -> None:
        """Forget who holds it."""
        self._lock = threading.Lock()


_locks: weakref.WeakSet[Lock] = weakref.WeakSet()


def in_child(action: Callable[[], object]) -> None:
    """Have this called in every child process, where processes can fork."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=action)


def free_in_child(lock: threading.Lock) -> None:
    """Fork only while nobody holds this lock, so that what it protects is whole in the child."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)


def _renew() -> None:
    for lock in list(_locks):
        lock.renew()


in_child(_renew)
