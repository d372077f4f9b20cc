"""A Python program that makes the picture of an experiment again."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any

import msgspec

from odeplayground.session.exports import text_of
from odeplayground.spec import Experiment, FieldMode

_LEFT_OUT = frozenset({"system", "text", "run", "preset", "plan", "training", "diagram", "controls"})
"""Fields that the picture does not need, or that stand apart in the program."""

_PROGRAM = '''"""{name}: made with ODE Playground. Run it with Python; it needs only the package odeplayground."""

import odeplayground as odp
from odeplayground.spec import {names}

TEXT = """
{text}
"""

experiment = {experiment}

if __name__ == "__main__":
    for number, start in enumerate(experiment.starts, start=1):
        solution = odp.simulate(experiment.system, experiment.t_span, start, experiment.parameters)
        print(f"Trajectory {{number}}: {{solution.status.label.lower()}} at t = {{solution.t[-1]:g}}")
    path = odp.picture(experiment, {file!r}, views={views!r}, look={look!r}, size={size!r})
    print("The picture is in", path)
'''


def program(
    experiment: Experiment,
    file: str,
    views: tuple[str, ...] = ("portrait", "series"),
    look: str = "light",
    size: tuple[int, int] = (900, 900),
) -> str:
    """The text of the program. It draws the system as typed: a trained network is not part of it."""
    view = msgspec.structs.replace(experiment.view, mode=FieldMode.TRUE)
    wanted = msgspec.structs.replace(experiment, view=view)
    names: set[str] = set()
    return _PROGRAM.format(
        name=_plain(experiment.name),
        names=", ".join(sorted(_collected(wanted, names))),
        text=text_of(experiment.system).strip(),
        experiment=_struct(wanted, names, extra="text=TEXT, system=odp.parse(TEXT), "),
        file=file,
        views=views,
        look=look,
        size=size,
    )


def _collected(experiment: Experiment, names: set[str]) -> set[str]:
    _struct(experiment, names)
    return names


def _plain(text: str) -> str:
    """A name inside of the docstring of a program."""
    return " ".join(text.replace("\\", " ").replace('"', "'").split())


def _struct(value: msgspec.Struct, names: set[str], extra: str = "") -> str:
    """A call that makes this struct again, with the fields that are not as they come."""
    kind = type(value)
    names.add(kind.__name__)
    defaults = {field.name: field for field in msgspec.structs.fields(kind)}
    said = []
    for name, field in defaults.items():
        each = getattr(value, name)
        usual = field.default is not msgspec.NODEFAULT and each == field.default
        made = field.default_factory is not msgspec.NODEFAULT and each == field.default_factory()
        if name not in _LEFT_OUT and not usual and not made:
            said.append(f"{name}={_text(each, names)}")
    if not extra:
        return f"{kind.__name__}({', '.join(said)})"
    lines = "".join(f"    {line},\n" for line in [*extra.rstrip(", ").split(", "), *said])
    return f"{kind.__name__}(\n{lines})"


def _text(value: Any, names: set[str]) -> str:
    match value:
        case Enum():
            names.add(type(value).__name__)
            return f"{type(value).__name__}.{value.name}"
        case msgspec.Struct():
            return _struct(value, names)
        case tuple():
            inside = ", ".join(_text(item, names) for item in value)
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case dict():
            return "{" + ", ".join(f"{_text(key, names)}: {_text(item, names)}" for key, item in value.items()) + "}"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)
