"""Experiments from presets and files; what is wrong with them becomes a sentence for the user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from odeplayground.session import editor, edits
from odeplayground.session.bifurcation_edits import carried
from odeplayground.session.errors import UserError
from odeplayground.spec import Experiment
from odeplayground.storage import presets, project, share, systems


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


_TABLES = (".csv", ".tsv", ".xls", ".xlsx", ".npz", ".dat")


def is_table(path: Path) -> bool:
    """Whether the name is that of a table of numbers in text form."""
    return path.suffix.lower() in (".csv", ".tsv", ".dat")


def read_file(path: Path) -> Experiment:
    """The experiment in a project file, or a first one for the equations in a text file.

    Raises:
        UserError: the file cannot be read, with everything that is wrong with it.
    """
    if path.suffix.lower() in _TABLES:
        raise UserError(
            f"{path.name} is a table of numbers, not a system. File > Load data reads tables in text form (.csv, .tsv)."
        )
    with told():
        if is_project(path):
            return project.open(path)
        system = systems.load(path)
        return edits.default_experiment(system, path.read_text(encoding="utf-8-sig"), path.stem)


def read_shared(text: str) -> Experiment:
    """The experiment in a text: a shared one, or a first one for equations as in the editor.

    Raises:
        UserError: it is neither.
    """
    if share.is_shared(text):
        with told():
            return share.from_text(text)
    system = editor.read(text).system if len(text) <= systems.TEXT_LIMIT else None
    if system is None:
        raise UserError("There is no system on the clipboard: neither equations nor a shared text.")
    return edits.default_experiment(system, text, "Pasted system")


def system_in(text: str) -> str:
    """The name of the system in a text that was copied; empty if there is none."""
    try:
        return read_shared(text).name
    except UserError:
        return ""


def text_in(text: str) -> str:
    """The equations in a text that was copied, as for the editor.

    Raises:
        UserError: there are none.
    """
    return read_shared(text).text


def is_shared(text: str) -> bool:
    """Whether a text holds a shared system."""
    return share.is_shared(text)


def shared_text(experiment: Experiment) -> str:
    """The experiment as a text for a message.

    Raises:
        UserError: it cannot be written.
    """
    with told():
        return share.to_text(experiment)


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
