"""From a place on the portrait to a state, and from a parameter to the ends of its slider."""

from __future__ import annotations

from odeplayground.spec import Experiment, Parameter, Point

_REACH = 2.0
"""A parameter without a range gets a slider up to so many times its value."""


def point_at(experiment: Experiment, x: float, y: float, like: Point | None = None) -> Point:
    """The state at a place of the portrait. States that are not on its axes come from ``like``, or else from the
    selected starting point.
    """
    view, states = experiment.view, experiment.system.states
    if like is None:
        like = experiment.starts[experiment.selected]
    on_axes = {view.x: x, view.y: y}
    return tuple(on_axes.get(name, old) for name, old in zip(states, like, strict=True))


def slider_range(parameter: Parameter, value: float) -> tuple[float, float]:
    """The ends of a slider: the range in the text, or one around the parameter's own value; it holds ``value``."""
    own = parameter.value
    if parameter.low is not None and parameter.high is not None:
        low, high = parameter.low, parameter.high
    elif own == 0:
        low, high = -1.0, 1.0
    else:
        low, high = sorted((0.0, _REACH * own))
    return min(low, value), max(high, value)
