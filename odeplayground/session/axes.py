"""What stands on an axis of the portrait: a state, the time, or a typed expression of them."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import numpy as np

from odeplayground.session.equations import without_numbers
from odeplayground.session.scene import Floats
from odeplayground.spec import Experiment, System, View

TIME = "t"
TURN = 2 * np.pi
_NAME = "axis"


class Reading(msgspec.Struct, frozen=True):
    """What a typed axis means."""

    name: str = ""
    """A state, ``"t"``, or the expression in canonical text; empty if it is not understood."""
    problem: str = ""
    """A sentence, empty if all is well."""
    suggestion: str = ""


class Frame(msgspec.Struct, frozen=True):
    """What typed axes are computed with: always the typed equations, also for curves of a learned field."""

    system: System
    values: tuple[tuple[str, float], ...]


def frame_of(experiment: Experiment) -> Frame | None:
    """For a view with expressions on its axes; ``None`` if there are none."""
    states = experiment.system.states
    if all(is_plain(axis, states) for axis in names(experiment.view)):
        return None
    return Frame(without_numbers(experiment.system), tuple(experiment.parameters.items()))


def names(view: View) -> tuple[str, ...]:
    """The axes of a view, two or three."""
    return (view.x, view.y) if view.space is None else (view.x, view.y, view.space.z)


def is_plain(axis: str, states: tuple[str, ...]) -> bool:
    """Whether it is a state or the time."""
    return axis in states or axis == TIME


def is_plane(x: str, y: str, states: tuple[str, ...]) -> bool:
    """Whether every point of the portrait is a state, so that it has a field."""
    return x in states and y in states and x != y


def is_slope_field(x: str, y: str, states: tuple[str, ...]) -> bool:
    """Whether it is the one state of a system over the time."""
    return len(states) == 1 and x == TIME and y == states[0]


@lru_cache(maxsize=256)
def read(system: System, text: str) -> Reading:
    """What somebody typed for an axis."""
    return _read(system, text)[0]


def exists(system: System, axis: str) -> bool:
    """Whether an axis of another system means something in this one."""
    return is_plain(axis, system.states) or bool(read(system, axis).name)


def values(frame: Frame, axis: str, t: Floats, y: Floats) -> Floats:
    """An axis (k,) along a solution with times (k,) and states (n_states, k); NaN where it means nothing."""
    from odeplayground.dynamics import arguments
    from odeplayground.dynamics.fields import field_of

    states = frame.system.states
    if axis == TIME:
        return t
    if axis in states:
        row: Floats = y[states.index(axis)]
        return row
    extended, name = _extended(frame.system, axis)
    if extended is None:
        return np.full(t.shape, np.nan)
    field = field_of(extended).bind(arguments.parameter_values(extended, dict(frame.values)))
    with np.errstate(all="ignore"):
        found = field.definition(name, t, np.ascontiguousarray(y))
    return np.broadcast_to(np.asarray(found, dtype=np.float64), t.shape)


def wrapped(angle: Floats) -> Floats:
    """Angles between -pi and pi."""
    result: Floats = angle - TURN * np.floor(angle / TURN + 0.5)
    return result


def cut_at_seam(points: Floats, columns: tuple[int, ...]) -> Floats:
    """A curve (k, d) with these columns between -pi and pi, going out at one end and coming in at the other.

    A row of NaN parts the two.
    """
    for column in columns:
        points = _cut(points, column)
    return points


def _cut(points: Floats, column: int) -> Floats:
    angle = points[:, column]
    with np.errstate(invalid="ignore"):
        turns = np.floor(angle / TURN + 0.5)
        steps = np.diff(turns)
        places = np.flatnonzero(np.isfinite(steps) & (steps != 0))
    result = points.copy()
    result[:, column] = angle - TURN * turns
    if not places.size:
        return result
    before, after = points[places], points[places + 1]
    direction = np.sign(steps[places])
    edge = TURN * turns[places] + direction * np.pi
    share = ((edge - before[:, column]) / (after[:, column] - before[:, column]))[:, None]
    crossing = before + share * (after - before)
    leaving, gap, entering = crossing.copy(), np.full(crossing.shape, np.nan), crossing.copy()
    leaving[:, column], entering[:, column] = direction * np.pi, -direction * np.pi
    extra = np.stack([leaving, gap, entering], axis=1).reshape(-1, points.shape[1])
    return np.insert(result, np.repeat(places + 1, 3), extra, axis=0)


def _extended(system: System, axis: str) -> tuple[System | None, str]:
    """The system with an axis as one more definition, and the name of that."""
    return _read(system, axis)[1:]


@lru_cache(maxsize=256)
def _read(system: System, text: str) -> tuple[Reading, System | None, str]:
    from odeplayground import expr

    plain = text.strip()
    if not plain:
        return Reading(problem="An axis needs a state, t, or an expression such as x^2 + y^2."), None, ""
    taken = {*system.states, *system.parameters, *(definition.name for definition in system.definitions)}
    name = _NAME
    while name in taken:
        name += "_"
    if "\n" in plain or ";" in plain or "=" in plain or "[?]" in plain:
        return Reading(problem="An axis is one expression, such as x^2 + y^2 or sin(theta)."), None, ""
    result = expr.parse(f"{expr.format_system(system)}\n{name} = {plain}")
    if result.system is None:
        first = result.problems[0]  # other suggestions are about lines of the editor
        suggestion = first.suggestion if first.suggestion.startswith("Did you mean") else ""
        return Reading(problem=first.message, suggestion=suggestion), None, ""
    found = next((one for one in result.system.definitions if one.name == name), None)
    if found is None:  # a plain number is read as a parameter
        return Reading(problem="An axis must change along the curves, and this is a number."), None, ""
    if is_plain(found.text, system.states):
        return Reading(found.text), None, ""
    extended = msgspec.structs.replace(system, definitions=(*system.definitions, found))
    return Reading(found.text), extended, name
