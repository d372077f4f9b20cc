"""A lock on a file that the operating system lets go when the program dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import reason


class Lock:
    """Held from :meth:`taken` to :meth:`release`."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def taken(cls, path: Path) -> Lock:
        """Take the lock at once.

        Raises:
            FileProblem: somebody holds it, or there can be no such file.
        """
        try:
            handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise FileProblem(path.name, [f"The lock could not be made: {reason(error)}."]) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise FileProblem(path.name, ["Another window holds it."]) from error
        return cls(path, handle)

    def release(self) -> None:
        """Let it go."""
        if sys.platform != "win32":  # there a file that is open cannot be removed
            self._path.unlink(missing_ok=True)
        os.close(self._handle)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self._path.unlink()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
