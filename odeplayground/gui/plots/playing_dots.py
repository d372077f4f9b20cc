"""The dots that run along the selected trajectory."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtWidgets import QGraphicsItem

from odeplayground.gui.plots.markers import Dot
from odeplayground.gui.plots.projection import Projection
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.spec import FieldMode

_NOWHERE = (math.nan, math.nan)


class PlayingDots:
    """One dot for the true trajectory and a violet one for the learned; moving them costs next to nothing."""

    def __init__(self, add: Callable[[QGraphicsItem], None]) -> None:
        self._learned = Dot(40.0, "learned", 5.0)
        self._true = Dot(41.0, "accent", 5.5, glow=11.0)
        add(self._learned)
        add(self._true)
        self.place(None, Projection("", "", ()), 0.0)

    def place(self, scene: Scene | None, projection: Projection, time: float) -> None:
        """Move both to a time; they are gone where their trajectory is not shown or has ended."""
        mode = scene.experiment.view.mode if scene is not None else FieldMode.TRUE
        true = _selected(scene, learned=False) if mode is not FieldMode.LEARNED else None
        learned = _selected(scene, learned=True) if mode in (FieldMode.LEARNED, FieldMode.BOTH) else None
        self._true.set_fill("accent" if mode is FieldMode.TRUE else "ink")
        self._true.place(*_now(true, projection, time))
        self._learned.place(*_now(learned, projection, time))


def selected_runs(scene: Scene) -> list[tuple[Trajectory, str]]:
    """The selected trajectories that are shown, the learned one first, with the tokens of their dots."""
    mode = scene.experiment.view.mode
    learned = _selected(scene, learned=True) if mode in (FieldMode.LEARNED, FieldMode.BOTH) else None
    true = _selected(scene, learned=False) if mode is not FieldMode.LEARNED else None
    pairs = ((learned, "learned"), (true, "accent" if mode is FieldMode.TRUE else "ink"))
    return [(run, token) for run, token in pairs if run is not None]


def _now(trajectory: Trajectory | None, projection: Projection, time: float) -> tuple[float, float]:
    if trajectory is None or trajectory.has_ended(time):
        return _NOWHERE
    return projection.pair(time, trajectory.at(time))


def _selected(scene: Scene | None, learned: bool) -> Trajectory | None:
    portrait = None if scene is None else scene.learned if learned else scene.true
    if scene is None or portrait is None or not scene.experiment.view.trajectories:
        return None
    index = scene.experiment.selected
    return portrait.trajectories[index] if 0 <= index < len(portrait.trajectories) else None
