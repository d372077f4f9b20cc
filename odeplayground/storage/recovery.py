"""The last experiment, kept while one works, so that a crash or a closed window loses nothing."""

from __future__ import annotations

from pathlib import Path

from odeplayground.spec import Experiment
from odeplayground.storage import home, project
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import reason

_NAME = f"recovery{project.SUFFIX}"


def write(experiment: Experiment) -> None:
    """Keep this experiment in place of the one before.

    Raises:
        FileProblem: it could not be written; the one before stays.
    """
    project.save(experiment, _path())


def read() -> Experiment | None:
    """The experiment that was kept, or ``None``. A file that cannot be read is set aside."""
    try:
        path = _path()
    except FileProblem:
        return None
    if not path.exists():
        return None
    try:
        return project.open(path)
    except FileProblem:
        home.set_aside(path)
        return None


def clear() -> None:
    """Forget the kept experiment.

    Raises:
        FileProblem: the file could not be removed.
    """
    try:
        _path().unlink(missing_ok=True)
    except OSError as error:
        raise FileProblem(_NAME, [f"The file could not be removed: {reason(error)}."]) from error


def _path() -> Path:
    return home.folder() / _NAME
