"""What every window keeps while one works, so that a crash or a closed window loses nothing.

Each window has a file of its own: one line of JSON about it, then a project. A lock beside it, which the operating
system lets go when the program dies, tells whether the window is still there.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from pathlib import Path

import msgspec

from odeplayground.spec import Experiment
from odeplayground.storage import atomic, home, project
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import read_bytes, reason
from odeplayground.storage.locks import Lock

FOLDER = "windows"
_SUFFIX = ".kept"
_TOGETHER = 5.0
"""Seconds between the first and the last window of a program that ends."""
_MOST = 10
"""Closed windows that can be opened again."""


class About(msgspec.Struct, frozen=True):
    """What is known of a window besides its document."""

    name: str = ""
    """Of the document, to tell it from others."""
    path: str = ""
    """Its project file; empty if it has none."""
    at: float = 0.0
    """Seconds since 1970 when it was kept."""
    ended: bool = False
    """Whether the window was closed as it should be."""
    edited: bool = False
    """Whether there is something in it that no file has."""
    geometry: str = ""
    """Where the window was; opaque here."""
    epoch: int = 0
    """Of the best weights of a training that was under way; 0: there was none."""


class Kept(msgspec.Struct, frozen=True):
    """A window's file that no window holds."""

    file: Path
    about: About


class Slot:
    """One window's place. Nothing is on the disk until it is first written."""

    def __init__(self) -> None:
        self._stem = uuid.uuid4().hex
        self._lock: Lock | None = None

    def write(self, experiment: Experiment, about: About) -> None:
        """Keep this in place of what was kept before.

        Raises:
            FileProblem: it could not be written; what was there stays.
        """
        path = self._held()
        line = msgspec.json.encode(msgspec.structs.replace(about, name=experiment.name, at=time.time()))
        try:
            atomic.write(path, line + b"\n" + project.to_bytes(experiment, path.name))
        except OSError as error:
            raise FileProblem(path.name, [f"The file could not be written: {reason(error)}."]) from error

    def take(self, kept: Kept) -> Experiment | None:
        """Make a file that nobody holds this window's own; ``None`` if it is gone or cannot be read."""
        try:
            path = self._held()
            kept.file.replace(path)
        except (OSError, FileProblem):
            return None
        return _experiment(path)

    def leave(self) -> None:
        """Let go of the file, for the next start."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _held(self) -> Path:
        path = _folder() / f"{self._stem}{_SUFFIX}"
        if self._lock is None:
            self._lock = Lock.taken(path.with_suffix(".lock"))
        return path


def waiting() -> list[Kept]:
    """The files that no window holds, the newest first. Those that cannot be read are set aside."""
    with contextlib.suppress(FileProblem, OSError):
        _adopt_older()
        found = [Kept(file, about) for file in _files() if _is_free(file) and (about := _about(file)) is not None]
        return sorted(found, key=lambda kept: -kept.about.at)
    return []


def last_session(kept: list[Kept]) -> list[Kept]:
    """The windows with which the program ended last, the newest first; none if it crashed after that."""
    if not kept or not kept[0].about.ended:
        return []
    last = kept[0].about.at
    return [one for one in kept if one.about.ended and last - one.about.at <= _TOGETHER]


def lost(kept: list[Kept]) -> list[Kept]:
    """The windows that a crash took away with something in them that no file has, the newest first."""
    return [one for one in kept if one.about.edited and not one.about.ended]


def closed(kept: list[Kept]) -> list[Kept]:
    """All other windows, which were closed as they should be; the oldest are removed where they are many."""
    found = [one for one in kept if one.about.ended or not one.about.edited]
    for one in found[_MOST:]:
        with contextlib.suppress(OSError):
            one.file.unlink()
    return found[:_MOST]


def give_up(kept: Kept) -> None:
    """Count a window that a crash took away as closed: it is offered no more, but can be opened again."""
    with contextlib.suppress(OSError):
        _, _, rest = kept.file.read_bytes().partition(b"\n")
        line = msgspec.json.encode(msgspec.structs.replace(kept.about, ended=True))
        atomic.write(kept.file, line + b"\n" + rest)


def newest() -> Experiment | None:
    """The document that any window kept last."""
    with contextlib.suppress(FileProblem, OSError):
        files = sorted(((about.at, file) for file in _files() if (about := _about(file)) is not None), reverse=True)
        return _experiment(files[0][1]) if files else None
    return None


def _folder() -> Path:
    folder = home.folder() / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise FileProblem(folder.name, [f"The folder of open windows could not be made: {reason(error)}."]) from error
    return folder


def _files() -> list[Path]:
    return list((home.folder() / FOLDER).glob(f"*{_SUFFIX}"))


def _is_free(file: Path) -> bool:
    lock = file.with_suffix(".lock")
    if not lock.exists():
        return True
    try:
        Lock.taken(lock).release()
    except FileProblem:
        return False
    return True


def _about(file: Path) -> About | None:
    try:
        with file.open("rb") as stream:
            return msgspec.json.decode(stream.readline(1_000_000), type=About)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        home.set_aside(file)
        return None


def _experiment(file: Path) -> Experiment | None:
    try:
        _, _, data = read_bytes(file, project.SIZE_LIMIT).partition(b"\n")
        return project.from_bytes(data, file.name)
    except FileProblem:
        home.set_aside(file)
        return None


def _adopt_older() -> None:
    """Earlier versions kept one file for all windows."""
    older = home.folder() / f"recovery{project.SUFFIX}"
    if older.exists():
        line = msgspec.json.encode(About(at=older.stat().st_mtime, ended=True))
        atomic.write(_folder() / f"{uuid.uuid4().hex}{_SUFFIX}", line + b"\n" + older.read_bytes())
        older.unlink()
