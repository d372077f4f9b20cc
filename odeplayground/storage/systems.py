"""Read a system from a file."""

from __future__ import annotations

from pathlib import Path

from odeplayground.expr import public
from odeplayground.spec import System
from odeplayground.storage import project
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import read_bytes

TEXT_LIMIT = 1_000_000


def load(path: Path | str) -> System:
    """The system of a project file (``.odep``) or of a plain text as in the editor (any other name).

    Raises:
        ModelError: the text is not a system, with all problems and where they are.
        FileProblem: the file cannot be read, or the project file is faulty.
    """
    path = Path(path)
    if path.suffix.lower() == project.SUFFIX:
        return project.open(path).system
    return public.parse(_read_text(path))


def _read_text(path: Path) -> str:
    try:
        return read_bytes(path, TEXT_LIMIT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem(path.name, ["This is not a text in UTF-8."]) from error
