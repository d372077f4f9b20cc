"""From an experiment to what its bifurcation diagram depends on."""

from __future__ import annotations

import msgspec

from odeplayground.session import picking
from odeplayground.session.equations import without_numbers
from odeplayground.spec import Box, DiagramKind, Experiment, Parameter, System, Variable

Range = tuple[float, float]

_ROOM = 0.5
"""Branches are followed so far beyond the portrait on each side, as a share of it."""
_WIDEST = 3.0
"""The axis of the drawn state shows at most so many times what the portrait shows of it."""
_SHRUNK = 0.125
"""A box is kept while the portrait fills at least this share of it."""


class DiagramRequest(msgspec.Struct, frozen=True):
    """Equal requests have equal diagrams. The present value of the parameter is no part of it."""

    system: System
    kind: DiagramKind
    parameter: str
    bounds: Range
    others: tuple[tuple[str, float], ...]
    """The values of the other parameters."""
    box: tuple[Range, ...] = ()
    """Low and high for every state, for branches."""
    observed: str = ""
    """The state whose orbits are looked at, for orbits."""
    window: Range | None = None
    """Values that are looked at, for orbits; ``None``: all."""

    @property
    def shape(self) -> tuple[object, ...]:
        """Diagrams with another one have nothing in common."""
        return self.system.variables, self.kind, self.parameter, self.observed


def varied(experiment: Experiment) -> Parameter | None:
    """The parameter of the diagram; ``None`` if the system has none."""
    constants = experiment.system.constants
    chosen = [parameter for parameter in constants if parameter.name == experiment.diagram.parameter]
    candidates = chosen or list(constants)
    return candidates[0] if candidates else None


def drawn_state(experiment: Experiment) -> str:
    """The state of the diagram."""
    states = experiment.system.states
    return experiment.diagram.state if experiment.diagram.state in states else states[0]


def part_of(experiment: Experiment) -> Box | None:
    """The part that is shown; ``None`` for the whole, and where the part was one of another system."""
    settings, parameter = experiment.diagram, varied(experiment)
    if not settings.boxes or parameter is None:
        return None
    own = (settings.parameter, settings.state) == (parameter.name, drawn_state(experiment))
    return settings.boxes[-1] if own else None


def widest(experiment: Experiment) -> Range | None:
    """How much of the drawn state the diagram may show: what the portrait shows of it, three times as high.

    ``None`` where the portrait does not show the state, and for orbits, which may go anywhere.
    """
    ends = _seen(experiment).get(drawn_state(experiment))
    if ends is None or experiment.diagram.kind is DiagramKind.ORBITS:
        return None
    room = 0.5 * (_WIDEST - 1) * (ends[1] - ends[0])
    return ends[0] - room, ends[1] + room


def bounds_of(experiment: Experiment) -> Range | None:
    """Low and high of the parameter in the diagram; ``None`` without a parameter."""
    parameter, part = varied(experiment), part_of(experiment)
    if parameter is None:
        return None
    return part.x_range if part else picking.slider_range(experiment, parameter)


def request_of(experiment: Experiment, last: DiagramRequest | None = None) -> DiagramRequest | None:
    """What is to be computed; ``None`` without a parameter.

    While the portrait moves only a little, the box of the last request is kept.
    """
    parameter = varied(experiment)
    if parameter is None:
        return None
    settings, values = experiment.diagram, experiment.parameters
    part, bounds = part_of(experiment), bounds_of(experiment)
    assert bounds is not None
    others = tuple((name, value) for name, value in values.items() if name != parameter.name)
    request = DiagramRequest(without_numbers(experiment.system), settings.kind, parameter.name, bounds, others)
    if settings.kind is DiagramKind.ORBITS:
        return msgspec.structs.replace(request, observed=drawn_state(experiment), window=part.y_range if part else None)
    box = _kept(experiment, last) or _box(experiment)
    return msgspec.structs.replace(request, box=box)


def _box(experiment: Experiment) -> tuple[Range, ...]:
    seen = _seen(experiment)
    reach = max(high - low for low, high in seen.values())
    found = []
    for variable in experiment.system.variables:
        hidden = _alike(experiment, variable, seen) or (variable.initial - reach, variable.initial + reach)
        low, high = seen.get(variable.name, hidden)
        room = _ROOM * (high - low)
        found.append((low - room, high + room))
    return tuple(found)


def _alike(experiment: Experiment, hidden: Variable, seen: dict[str, Range]) -> Range | None:
    """What is shown of a state in the same unit, wide enough for where the hidden one begins."""
    unit = experiment.units.get(hidden.name, "")
    for name, (low, high) in seen.items():
        if unit and experiment.units.get(name, "") == unit:
            return min(low, hidden.initial), max(high, hidden.initial)
    return None


def _kept(experiment: Experiment, last: DiagramRequest | None) -> tuple[Range, ...] | None:
    if last is None or not last.box or last.system.variables != experiment.system.variables:
        return None
    seen = _seen(experiment)
    for name, (low, high) in zip(experiment.system.states, last.box, strict=True):
        begin, end = seen.get(name, (low, high))
        if begin < low or end > high or end - begin < _SHRUNK * (high - low):
            return None
    return last.box


def _seen(experiment: Experiment) -> dict[str, Range]:
    """What the portrait shows of each state on its axes."""
    view = experiment.view
    axes = {view.x: view.x_range, view.y: view.y_range}
    return {name: ends for name, ends in axes.items() if name in experiment.system.states}
