"""Machine code that is kept on disk from one start of the program to the next. Off until a folder is named.

Who can write to that folder decides what this process runs, as with Python's own byte-code: so it has to belong to
the person who runs the program, and nobody else may write to it. Files that are damaged or cut short are not used.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

MOST_FILES, MOST_BYTES = 400, 32_000_000
"""Beyond these the files that were used longest ago are deleted."""
_SUFFIX = ".code"
_DIGEST = hashlib.sha256().digest_size


class Shelf:
    """Bytes by key, each in a file of its own. Any number of threads and processes may use a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counted = False

    def get(self, key: str) -> bytes | None:
        """What was put there under this key, if it is whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        content = data[_DIGEST:]
        return content if data[:_DIGEST] == _checksum(key, content) else None

    def put(self, key: str, content: bytes) -> None:
        """Keep it. Where that is not possible, nothing happens: it will be made again."""
        with contextlib.suppress(OSError):
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_checksum(key, content) + content)
                Path(name).replace(self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)
            if not self._counted:  # once per process: there is room for many more
                self._counted = True
                self._tidy()

    def _path(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}{_SUFFIX}"

    def _tidy(self) -> None:
        """Delete what was used longest ago, so that half of the room is free."""
        files = [(path, path.stat()) for path in self._folder.iterdir()]
        files.sort(key=lambda entry: entry[1].st_mtime, reverse=True)
        if len(files) <= MOST_FILES and sum(status.st_size for _, status in files) <= MOST_BYTES:
            return
        total = 0
        for number, (path, status) in enumerate(files):
            total += status.st_size
            if number >= MOST_FILES // 2 or total > MOST_BYTES // 2:
                path.unlink(missing_ok=True)


_shelf: Shelf | None = None


def use(folder: Path | None) -> bool:
    """Keep machine code in this folder, which is made where it is missing; ``None``: keep none.

    Returns:
        Whether it is used: not so if it cannot be made, or if others may write to it.
    """
    global _shelf
    _shelf = None
    if folder is None:
        return False
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(folder):
            return False
    except OSError:
        return False
    _shelf = Shelf(folder)
    return True


def shelf() -> Shelf | None:
    """Where machine code is kept, if anywhere."""
    return _shelf


def _private(folder: Path) -> bool:
    """Whether the folder is ours, and only ours to write to. Windows has no such flags: folders of a person are so."""
    if not hasattr(os, "getuid"):
        return True
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _checksum(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + content).digest()
