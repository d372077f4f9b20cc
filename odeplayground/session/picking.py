"""From a place on the portrait to a state, and from a parameter to the ends of its slider."""

from __future__ import annotations

from odeplayground.session.errors import UserError
from odeplayground.spec import Experiment, Parameter, Point

_REACH = 2.0
"""A parameter without a range gets a slider up to so many times its value."""


def point_at(experiment: Experiment, x: float, y: float, like: Point | None = None) -> Point:
    """The state at a place of the portrait. States that are not on its axes come from ``like``, or else from the
    selected starting point.

    Raises:
        UserError: there is no state on any axis.
    """
    view, states = experiment.view, experiment.system.states
    if like is None:
        like = experiment.starts[experiment.selected]
    on_axes = {view.x: x, view.y: y}
    if not on_axes.keys() & set(states):
        raise UserError("No state is on these axes: a starting point needs one to be placed.")
    return tuple(on_axes.get(name, old) for name, old in zip(states, like, strict=True))


def slider_range(experiment: Experiment, parameter: Parameter) -> tuple[float, float]:
    """The ends of a slider: the range in the text, or one around the model's own value; it holds the present value."""
    own, value = experiment.own_values[parameter.name], experiment.parameters[parameter.name]
    if parameter.low is not None and parameter.high is not None:
        low, high = parameter.low, parameter.high
    elif own == 0:
        low, high = -1.0, 1.0
    else:
        low, high = sorted((0.0, _REACH * own))
    return min(low, value), max(high, value)


def start_range(experiment: Experiment, state: str) -> tuple[float, float]:
    """The ends of a slider for the selected start: what the axes show of the state, or a range around its own start."""
    view, index = experiment.view, experiment.system.states.index(state)
    own, value = experiment.system.initial[index], experiment.starts[experiment.selected][index]
    reach = _REACH * abs(own) or 1.0
    axes = {view.x: view.x_range, view.y: view.y_range}
    if view.space is not None:
        axes[view.space.z] = view.space.z_range
    low, high = axes.get(state, (own - reach, own + reach))
    return min(low, value), max(high, value)
