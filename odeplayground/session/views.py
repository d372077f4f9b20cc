"""Axes and ranges of the portrait: sensible defaults, repair after the states changed, fitting to curves."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from odeplayground.session import axes
from odeplayground.session.scene import Floats, Portrait
from odeplayground.spec import Experiment, System, View

Range = tuple[float, float]

_MARGIN = 0.08
"""Of the extent, on each side, when the view is fitted to curves."""


def default_range(value: float) -> Range:
    """A range around zero that shows this value well inside."""
    half = max(1.0, 1.6 * abs(value))
    return -half, half


def default_view(system: System) -> View:
    """The first two states on the axes (time and the state if there is but one)."""
    x, y = default_axes(system)
    # With more than two states limit cycles take seconds to find, and are many where there is chaos.
    return View(x, y, range_of(system, x), range_of(system, y), cycles=len(system.states) == 2)


def default_axes(system: System) -> tuple[str, str]:
    """Names for the axes."""
    states = system.states
    return ("t", states[0]) if len(states) == 1 else (states[0], states[1])


def range_of(system: System, axis: str) -> Range:
    """A first range for a state or the time, from what the system itself says."""
    if axis == "t":
        return system.t_span
    if axis in system.states:
        return default_range(system.initial[system.states.index(axis)])
    own = dict(zip(system.parameters, system.values, strict=True))
    state = np.array(system.initial)[:, None]
    value = float(axes.values(axes.Frame(system, tuple(own.items())), axis, np.zeros(1), state)[0])
    return default_range(value if np.isfinite(value) else 0.0)


def fitted(portrait: Portrait, experiment: Experiment) -> tuple[Range, ...] | None:
    """A range for each axis that shows every forward trajectory with a margin; ``None`` if there is nothing finite."""
    ranges = []
    for axis in axes.names(experiment.view):
        ends = extent_of(portrait, experiment, axis)
        if ends is None:
            return None
        ranges.append(ends)
    return tuple(ranges)


def extent_of(portrait: Portrait, experiment: Experiment, axis: str) -> Range | None:
    """A range for an axis that shows every forward trajectory with a margin; ``None`` if there is nothing finite."""
    if axis in experiment.view.wrap:
        return -np.pi, np.pi
    frame = axes.Frame(experiment.system, tuple(experiment.parameters.items()))
    return extent(axes.values(frame, axis, run.t, run.y) for run in portrait.trajectories)


def extent(curves: Iterable[Floats]) -> Range | None:
    """A range that holds all finite values with a margin; ``None`` if there are none."""
    finite = [values[np.isfinite(values)] for values in curves]
    values = np.concatenate(finite) if finite else np.empty(0)
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low)
    if margin < 1e-9 * max(abs(low), abs(high), 1e-3):  # a constant: show it in the middle of something visible
        margin = max(0.5 * abs(low), 0.5)
    return low - margin, high + margin
