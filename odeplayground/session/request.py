"""What a portrait is computed from, and a key for each of its parts that tells when it is out of date."""

from __future__ import annotations

from collections.abc import Hashable
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from odeplayground.session import axes
from odeplayground.session.equations import without_numbers
from odeplayground.spec import AnySystem, Experiment, FieldMode, FieldStyle, Point, SolverSettings


class Part(StrEnum):
    """The parts of a portrait that are computed together."""

    FORWARD = "forward"
    BACKWARD = "backward"
    ARROWS = "arrows"
    STREAMLINES = "streamlines"
    NULLCLINES = "nullclines"
    EQUILIBRIA = "equilibria"
    ERROR = "error"
    CYCLES = "cycles"
    BASINS = "basins"


CURVES = frozenset({Part.FORWARD, Part.BACKWARD, Part.ARROWS})
"""What moves along with a hand."""
SEARCHES = frozenset({Part.CYCLES, Part.BASINS})
"""What may take seconds: computed beside the rest, so that nothing waits for it."""
BACKGROUND = frozenset(Part) - CURVES - SEARCHES
_COMPUTED = ("arrows", "nullclines", "separatrices", "cycles", "basins")
"""Layers that are computed only when they are on."""

Slot = tuple[Part, int]
"""A part and, for curves, the number of the starting point."""
Key = Hashable


class Window(msgspec.Struct, frozen=True):
    """The axes of the portrait and what they show: states, ``"t"`` or expressions."""

    x: str
    y: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    wrap: tuple[str, ...] = ()
    """Axes with angles between -pi and pi."""
    z: str = ""
    """The third axis of a view of space; empty: the view is flat."""


class Field(msgspec.Struct, frozen=True):
    """A right-hand side with its parameter values."""

    system: AnySystem
    values: tuple[tuple[str, float], ...] = ()

    @property
    def parameters(self) -> dict[str, float]:
        """The values as dynamics takes them."""
        return dict(self.values)


class Request(msgspec.Struct, frozen=True):
    """Everything that one portrait is computed from; nothing else has an influence on it."""

    field: Field
    solver: SolverSettings
    t_span: tuple[float, float]
    starts: tuple[Point, ...]
    selected: int
    window: Window
    grid: tuple[int, int]
    layers: frozenset[str]
    held: Point
    """Values of all states; the background has those of the states that are on no axis."""
    reference: Field | None = None
    """The true field, if the error of this one is wanted."""
    frame: axes.Frame | None = None
    """What expressions on the axes are computed with, if there are any."""

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states."""
        return self.field.system.states

    @property
    def has_field(self) -> bool:
        """Whether every point of the window is a state, or one at a time."""
        x, y = self.window.x, self.window.y
        return self.is_flat or (axes.is_slope_field(x, y, self.states) and not self.window.z)

    @property
    def is_flat(self) -> bool:
        """Whether every point of the window is a state."""
        return axes.is_plane(self.window.x, self.window.y, self.states) and not self.window.z

    @property
    def shape(self) -> Key:
        """Pictures of requests with equal shapes can be mixed for a moment; others cannot."""
        return self.states, self.window.x, self.window.y, self.window.z, type(self.field.system)

    def has(self, key: Key) -> bool:
        """Whether what was searched for under a key belongs to the same field and the same held states."""
        return isinstance(key, tuple) and key[:2] == (self.field, self.t_span[0]) and key[3] == self._hidden

    @property
    def _hidden(self) -> Point:
        on_axes = (self.window.x, self.window.y)
        return tuple(value for name, value in zip(self.states, self.held, strict=True) if name not in on_axes)

    def wanted(self) -> dict[Slot, Key]:
        """The parts that are to be shown, each with what it depends on."""
        plane = (self.field, self.t_span[0], self.window, self._hidden, self.frame)
        flat, field = self.is_flat, self.has_field
        keys: dict[Slot, Key] = {}
        for i, start in enumerate(self.starts):
            keys[Part.FORWARD, i] = (self.field, self.solver, self.t_span, start)
            if flat:
                keys[Part.BACKWARD, i] = (keys[Part.FORWARD, i], self.window)
        if "arrows" in self.layers and field:
            lines = "streamlines" in self.layers and flat
            keys[Part.STREAMLINES if lines else Part.ARROWS, 0] = (plane, self.grid)
        if "nullclines" in self.layers and field:
            keys[Part.NULLCLINES, 0] = plane
        keys[Part.EQUILIBRIA, 0] = (plane, "separatrices" in self.layers)
        if self.reference is not None and field:
            keys[Part.ERROR, 0] = (plane, self.reference)
        if len(self.states) > 1 and "cycles" in self.layers:
            keys[Part.CYCLES, 0] = plane
        if flat and "basins" in self.layers:
            keys[Part.BASINS, 0] = plane
        return keys


def of_true(experiment: Experiment, grid: tuple[int, int]) -> Request:
    """The portrait of the system as typed."""
    hidden: frozenset[Part] = SEARCHES if experiment.view.mode in (FieldMode.LEARNED, FieldMode.ERROR) else frozenset()
    return _request(experiment, _true_field(experiment), grid, None, hidden)


def of_learned(experiment: Experiment, learned: AnySystem, grid: tuple[int, int], *, training: bool = False) -> Request:
    """The portrait of a learned field, in the same window and from the same starting points.

    While it is in training, it goes without what takes long. Basins are not drawn over those of the true field.
    """
    mode = experiment.view.mode
    if mode is FieldMode.TRUE:  # only another view shows it, and needs the trajectories of this one
        experiment = replace(experiment, view=replace(experiment.view, **dict.fromkeys(_COMPUTED, False)))
    reference = _true_field(experiment) if mode is FieldMode.ERROR else None
    hidden = (
        SEARCHES if training or mode is FieldMode.ERROR else frozenset({Part.BASINS} if mode is FieldMode.BOTH else ())
    )
    return _request(experiment, Field(learned), grid, reference, hidden)


def held_of(experiment: Experiment) -> Point:
    """The state whose values the background has where they are on no axis."""
    start, held = experiment.starts[experiment.selected], experiment.view.held
    return tuple(held.get(name, value) for name, value in zip(experiment.system.states, start, strict=True))


def _true_field(experiment: Experiment) -> Field:
    return Field(without_numbers(experiment.system), tuple(experiment.parameters.items()))


def _request(
    experiment: Experiment, field: Field, grid: tuple[int, int], reference: Field | None, hidden: frozenset[Part]
) -> Request:
    view = experiment.view
    layers: set[str] = {name for name in _COMPUTED if getattr(view, name)} - hidden
    if view.field_style is FieldStyle.STREAMLINES:
        layers.add("streamlines")
    return Request(
        field=field,
        solver=experiment.solver,
        t_span=experiment.t_span,
        starts=experiment.starts,
        selected=experiment.selected,
        window=Window(view.x, view.y, view.x_range, view.y_range, view.wrap, view.space.z if view.space else ""),
        grid=grid,
        layers=frozenset(layers),
        held=held_of(experiment),
        reference=reference,
        frame=axes.frame_of(experiment),
    )
