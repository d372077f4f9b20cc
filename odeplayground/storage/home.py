"""Where the program keeps what belongs to the person and not to a document."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import platformdirs

from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import reason

VARIABLE = "ODEPLAYGROUND_HOME"
"""Environment variable that names another folder."""


def folder() -> Path:
    """The folder of preferences and recovery files; it is made when it is missing.

    Raises:
        FileProblem: it could not be made.
    """
    named = os.environ.get(VARIABLE)
    path = Path(named) if named else platformdirs.user_config_path("odeplayground", appauthor=False)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(path.name, [f"The folder for preferences could not be made: {reason(error)}."]) from error
    return path


def code_folder() -> Path:
    """The folder of machine code that is kept between starts: see :mod:`odeplayground.kept_code`. It is not made."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named) / "code"
    return platformdirs.user_cache_path("odeplayground", appauthor=False) / "code"


def set_aside(path: Path) -> None:
    """Rename a file that cannot be read to ``<name>.broken``, so that nothing is lost and it is not read again."""
    with contextlib.suppress(OSError):
        path.replace(path.with_name(f"{path.name}.broken"))
