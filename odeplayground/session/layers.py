"""Which layers of the portrait a system can have."""

from __future__ import annotations

from odeplayground.session import axes
from odeplayground.spec import Experiment, FieldMode, FieldStyle, Layer

_OF_THE_PLANE = (Layer.CYCLES, Layer.BASINS)
_OF_STATES = (Layer.FIELD, Layer.NULLCLINES, Layer.SEPARATRICES, Layer.BASINS)
"""What needs a state on each axis, so that every point of the plane moves in one direction."""


def why_not(experiment: Experiment, layer: Layer) -> str:
    """Why this layer would stay empty; empty if it need not."""
    from odeplayground import dynamics  # loads after the window has been painted

    states = len(experiment.system.states)
    if layer in _OF_STATES and (reason := _why_no_field(experiment)):
        return reason
    if layer is Layer.SEPARATRICES and states != 2:
        return "Separatrices are drawn for systems with two states."
    if layer in _OF_THE_PLANE and states == 1:
        return "With one state nothing can go around, and the equilibria tell where all ends."
    if layer is Layer.SECTION and states == 1:
        return "With one state there is no way around, and so no way back."
    if layer in (*_OF_THE_PLANE, Layer.EQUILIBRIA, Layer.SEPARATRICES) and not dynamics.is_autonomous(
        experiment.system
    ):
        return "The equations depend on the time, so that nothing in the plane stays as it is."
    if experiment.view.mode is FieldMode.ERROR and layer not in (Layer.EQUILIBRIA, Layer.TRAJECTORIES, Layer.SAMPLES):
        return "The map of the error is shown in its place."
    return ""


def _why_no_field(experiment: Experiment) -> str:
    view, states = experiment.view, experiment.system.states
    if view.space is not None:
        return "It belongs to a plane, and this view has three axes."
    if axes.is_plane(view.x, view.y, states) or axes.is_slope_field(view.x, view.y, states):
        return ""
    odd = next((axis for axis in (view.x, view.y) if axis not in states), view.y)
    what = "the time" if odd == axes.TIME else odd
    return f"It needs a state on each axis, and there is {what} on one of them."


def why_not_style(experiment: Experiment, style: FieldStyle) -> str:
    """Why the field cannot be drawn so; empty if it can."""
    if reason := _why_no_field(experiment):
        return reason
    if style is not FieldStyle.ARROWS and len(experiment.system.states) == 1:
        return "With one state the field is drawn as slopes over the time."
    return ""
