"""What can be done to the bifurcation diagram, as pure functions ``Experiment -> Experiment``."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from odeplayground.session import edits
from odeplayground.session.bifurcation_request import drawn_state, part_of, varied
from odeplayground.spec import Box, DiagramKind, Experiment

_MARGIN = 0.15
"""How far inside the portrait an equilibrium is brought, as a share of the window."""
_NARROWEST = 1e-9
"""Width of a box relative to the numbers in it, below which they run together."""


def show(experiment: Experiment, shown: bool) -> Experiment:
    """Open or close the diagram."""
    return _with(experiment, shown=shown)


def carried(old: Experiment, new: Experiment) -> Experiment:
    """Another preset: a diagram that is open stays open."""
    return show(new, True) if old.diagram.shown else new


def choose_kind(experiment: Experiment, kind: DiagramKind) -> Experiment:
    """Branches or orbits. The part that is shown stays."""
    return _with(experiment, kind=kind)


def choose_parameter(experiment: Experiment, name: str) -> Experiment:
    """Another parameter to vary, over the whole range of its slider."""
    if name not in {parameter.name for parameter in experiment.system.constants}:
        raise ValueError(f"There is no parameter {name!r}.")
    return _with(experiment, parameter=name, boxes=())


def choose_state(experiment: Experiment, name: str) -> Experiment:
    """Another state to draw, in full height."""
    if name not in experiment.system.states:
        raise ValueError(f"There is no state {name!r}.")
    return _with(experiment, state=name, boxes=())


def refine(experiment: Experiment, x_range: tuple[float, float], y_range: tuple[float, float]) -> Experiment:
    """Look closer at a part. Boxes too narrow for numbers to resolve change nothing."""
    for low, high in (x_range, y_range):
        if not (math.isfinite(low) and math.isfinite(high)):
            return experiment
        if not high - low > _NARROWEST * max(abs(low), abs(high), 1e-100):
            return experiment
    parameter = varied(experiment)
    if parameter is None:
        return experiment
    boxes = experiment.diagram.boxes if part_of(experiment) else ()
    return _with(
        experiment,
        parameter=parameter.name,
        state=drawn_state(experiment),
        boxes=(*boxes, Box(x_range, y_range)),
    )


def back(experiment: Experiment) -> Experiment:
    """The part before the last refinement."""
    return _with(experiment, boxes=experiment.diagram.boxes[:-1])


def go_to_equilibrium(experiment: Experiment, name: str, value: float, state: tuple[float, ...]) -> Experiment:
    """Set a parameter, and move the portrait so far that this equilibrium lies inside."""
    moved = edits.set_parameter(experiment, name, value)
    view, places = experiment.view, dict(zip(experiment.system.states, state, strict=True))
    x_range, y_range = (
        _holding(ends, places[axis]) if axis in places else ends
        for axis, ends in ((view.x, view.x_range), (view.y, view.y_range))
    )
    return edits.set_view_range(moved, x_range, y_range)


def _holding(ends: tuple[float, float], value: float) -> tuple[float, float]:
    """The range, moved so far that it holds a value well inside; unchanged if it holds it already."""
    low, high = ends
    if low <= value <= high or not math.isfinite(value):
        return ends
    inside = _MARGIN * (high - low)
    shift = value + inside - high if value > high else value - inside - low
    return low + shift, high + shift


def _with(experiment: Experiment, **changes: Any) -> Experiment:
    return msgspec.structs.replace(experiment, diagram=msgspec.structs.replace(experiment.diagram, **changes))
