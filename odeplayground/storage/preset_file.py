"""A preset as it lies on the disk: one TOML file with the equations and everything around them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from odeplayground.spec import Animation, SamplePlan, SolverSettings, TrainSpec
from odeplayground.storage.errors import FileProblem

Picture = Literal["portrait", "series"]
"""What the gallery draws of a preset: curves on the axes of its window, or its states over time."""


class Invariant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A quantity that stays constant along every solution."""

    name: str
    expression: str
    """In the states, parameters and sub-expressions of the preset."""
    unit: str = ""
    when: dict[str, float] = {}
    """Values of parameters under which it is constant; empty: always."""


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Axes and ranges of the portrait."""

    x: str
    y: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]


class PresetFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of the file, equations not yet read."""

    title: str
    summary: str
    """At most five words, under the title in menus and pictures."""
    story: str
    tags: tuple[str, ...]
    source: str
    equations: str
    window: Window
    animation: Animation
    picture: Picture = "portrait"
    units: dict[str, str] = {}
    invariants: tuple[Invariant, ...] = ()
    starts: tuple[tuple[float, ...], ...] = ()
    """Further starting points; the first one is the system's own initial state."""
    stiff: bool = False
    solver: SolverSettings = SolverSettings()
    plan: SamplePlan = SamplePlan()
    varied: str = ""
    """The parameter of the bifurcation diagram; empty: the first."""
    data: str = ""
    """A file of measurements to train on, whose columns are named like the states; empty: none."""
    training: TrainSpec = TrainSpec()


@cache
def read(path: Path) -> PresetFile:
    """Read one file, once.

    Raises:
        FileProblem: it is missing, not TOML, or a field is missing, unknown or of the wrong type.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), PresetFile)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise FileProblem(path.name, [f"The preset cannot be read: {error}."]) from error
