"""Experiments from presets and files; what is wrong with them becomes a sentence for the user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from odeplayground.session import edits
from odeplayground.session.bifurcation_edits import carried
from odeplayground.session.errors import UserError
from odeplayground.spec import Experiment
from odeplayground.storage import presets, project, systems


@contextmanager
def told() -> Iterator[None]:
    """Problems with files, texts and names inside become user errors."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise UserError(str(error)) from error


def is_project(path: Path) -> bool:
    """Whether the name is that of a project file; other files hold equations as in the editor."""
    return path.suffix.lower() == project.SUFFIX


def read_file(path: Path) -> Experiment:
    """The experiment in a project file, or a first one for the equations in a text file.

    Raises:
        UserError: the file cannot be read, with everything that is wrong with it.
    """
    with told():
        if is_project(path):
            return project.open(path)
        system = systems.load(path)
        return edits.default_experiment(system, path.read_text(encoding="utf-8-sig"), path.stem)


def read_preset(name: str) -> Experiment:
    """The experiment of a preset.

    Raises:
        UserError: there is none of this name; the sentence suggests a similar one.
    """
    with told():
        return presets.load(name).experiment


def is_untouched_preset(experiment: Experiment) -> bool:
    """Whether nothing would be lost if this were not saved."""
    if experiment.preset not in presets.presets():
        return False
    preset = presets.load(experiment.preset).experiment
    return carried(experiment, preset) == experiment  # whether a diagram is open is no work of anybody's
