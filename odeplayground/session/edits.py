"""Everything that can be done to an experiment, as pure functions ``Experiment -> Experiment``.

Wrong names and indices are faults of the caller (``ValueError``, ``IndexError``); what a user can get wrong raises
:class:`~odeplayground.session.errors.UserError` with a sentence.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence

import msgspec

from odeplayground.session import views
from odeplayground.session.errors import UserError
from odeplayground.session.retext import follow_values, set_range, set_text
from odeplayground.spec import (
    Animation,
    Experiment,
    FieldMode,
    FieldStyle,
    Layer,
    Point,
    SamplePlan,
    SolverSettings,
    System,
    TrainedRun,
    TrainSpec,
)

__all__ = [
    "LAYERS",
    "add_start",
    "default_experiment",
    "follow_values",
    "middle_of_view",
    "open_place",
    "remove_start",
    "reset_parameter",
    "reset_parameters",
    "select_start",
    "set_animation",
    "set_field_style",
    "set_mode",
    "set_name",
    "set_parameter",
    "set_plan",
    "set_range",
    "set_run",
    "set_solver",
    "set_start",
    "set_t_span",
    "set_text",
    "set_training",
    "set_view_range",
    "toggle_layer",
]

_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Where in the portrait a new starting point may be, along each axis."""
_ROOM = 0.15
"""Room enough around it, as a share of the portrait."""

LAYERS = tuple(layer.value for layer in Layer)
"""Parts of the portrait that can be shown or hidden."""

_NARROWEST = 1e-9
"""Width of a view relative to the numbers in it, below which they run together."""


def default_experiment(system: System, text: str, name: str) -> Experiment:
    """A first experiment: one trajectory from the system's own initial state, and axes around it."""
    return Experiment(name, text, system, (system.initial,), views.default_view(system))


def set_name(experiment: Experiment, name: str) -> Experiment:
    """Another title."""
    return msgspec.structs.replace(experiment, name=name)


# Parameters


def set_parameter(experiment: Experiment, name: str, value: float) -> Experiment:
    """Move a slider. The text stays; what it says anyway is no override. :func:`follow_values` brings it up to date."""
    own = dict(zip(experiment.system.parameters, experiment.system.values, strict=True))
    if name not in own:
        raise ValueError(f"There is no parameter {name!r}.")
    if not math.isfinite(value):
        raise UserError(f"{name} must be a finite number.")
    if value == own[name]:
        values = {other: old for other, old in experiment.values.items() if other != name}
        return msgspec.structs.replace(experiment, values=values)
    return msgspec.structs.replace(experiment, values=experiment.values | {name: float(value)})


def reset_parameter(experiment: Experiment, name: str) -> Experiment:
    """Back to the model's own value, in the text too."""
    return _reset(experiment, (name,))


def reset_parameters(experiment: Experiment) -> Experiment:
    """All parameters that are not locked back to the model's own values, in the text too."""
    return _reset(experiment, [name for name in experiment.own_values if not experiment.controls.of(name).locked])


def _reset(experiment: Experiment, names: Collection[str]) -> Experiment:
    said = dict(zip(experiment.system.parameters, experiment.system.values, strict=True))
    own = experiment.own_values
    values = {name: value for name, value in experiment.values.items() if name not in names}
    values |= {name: own[name] for name in names if own[name] != said[name]}
    return follow_values(msgspec.structs.replace(experiment, values=values), names)


# Starting points


def set_start(experiment: Experiment, index: int, point: Point) -> Experiment:
    """Move a starting point."""
    starts = list(experiment.starts)
    starts[index] = _point(experiment, point)
    return msgspec.structs.replace(experiment, starts=tuple(starts))


def add_start(experiment: Experiment, point: Point) -> Experiment:
    """Another trajectory, which is selected."""
    starts = (*experiment.starts, _point(experiment, point))
    return msgspec.structs.replace(experiment, starts=starts, selected=len(starts) - 1)


def remove_start(experiment: Experiment, index: int) -> Experiment:
    """One trajectory less; another one is selected if it was this one.

    Raises:
        UserError: it is the last one.
    """
    if len(experiment.starts) == 1:
        raise UserError("The last starting point stays. Move it instead.")
    starts = list(experiment.starts)
    del starts[index]
    selected = experiment.selected - (index < experiment.selected)
    return msgspec.structs.replace(experiment, starts=tuple(starts), selected=min(selected, len(starts) - 1))


def select_start(experiment: Experiment, index: int) -> Experiment:
    """Another trajectory for the time series and the animation."""
    if not 0 <= index < len(experiment.starts):
        raise IndexError(f"There is no starting point {index}.")
    return msgspec.structs.replace(experiment, selected=index)


def middle_of_view(experiment: Experiment) -> Point:
    """The centre of the portrait; states that are on no axis are those of the selected start."""
    view, point = experiment.view, list(experiment.starts[experiment.selected])
    for axis, (low, high) in ((view.x, view.x_range), (view.y, view.y_range)):
        if axis in experiment.system.states:
            point[experiment.system.states.index(axis)] = 0.5 * (low + high)
    return tuple(point)


def open_place(experiment: Experiment, equilibria: Sequence[Point] = ()) -> Point:
    """The place nearest to the middle of the portrait that is well away from its equilibria and starting points.

    Equilibria are states (n_states,). Where all is crowded, it is the place with the most room around it.
    """
    middle = middle_of_view(experiment)
    view, states = experiment.view, experiment.system.states
    axes = [
        (states.index(axis), low, high)
        for axis, (low, high) in ((view.x, view.x_range), (view.y, view.y_range))
        if axis in states
    ]
    taken = [*equilibria, *experiment.starts]

    def apart(one: Point, other: Point) -> float:
        return math.hypot(*((one[k] - other[k]) / (high - low) for k, low, high in axes))

    places = []
    for shares in itertools.product(_SHARES, repeat=len(axes)):
        place = list(middle)
        for share, (k, low, high) in zip(shares, axes, strict=True):
            place[k] = low + share * (high - low)
        room = min((apart(tuple(place), other) for other in taken), default=1.0)
        places.append((min(room, _ROOM), -round(apart(tuple(place), middle), 9), tuple(place)))
    return max(places)[2]


def _point(experiment: Experiment, point: Point) -> Point:
    if len(point) != len(experiment.system.states):
        raise ValueError(f"A point needs {len(experiment.system.states)} coordinates, got {len(point)}.")
    if not all(map(math.isfinite, point)):
        raise UserError("A starting point needs finite numbers.")
    return tuple(map(float, point))


# View


def set_view_range(experiment: Experiment, x_range: views.Range, y_range: views.Range) -> Experiment:
    """Pan or zoom. Ranges too narrow or too wide for numbers to resolve change nothing."""
    if not (_resolvable(x_range) and _resolvable(y_range)):
        return experiment
    view = msgspec.structs.replace(experiment.view, x_range=_floats(x_range), y_range=_floats(y_range))
    return msgspec.structs.replace(experiment, view=view)


def set_mode(experiment: Experiment, mode: FieldMode) -> Experiment:
    """The true field, the learned one, both, or the error."""
    return msgspec.structs.replace(experiment, view=msgspec.structs.replace(experiment.view, mode=mode))


def toggle_layer(experiment: Experiment, name: str) -> Experiment:
    """Show or hide a part of the portrait, one of ``LAYERS``."""
    if name not in LAYERS:
        raise ValueError(f"There is no layer {name!r}.")
    view = msgspec.structs.replace(experiment.view, **{name: not getattr(experiment.view, name)})
    return msgspec.structs.replace(experiment, view=view)


def set_field_style(experiment: Experiment, style: FieldStyle) -> Experiment:
    """Arrows, streamlines or particles; a field that was hidden appears."""
    view = msgspec.structs.replace(experiment.view, field_style=style, arrows=True)
    return msgspec.structs.replace(experiment, view=view)


def set_animation(experiment: Experiment, animation: Animation) -> Experiment:
    """Another drawing of the thing itself."""
    return msgspec.structs.replace(experiment, animation=animation)


def _resolvable(ends: views.Range) -> bool:
    low, high = ends
    if not (math.isfinite(low) and math.isfinite(high)):
        return False
    return high - low > _NARROWEST * max(abs(low), abs(high), 1e-100) and high - low < 1e100


def _floats(ends: views.Range) -> views.Range:
    return float(ends[0]), float(ends[1])


# Solver, data, training


def set_solver(experiment: Experiment, solver: SolverSettings) -> Experiment:
    """Another method, tolerance or time span."""
    return msgspec.structs.replace(experiment, solver=solver)


def set_t_span(experiment: Experiment, start: float, end: float) -> Experiment:
    """Another time span; the text's own again is no override.

    Raises:
        UserError: the span is empty or not finite.
    """
    if not (math.isfinite(start) and math.isfinite(end) and start < end):
        raise UserError("The end of the time span must come after its start.")
    span = (float(start), float(end))
    own = span == experiment.system.t_span
    return set_solver(experiment, msgspec.structs.replace(experiment.solver, t_span=None if own else span))


def set_plan(experiment: Experiment, plan: SamplePlan) -> Experiment:
    """How the next data are sampled."""
    return msgspec.structs.replace(experiment, plan=plan)


def set_training(experiment: Experiment, training: TrainSpec) -> Experiment:
    """How the next network is trained."""
    return msgspec.structs.replace(experiment, training=training)


def set_run(experiment: Experiment, run: TrainedRun | None) -> Experiment:
    """Keep the outcome of a training run (of a system with these states), or forget it."""
    if run is not None and run.field.states != experiment.system.states:
        raise ValueError("The run was trained for other states.")
    return msgspec.structs.replace(experiment, run=run)
