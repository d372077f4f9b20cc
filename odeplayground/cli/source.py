"""What the word PRESET-OR-FILE stands for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from odeplayground.cli.exits import InputError
from odeplayground.cli.explain import bad_input, problems_in
from odeplayground.spec import Experiment

if TYPE_CHECKING:
    from odeplayground.spec import System

DEFAULT = "pendulum"
_TABLES = (".csv", ".tsv", ".dat")
FEW = 5
"""Names of presets that are told where none is similar."""


def load(name: str) -> Experiment:
    """The experiment of a preset, of a project file, of a text file with equations, or for a table of measurements.

    Raises:
        InputError: there is no such thing, or it is faulty; the text says where.
    """
    from odeplayground.storage import presets, project

    path = Path(name)
    with bad_input():
        if name in presets.presets():
            return presets.load(name).experiment
        if not path.is_file():
            raise InputError(_unknown(name, presets.presets()))
        if path.suffix.lower() == project.SUFFIX:
            return project.open(path)
        if path.suffix.lower() in _TABLES:
            return _of_table(path)
        return _of_text(path)


def _of_table(path: Path) -> Experiment:
    """A system of which nothing is known, with these data."""
    from odeplayground.session import UserError
    from odeplayground.session.data_import import experiment_of

    try:
        return experiment_of(path)
    except UserError as error:
        raise InputError(str(error)) from error


def with_values(experiment: Experiment, values: Sequence[tuple[str, float]]) -> Experiment:
    """The experiment with some of its parameters set.

    Raises:
        InputError: the system has no such parameter.
    """
    import msgspec

    known = experiment.system.parameters
    for name, _ in values:
        if name not in known:
            raise InputError(f'There is no parameter "{name}". {_nearest(name, known, "The parameters are")}')
    return msgspec.structs.replace(experiment, values=experiment.values | dict(values))


def start(experiment: Experiment, values: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Where the selected trajectory starts, with some states set.

    Raises:
        InputError: the system has no such state.
    """
    states = experiment.system.states
    for name, _ in values:
        if name not in states:
            raise InputError(f'There is no state "{name}". {_nearest(name, states, "The states are")}')
    index = experiment.selected
    point = experiment.starts[index] if index < len(experiment.starts) else experiment.system.initial
    return dict(zip(states, point, strict=True)) | dict(values)


def file_stem(experiment: Experiment) -> str:
    """A name for files made from this experiment."""
    return experiment.preset or re.sub(r"[^a-z0-9]+", "-", experiment.name.lower()).strip("-") or "system"


def _of_text(path: Path) -> Experiment:
    from odeplayground import expr
    from odeplayground.session import edits
    from odeplayground.storage import systems

    try:
        system: System = systems.load(path)
    except expr.ModelError as error:
        text = path.read_text(encoding="utf-8-sig")
        raise InputError(problems_in(path.name, text, error.problems)) from error
    return edits.default_experiment(system, path.read_text(encoding="utf-8-sig"), path.stem)


def _unknown(name: str, presets: Sequence[str]) -> str:
    if Path(name).suffix or len(Path(name).parts) > 1:
        return f'There is no file "{name}".'
    some = "Some presets are {}; all are listed by: odeplayground presets"
    hint = _similar(name, presets) or some.format(", ".join(presets[:FEW]))
    return f'There is no preset and no file "{name}". {hint}'


def _nearest(name: str, known: Sequence[str], otherwise: str) -> str:
    return _similar(name, known) or f"{otherwise}: {', '.join(known) or 'none'}."


def _similar(name: str, known: Sequence[str]) -> str:
    similar = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f'Did you mean "{similar[0]}"?' if similar else ""
