"""Sections through the space of states: where an expression is zero."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from odeplayground import expr
from odeplayground.dynamics import arguments
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.fields import field_of
from odeplayground.spec import AnySystem, LearnedSystem, System, Variable

NAME, LEVEL = "section", "level"


class Section:
    """The function g(t, y) whose zeros form the section."""

    def __init__(self, system: AnySystem, place: str | Mapping[str, float], parameters: Floats) -> None:
        """Read an expression such as ``"z - 27"``, or a value of one state such as ``{"z": 27}``.

        Raises:
            ValueError: if the place is not understood.
        """
        self._axis, self._level = -1, 0.0
        if isinstance(place, str):
            known, self._name = extended(system, place)
            self._field = field_of(known).bind(parameters)
        else:
            self._axis, self._level = level_of(system, place)

    def __call__(self, t: Floats, y: Floats) -> Floats:
        """The values (k,) at times (k,) and states (n_states, k)."""
        if self._axis >= 0:
            distance: Floats = y[self._axis] - self._level
            return distance
        values = np.asarray(self._field.definition(self._name, t, y), dtype=np.float64)
        return np.broadcast_to(values, t.shape)


def level_of(system: AnySystem, place: Mapping[str, float]) -> tuple[int, float]:
    """Which state has which value there.

    Raises:
        ValueError: if the place is not understood.
    """
    if len(place) != 1:
        raise ValueError("A section is an expression, or the value of one state.")
    ((name, value),) = place.items()
    if name not in system.states:
        raise arguments.unknown_name("state", name, system.states)
    return system.states.index(name), arguments.number(f"The section's {name}", value)


def extended(system: AnySystem, text: str, *, level: bool = False) -> tuple[System, str]:
    """The system with the expression as one more definition, and the name of it.

    With ``level`` the definition is the expression less one more parameter, the last one.

    Raises:
        ValueError: if the expression is not understood.
    """
    if isinstance(system, LearnedSystem):
        system = System(tuple(Variable(name, "0") for name in system.states))
    taken = {*system.states, *system.parameters, *(definition.name for definition in system.definitions)}
    name, height = NAME, LEVEL
    while name in taken:
        name += "_"
    while height in taken:
        height += "_"
    if "\n" in text or ";" in text or not text.strip():
        raise ValueError("A section is one expression, such as z - 27.")
    added_text = f"{height} = 0\n{name} = {text} - {height}" if level else f"{name} = {text}"
    result = expr.parse(f"{expr.format_system(system)}\n{added_text}")
    if result.system is None:
        raise ValueError(f"The section is not understood: {result.problems[0].message}")
    definitions = result.system.definitions
    if result.system.states != system.states or len(definitions) != len(system.definitions) + 1:
        raise ValueError("A section is one expression of states, parameters and t, such as z - 27.")
    # Definitions come in the order in which they use each other; only this one is new.
    added = next(definition for definition in definitions if definition.name == name)
    more = tuple(one for one in result.system.constants if one.name == height) if level else ()
    return msgspec.structs.replace(
        system, constants=(*system.constants, *more), definitions=(*system.definitions, added)
    ), name
