"""What becomes of an experiment when its text is edited."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Any

import msgspec

from odeplayground.expr.names import canonical
from odeplayground.session import axes, views
from odeplayground.session.editor import piece, read
from odeplayground.session.errors import UserError
from odeplayground.session.learned_terms import with_terms
from odeplayground.spec import (
    Animation,
    Controls,
    Cut,
    Experiment,
    Point,
    Role,
    SolverSettings,
    System,
    TrainedRun,
    View,
    as_number,
)

OWN = "Own system"
"""What a preset is called when other states have been typed into it."""


def set_text(experiment: Experiment, text: str) -> Experiment:
    """Another text in the editor. While it is faulty, the last good system stays.

    When the system changes: values of sliders stay, except where the text now says another number; starting points
    keep their coordinates by the names of the states, and the first one follows the initial values that changed in
    the text; learned terms stay, see :func:`with_terms`; vanished axes are replaced. A trained run is dropped if its
    states are not the system's any more (undo brings it back). A number that was typed is the model's own from then on.
    """
    old = experiment.system
    system = read(text).system
    system = None if system is None else with_terms(system, old)
    if system is None or system == old:
        return msgspec.structs.replace(experiment, text=text)
    same_states = system.states == old.states
    same_model = same_states and (not experiment.preset or _is_variant(system, old))
    starts = tuple(dict.fromkeys(_starts(experiment, system)))  # those that only the lost states told apart are one
    return msgspec.structs.replace(
        experiment,
        text=text,
        system=system,
        values=_values(experiment, system),
        name=experiment.name if same_model else OWN,
        preset=experiment.preset if same_model else "",
        starts=starts,
        selected=min(experiment.selected, len(starts) - 1),
        view=_view(experiment.view, old, system),
        beside=tuple(_view(view, old, system) for view in experiment.beside),
        solver=_solver(experiment, system),
        units={name: unit for name, unit in experiment.units.items() if name in _names(system)},
        animation=experiment.animation if same_states else Animation.BARS,
        run=_run(experiment.run, system),
        controls=_controls(experiment.controls, old, system),
    )


def _is_variant(system: System, old: System) -> bool:
    """Whether an equation of the system before is left, or else all its names: otherwise it is another system."""
    before, now = ({one.name: one.rhs for one in each.variables} for each in (old, system))
    return any(now[name] == rhs for name, rhs in before.items()) or _names(system) == _names(old)


def _controls(controls: Controls, old: System, system: System) -> Controls:
    """Without what belongs to parameters that are gone, and without the former numbers of those just typed."""
    before, now = (dict(zip(each.parameters, each.values, strict=True)) for each in (old, system))
    return msgspec.structs.replace(
        controls,
        defaults={name: text for name, text in controls.defaults.items() if before.get(name) == now.get(name, "gone")},
        sliders={name: settings for name, settings in controls.sliders.items() if name in now},
    )


def _values(experiment: Experiment, system: System) -> dict[str, float]:
    """Overrides of parameters that still exist and whose own value is the same as before."""
    before = dict(zip(experiment.system.parameters, experiment.system.values, strict=True))
    now = dict(zip(system.parameters, system.values, strict=True))
    return {name: value for name, value in experiment.values.items() if name in now and now[name] == before.get(name)}


def _starts(experiment: Experiment, system: System) -> tuple[Point, ...]:
    old = experiment.system
    source = {name: _origin(name, system, old) for name in system.states}
    starts = []
    for number, start in enumerate(experiment.starts):
        point = []
        for name, initial in zip(system.states, system.initial, strict=True):
            i = source[name]
            follows = number == 0 and i is not None and old.initial[i] != initial
            point.append(initial if i is None or follows else start[i])
        starts.append(tuple(point))
    return tuple(starts)


def _origin(name: str, system: System, old: System) -> int | None:
    """Where a state was before: under its own name, or at the same place under a name that is gone (renamed)."""
    if name in old.states:
        return old.states.index(name)
    place = system.states.index(name)
    renamed = len(system.states) == len(old.states) and old.states[place] not in system.states
    return place if renamed else None


def _view(view: View, old: System, system: System) -> View:
    """The view with axes that exist, with the ranges of those that stay."""
    if system.states == old.states and all(axes.exists(system, axis) for axis in axes.names(view)):
        return view
    if not all(axes.is_plain(axis, old.states) for axis in axes.names(view)) or view.space is not None:
        return _view_of_names(view, system)
    x, y = (_successor(axis, old, system) for axis in (view.x, view.y))
    known = {x: view.x_range, y: view.y_range}
    if len(system.states) == 1 or view.x == "t":
        x, y = views.default_axes(system)
    else:
        free = iter(name for name in system.states if name not in (x, y))
        x, y = x or next(free), y or next(free)
    x_range, y_range = (known.get(axis) or views.range_of(system, axis) for axis in (x, y))
    return msgspec.structs.replace(view, x=x, y=y, x_range=x_range, y_range=y_range, **_of_states(view, system))


def _view_of_names(view: View, system: System) -> View:
    """A view whose axes stay if they mean something in the new system; otherwise one with axes that do."""
    if all(axes.exists(system, axis) for axis in axes.names(view)):
        return msgspec.structs.replace(view, **_of_states(view, system))
    x, y = views.default_axes(system)
    x_range, y_range = views.range_of(system, x), views.range_of(system, y)
    changes = _of_states(view, system) | {"wrap": (), "space": None}
    return msgspec.structs.replace(view, x=x, y=y, x_range=x_range, y_range=y_range, **changes)


def _of_states(view: View, system: System) -> dict[str, Any]:
    """What a view says of states by their names, as far as these exist."""
    held = {name: value for name, value in view.held.items() if name in system.states}
    wrap = tuple(axis for axis in view.wrap if axes.exists(system, axis))
    cut = view.cut if view.cut.state in system.states else Cut()
    return {"held": held, "wrap": wrap, "cut": cut}


def _successor(axis: str, old: System, system: System) -> str | None:
    """What an axis is called now; ``None`` if its state is gone."""
    if axis == "t":
        return "t"
    place = old.states.index(axis)
    return next((name for name in system.states if _origin(name, system, old) == place), None)


def _solver(experiment: Experiment, system: System) -> SolverSettings:
    """The chosen time span gives way when the text says another one."""
    if system.t_span == experiment.system.t_span:
        return experiment.solver
    return msgspec.structs.replace(experiment.solver, t_span=None)


def _run(run: TrainedRun | None, system: System) -> TrainedRun | None:
    return run if run is not None and run.field.states == system.states else None


def _names(system: System) -> set[str]:
    definitions = (definition.name for definition in system.definitions)
    return {*system.states, *system.parameters, *definitions, "t"}


def set_range(experiment: Experiment, name: str, low: float, high: float) -> Experiment:
    """Write the range of a parameter's slider into the text; a value outside moves to the nearer end.

    Raises:
        UserError: the range is empty, the text is faulty at the moment, or the parameter is not a plain line of it.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise UserError("The lower end of a range must be below the upper end.")
    if read(experiment.text).problems:
        raise UserError("Please mend the equations first: the range is written into their text.")
    text = _text_with_range(experiment.text, name, low, high)
    changed = set_text(experiment, text)
    if read(text).system is None:
        raise UserError(f"The range of {name} could not be written into the text. Please type it there.")
    value = experiment.parameters[name]
    inside = min(max(value, low), high)
    return changed if inside == value else msgspec.structs.replace(changed, values=changed.values | {name: inside})


def follow_values(experiment: Experiment, names: Collection[str] | None = None) -> Experiment:
    """Write what sliders were moved to into the text, in place of plain numbers; spaces and comments stay.

    ``names``: only these parameters. The former number stays the model's own, and comes back as it was typed when the
    slider goes back to it. A value stays beside the text where the text is faulty or gives a formula.
    """
    moved = {name: value for name, value in experiment.values.items() if names is None or name in names}
    if not moved or read(experiment.text).problems:
        return experiment
    text, defaults = experiment.text, dict(experiment.controls.defaults)
    for name, value in moved.items():
        place = _declaration(text, name)
        if place is None or as_number(place.value) is None:
            continue
        typed = defaults.setdefault(name, place.value)
        literal = typed if as_number(typed) == value else _short(value)
        if literal == typed:
            del defaults[name]
        text = place.replaced(literal, place.range)
    controls = msgspec.structs.replace(experiment.controls, defaults=defaults)
    return msgspec.structs.replace(set_text(experiment, text), controls=controls)


class _Declaration(msgspec.Struct, frozen=True):
    """Where a text says the value of a parameter: ``before value range after``."""

    before: str
    value: str
    range: str
    after: str

    def replaced(self, value: str, span: str) -> str:
        """The text with another value and range."""
        return f"{self.before}{value}{span}{self.after}"


_PARTS = re.compile(r"(\s*=\s*)(.*?)(\s+in\b.*?)?(\s*)", re.DOTALL)


def _declaration(text: str, name: str) -> _Declaration | None:
    """Where the text says a parameter's value in a statement ``name = ...``; ``None`` if it does not."""
    lines = text.splitlines(keepends=True)
    for token in read(text).tokens:
        line = lines[token.line - 1]
        end = token.column - 1 + token.length
        is_declared = token.role is Role.PARAMETER and _begins_statement(line, token.column - 1, end)
        if is_declared and canonical(piece(text, token)) == name:
            rest = line[end:]
            length = re.search(r"[;#\r\n]|$", rest).start()  # type: ignore[union-attr]
            parts = _PARTS.fullmatch(rest[:length])
            assert parts is not None
            before = "".join(lines[: token.line - 1]) + line[:end] + parts[1]
            after = parts[4] + rest[length:] + "".join(lines[token.line :])
            return _Declaration(before, parts[2], parts[3] or "", after)
    return None


def _text_with_range(text: str, name: str, low: float, high: float) -> str:
    place = _declaration(text, name)
    if place is None:
        raise UserError(f"The text has no line {name} = ... that could take the range.")
    return place.replaced(place.value, f" in [{_short(low)}, {_short(high)}]")


def _begins_statement(line: str, start: int, end: int) -> bool:
    before = line[:start].rpartition(";")[2]
    return not before.strip() and line[end:].lstrip().startswith("=")


def _short(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
