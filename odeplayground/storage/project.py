"""Project files (``.odep``): one experiment as UTF-8 JSON with sorted keys.

``{"experiment": {...}, "format": "odeplayground/experiment", "version": 1}``, with the fields of
:class:`odeplayground.spec.Experiment`. Arrays are ``{"data": base64 of little-endian float64, "shape": [...]}``.
Losses and errors that are not finite are the strings ``"Infinity"``, ``"-Infinity"`` and ``"NaN"``; no other number may
be anything but finite. Nothing in a file is ever executed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from odeplayground.spec import Experiment
from odeplayground.storage.check import checked
from odeplayground.storage.decode import decode, encode
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.files import read_bytes, write_bytes
from odeplayground.storage.migrations import VERSION, migrate

FORMAT = "odeplayground/experiment"
SUFFIX = ".odep"
SIZE_LIMIT = 200_000_000


def open(path: Path | str) -> Experiment:  # noqa: A001 (the public name, as in gzip.open)
    """Read a project file.

    Raises:
        FileProblem: with all that is wrong; nothing else is ever raised, whatever the file holds.
    """
    return from_bytes(read_bytes(Path(path), SIZE_LIMIT), Path(path).name)


def save(experiment: Experiment, path: Path | str) -> None:
    """Write a project file; ``open`` gives back an equal experiment.

    Raises:
        FileProblem: the experiment could not be read back, or the disk refuses. An older file stays as it is.
    """
    write_bytes(Path(path), to_bytes(experiment, Path(path).name))


def to_bytes(experiment: Experiment, name: str = "experiment") -> bytes:
    """The contents of a project file.

    Raises:
        FileProblem: the experiment is not one that ``open`` would accept.
    """
    document = {"format": FORMAT, "version": VERSION, "experiment": encode(experiment)}
    try:
        data = msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1) + b"\n"
    except UnicodeEncodeError as error:
        raise FileProblem(name, ["A text holds characters that no file can hold. Please type it again."]) from error
    from_bytes(data, name)
    return data


def from_bytes(data: bytes, name: str = "experiment") -> Experiment:
    """Read the contents of a project file.

    Raises:
        FileProblem: with all that is wrong.
    """
    value, problems = decode(_current(_parse(data, name), name), Experiment, "$.experiment")
    if problems:
        raise FileProblem(name, problems)
    experiment, problems = checked(value)
    if problems:
        raise FileProblem(name, problems)
    return experiment


def _parse(data: bytes, name: str) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FileProblem(name, [f"This is not a project file, or it is damaged: {error}."]) from error
    except RecursionError as error:
        raise FileProblem(name, ["This is not a project file: it is nested too deeply."]) from error


def _current(document: Any, name: str) -> Any:
    """The experiment inside, brought to today's version."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FileProblem(name, [f'$.format: This is not a project file: "{FORMAT}" is missing.'])
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise FileProblem(name, ["$.version: Expected a whole number from 1 on."])
    if version > VERSION:
        sentence = f"The file has version {version} and comes from a newer program; this one reads up to {VERSION}."
        raise FileProblem(name, [f"$.version: {sentence} Please update the program."])
    problems = [f"$.{key}: Unknown field." for key in document.keys() - {"format", "version", "experiment"}]
    if not isinstance(document.get("experiment"), dict):
        problems.append("$.experiment: Expected an object.")
    if problems:
        raise FileProblem(name, sorted(problems))
    try:
        return migrate(document["experiment"], version)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise FileProblem(name, [f"$.experiment: The file of version {version} is damaged."]) from error
