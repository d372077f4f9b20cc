"""What can be done to the views: axes, what the background holds, turning in space, several views side by side.

Pure functions ``Experiment -> Experiment`` like those of :mod:`odeplayground.session.edits`. All others work on the
first view; :func:`in_view` applies one of them to another view.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from odeplayground.session import axes, views
from odeplayground.session.errors import UserError
from odeplayground.spec import Cut, Experiment, FieldMode, Point, Space, View

MOST_VIEWS = 4
SIDES = ("x", "y", "z")
HALF_TURN = (-math.pi, math.pi)
ZOOMS = (0.2, 20.0)
_STEEPEST = 89.0

Edit = Callable[[Experiment], Experiment]


# Axes


def set_axis(experiment: Experiment, side: str, text: str, ends: views.Range | None = None) -> Experiment:
    """Put a state, the time or a typed expression on an axis, one of ``SIDES``.

    What stands on another axis already changes places with it. ``ends`` is the range of what was not there before.

    Raises:
        UserError: the text is not understood.
    """
    reading = axes.read(experiment.system, text)
    if reading.problem:
        raise UserError(" ".join(filter(None, (reading.problem, reading.suggestion))))
    view = experiment.view
    now = {name: (axis, range_) for name, axis, range_ in zip(SIDES, axes.names(view), ranges(view), strict=False)}
    taken = next((other for other, (axis, _) in now.items() if axis == reading.name and other != side), None)
    if taken is not None:
        now[side], now[taken] = now[taken], now[side]
    elif now[side][0] != reading.name:
        now[side] = (reading.name, ends or views.range_of(experiment.system, reading.name))
    return _with_axes(experiment, now)


def set_axes(experiment: Experiment, x: str, y: str) -> Experiment:
    """Two states on the axes. An axis that changes sides takes its range along."""
    system, view = experiment.system, experiment.view
    if len(system.states) == 1 or x == y or not {x, y} <= set(system.states):
        raise ValueError(f"{x!r} and {y!r} cannot be the axes of {', '.join(system.states)}.")
    known = dict(zip(axes.names(view), ranges(view), strict=True))
    x_range, y_range = (known.get(axis) or views.range_of(system, axis) for axis in (x, y))
    return _with(experiment, x=x, y=y, x_range=x_range, y_range=y_range)


def ranges(view: View) -> tuple[views.Range, ...]:
    """The range of each axis, two or three."""
    flat = (view.x_range, view.y_range)
    return flat if view.space is None else (*flat, view.space.z_range)


def set_ranges(experiment: Experiment, ends: tuple[views.Range, ...]) -> Experiment:
    """Show this part of the plane or of space."""
    view = experiment.view
    space = view.space if view.space is None else msgspec.structs.replace(view.space, z_range=ends[2])
    return _with(experiment, x_range=ends[0], y_range=ends[1], space=space)


def set_wrap(experiment: Experiment, axis: str, on: bool) -> Experiment:
    """Draw an angle between -pi and pi, or as it is."""
    view = experiment.view
    others = tuple(name for name in view.wrap if name != axis)
    if not on:
        return _with(experiment, wrap=others)
    ends = tuple(HALF_TURN if name == axis else own for name, own in zip(axes.names(view), ranges(view), strict=True))
    return set_ranges(_with(experiment, wrap=(*others, axis)), ends)


# What the background holds


def set_held(experiment: Experiment, values: Mapping[str, float]) -> Experiment:
    """Hold states of these names at these values in the background; the others stay as they are."""
    if not all(map(math.isfinite, values.values())):
        raise UserError("A state can only be held at a finite number.")
    return _with(experiment, held=experiment.view.held | {name: float(value) for name, value in values.items()})


def hold_at(experiment: Experiment, state: Point) -> Experiment:
    """Hold all states that are on no axis at those of a state."""
    free = held_names(experiment)
    pairs = zip(experiment.system.states, state, strict=True)
    return set_held(experiment, {name: value for name, value in pairs if name in free})


def release(experiment: Experiment) -> Experiment:
    """Hold the states at the selected starting point again."""
    return _with(experiment, held={})


def held_names(experiment: Experiment) -> tuple[str, ...]:
    """The states that the background of the view holds: those on no axis, where there is a field."""
    view, states = experiment.view, experiment.system.states
    if view.space is not None or not axes.is_plane(view.x, view.y, states):
        return ()
    return tuple(name for name in states if name not in (view.x, view.y))


def set_cut(experiment: Experiment, state: str, value: float | None = None) -> Experiment:
    """Where the Poincaré section lies: at a value of a state, or with no state at the times of the forcing."""
    if state and state not in experiment.system.states:
        raise ValueError(f"There is no state {state!r}.")
    if value is not None and not math.isfinite(value):
        raise UserError("A section lies at a finite number.")
    return _with(experiment, cut=Cut(state, value), section=True)


# Space


def set_space(experiment: Experiment, z: str | None, ends: views.Range | None = None) -> Experiment:
    """Show the view in space, with a third axis; ``None``: flat again."""
    if z is None:
        return _with(experiment, space=None)
    return _with(experiment, space=Space(z, ends or views.range_of(experiment.system, z)))


def third_axis(experiment: Experiment) -> str | None:
    """What a third axis would show: the first state that is on none, else the time; ``None`` if even that is taken."""
    view = experiment.view
    names = (*experiment.system.states, axes.TIME)
    return next((name for name in names if name not in (view.x, view.y)), None)


def turn(experiment: Experiment, azimuth: float, elevation: float, zoom: float) -> Experiment:
    """Look at space from elsewhere; angles in degrees."""
    space = experiment.view.space
    if space is None:
        return experiment
    looked = msgspec.structs.replace(
        space,
        azimuth=(azimuth + 180.0) % 360.0 - 180.0,
        elevation=min(max(elevation, -_STEEPEST), _STEEPEST),
        zoom=min(max(zoom, ZOOMS[0]), ZOOMS[1]),
    )
    return _with(experiment, space=looked)


# Several views


def count(experiment: Experiment) -> int:
    """How many views there are."""
    return 1 + len(experiment.beside)


def seen(experiment: Experiment, number: int) -> Experiment:
    """The experiment as the view with this number shows it: its view is the first one."""
    return experiment if number == 0 else msgspec.structs.replace(experiment, view=experiment.beside[number - 1])


def in_view(experiment: Experiment, number: int, change: Edit) -> Experiment:
    """Apply an edit to the view with this number. What the edit does to the rest of the document stays."""
    if number == 0:
        return change(experiment)
    changed = change(seen(experiment, number))
    beside = list(changed.beside)
    beside[number - 1] = changed.view
    return msgspec.structs.replace(changed, view=experiment.view, beside=tuple(beside))


def add_view(experiment: Experiment, *, learned: bool = False) -> Experiment:
    """One more view, which shows what the last one does not: another pair of states, or space, or the learned field.

    Raises:
        UserError: there is no room for more.
    """
    if count(experiment) >= MOST_VIEWS:
        raise UserError(f"There can be {MOST_VIEWS} views. Close one to open another.")
    first = experiment.view
    if learned:
        mode = FieldMode.TRUE if first.mode is FieldMode.LEARNED else FieldMode.LEARNED
        return msgspec.structs.replace(
            experiment, beside=(*experiment.beside, msgspec.structs.replace(first, mode=mode))
        )
    return msgspec.structs.replace(experiment, beside=(*experiment.beside, _another(experiment)))


def close_view(experiment: Experiment, number: int) -> Experiment:
    """One view less; if it is the first, the next one takes its place."""
    every = [experiment.view, *experiment.beside]
    if len(every) > 1:
        del every[number]
    return msgspec.structs.replace(experiment, view=every[0], beside=tuple(every[1:]))


def _another(experiment: Experiment) -> View:
    """Axes that no view has yet: pairs of states in their order, then space, then the same as the last."""
    every, states = (experiment.view, *experiment.beside), experiment.system.states
    known = {frozenset(axes.names(view)) for view in every}
    last = every[-1]
    flat = msgspec.structs.replace(experiment, view=msgspec.structs.replace(last, space=None))
    pairs = [(x, y) for i, x in enumerate(states) for y in states[i + 1 :]]
    if len(states) > 1:
        for x, y in sorted(pairs, key=lambda pair: last.x not in pair):
            if frozenset((x, y)) not in known:
                x, y = (y, x) if y == last.x else (x, y)
                return set_axes(flat, x, y).view
    z = third_axis(flat)
    if z is not None and frozenset((last.x, last.y, z)) not in known:
        return set_space(flat, z).view
    return last


def _with_axes(experiment: Experiment, now: dict[str, tuple[str, views.Range]]) -> Experiment:
    space = experiment.view.space
    if space is not None:
        space = msgspec.structs.replace(space, z=now["z"][0], z_range=now["z"][1])
    names = tuple(axis for axis, _ in now.values())
    return _with(
        experiment,
        x=now["x"][0],
        y=now["y"][0],
        x_range=now["x"][1],
        y_range=now["y"][1],
        space=space,
        wrap=tuple(axis for axis in experiment.view.wrap if axis in names),
    )


def _with(experiment: Experiment, **changes: Any) -> Experiment:
    return msgspec.structs.replace(experiment, view=msgspec.structs.replace(experiment.view, **changes))
