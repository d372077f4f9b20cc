"""Read and write whole files, with sentences instead of error numbers."""

from __future__ import annotations

from pathlib import Path

from odeplayground.storage import atomic
from odeplayground.storage.errors import FileProblem


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file.

    Raises:
        FileProblem: it is missing, unreadable, or larger than ``limit`` bytes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError as error:
        raise FileProblem(path.name, ["There is no such file."]) from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise FileProblem(path.name, [f"The file could not be read: {reason(error)}."]) from error
    if len(data) > limit:
        raise FileProblem(path.name, [f"The file is larger than {limit / 1e6:g} MB, which is too large."])
    return data


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file as a whole.

    Raises:
        FileProblem: it could not be written; what was there before is unharmed.
    """
    try:
        atomic.write(path, data)
    except (OSError, ValueError) as error:
        raise FileProblem(path.name, [f"The file could not be written: {reason(error)}."]) from error


def reason(error: Exception) -> str:
    """Why the operating system refused, in its own words."""
    return str(getattr(error, "strerror", None) or error)
