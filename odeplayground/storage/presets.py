"""The shipped systems. Menus read titles only; equations are parsed when a preset is opened."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

import msgspec

from odeplayground import assets, expr
from odeplayground.spec import DiagramSettings, Experiment, Samples, System, View
from odeplayground.storage import preset_file
from odeplayground.storage.errors import FileProblem
from odeplayground.storage.preset_file import Invariant, Picture, PresetFile

_FIRST = (
    "pendulum",
    "cooling",
    "reversible-reaction",
    "reaction-chain",
    "lotka-volterra",
    "van-der-pol",
    "fitzhugh-nagumo",
    "lorenz",
    "brusselator",
    "duffing",
    "sir",
    "robertson",
)
"""The order of menus; any other file follows by name."""

CATEGORIES = ("First steps", "Mechanics", "Living things", "Chemistry", "Oscillators", "Bifurcations", "Chaos")
"""The tags that presets have, in the order of the gallery. A preset stands in all of its own."""


class Card(msgspec.Struct, frozen=True):
    """What the gallery and menus show of a preset."""

    name: str
    title: str
    summary: str
    tags: tuple[str, ...]
    story: str
    source: str
    picture: Picture


class Preset(msgspec.Struct, frozen=True):
    """A shipped system with its story, its source, and an experiment ready to show."""

    name: str
    title: str
    summary: str
    story: str
    tags: tuple[str, ...]
    text: str
    system: System
    experiment: Experiment
    laws: tuple[Invariant, ...]
    stiff: bool
    source: str

    @property
    def invariants(self) -> dict[str, str]:
        """Name and expression of each conserved quantity; ``laws`` also tells units and conditions."""
        return {law.name: law.expression for law in self.laws}


def presets() -> list[str]:
    """The names of all presets, the first ones for beginners."""
    return list(_names(assets.presets()))


def cards() -> tuple[Card, ...]:
    """What the gallery shows of all presets, in order, without parsing any equation."""
    folder = assets.presets()
    return tuple(_card(name, folder) for name in _names(folder))


def preset(name: str) -> System:
    """The system of a preset.

    Raises:
        ValueError: there is no preset of this name; the sentence suggests a similar one.
    """
    return load(name).system


@cache
def load(name: str) -> Preset:
    """A preset with everything that belongs to it.

    Raises:
        ValueError: there is no preset of this name; the sentence suggests a similar one.
        FileProblem: the file of the preset is faulty.
    """
    if name not in presets():
        raise ValueError(_unknown(name))
    path = _path(name)
    file = preset_file.read(path)
    text = file.equations.strip()
    system = _parse(text, path)
    return Preset(
        name=name,
        title=file.title,
        summary=file.summary,
        story=_flowing(file.story),
        tags=file.tags,
        text=text,
        system=system,
        experiment=_experiment(name, file, text, system),
        laws=file.invariants,
        stiff=file.stiff,
        source=_flowing(file.source),
    )


def _experiment(name: str, file: PresetFile, text: str, system: System) -> Experiment:
    window = file.window
    return Experiment(
        name=file.title,
        text=text,
        system=system,
        starts=(system.initial, *file.starts),
        view=View(window.x, window.y, window.x_range, window.y_range, cycles=len(system.states) == 2),
        solver=file.solver,
        units=file.units,
        animation=file.animation,
        plan=msgspec.structs.replace(file.plan, from_file=bool(file.data)),
        training=file.training,
        data=_measured(file.data) if file.data else None,
        diagram=DiagramSettings(parameter=file.varied),
        preset=name,
    )


def _measured(name: str) -> Samples:
    """The samples in a shipped table of measurements."""
    from odeplayground.storage import tables  # most presets have no data

    table = tables.at_once(tables.load(assets.data() / name), name)
    reading = tables.read(table, tables.guess(table), name)
    if reading.samples is None:
        raise FileProblem(name, [reading.sentence])
    return reading.samples


def _parse(text: str, path: Path) -> System:
    result = expr.parse(text)
    if result.system is None:
        raise FileProblem(path.name, [f"Line {problem.line}: {problem.message}" for problem in result.problems])
    return result.system


@cache
def _names(folder: Path) -> tuple[str, ...]:
    found = {path.stem for path in folder.glob("*.toml")}
    return (*(name for name in _FIRST if name in found), *sorted(found.difference(_FIRST)))


def _path(name: str) -> Path:
    return assets.presets() / f"{name}.toml"


def _card(name: str, folder: Path) -> Card:
    file = preset_file.read(folder / f"{name}.toml")
    return Card(name, file.title, file.summary, file.tags, _flowing(file.story), _flowing(file.source), file.picture)


def _flowing(text: str) -> str:
    """A text of several lines as one paragraph."""
    return " ".join(text.split())


def _unknown(name: str) -> str:
    spelled = name.strip().lower().replace("_", "-").replace(" ", "-")
    similar = difflib.get_close_matches(spelled, presets(), n=1, cutoff=0.5)
    advice = f'Did you mean "{similar[0]}"?' if similar else f"There are: {', '.join(presets())}."
    return f'There is no preset "{name}". {advice}'
