"""Which thing of the portrait is meant by a pixel, and what is to be said of it."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from odeplayground.gui.plots import equilibrium_finder, explanations
from odeplayground.gui.plots.explanations import Explanation
from odeplayground.gui.plots.field_layers import FieldLayers
from odeplayground.gui.plots.hints import visible_marks
from odeplayground.gui.plots.portrait_mouse import GRAB, NEAR, Target
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.screen import Mapping
from odeplayground.session.scene import CycleMark, Scene
from odeplayground.spec import FieldMode

Both = tuple[FieldLayers, FieldLayers]
"""The layers of the true field and of the learned one."""


def cycle_at(layers: Both, mapping: Mapping, at: QPointF) -> tuple[CycleMark, bool] | None:
    """The limit cycle at a pixel, and whether it is one of the learned field."""
    for learned, field in enumerate(layers):
        if (mark := field.cycle_at(mapping, at.x(), at.y(), NEAR)) is not None:
            return mark, bool(learned)
    return None


def explain(
    scene: Scene, projection: Projection, layers: Both, mapping: Mapping, target: Target, at: QPointF
) -> Explanation:
    """The most special thing at a pixel: an equilibrium, a cycle, a trajectory, another curve, or the place itself.

    ``target`` is what the mouse would grab there.
    """
    states = projection.states
    true, learned = equilibrium_finder.at_pixel(mapping, at, *visible_marks(scene), GRAB) or (None, None)
    if true is not None:
        return explanations.equilibrium(true, states)
    if learned is not None:
        return explanations.equilibrium(learned, states, learned=True)
    if (cycle := cycle_at(layers, mapping, at)) is not None:
        return explanations.cycle(*cycle)
    if 0 <= target.index < len(scene.experiment.starts):
        learned_only = scene.experiment.view.mode is FieldMode.LEARNED
        return explanations.trajectory(target.index, states, scene.experiment.starts[target.index], learned_only)
    return _curve(layers, mapping, at) or _place(scene, projection, mapping, at)


def _curve(layers: Both, mapping: Mapping, at: QPointF) -> Explanation | None:
    for field in layers:
        if field.separatrices.hit(mapping, at.x(), at.y(), NEAR) is not None:
            return explanations.separatrix()
        if (state := field.nullcline_at(mapping, at.x(), at.y(), NEAR)) is not None:
            return explanations.nullcline(state)
    return None


def _place(scene: Scene, projection: Projection, mapping: Mapping, at: QPointF) -> Explanation:
    view = scene.experiment.view
    portrait = scene.learned if view.mode is FieldMode.LEARNED and scene.learned is not None else scene.true
    basins = portrait.basins if view.basins and view.mode is not FieldMode.ERROR else None
    return explanations.place((projection.x, projection.y), mapping.data(at), basins)
