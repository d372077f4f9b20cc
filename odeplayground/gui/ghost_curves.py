"""Draws the trajectory of the snapshot that is compared, dotted, into the portrait and the time series."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.portrait_view import PortraitView
from odeplayground.gui.plots.projection import Projection
from odeplayground.gui.plots.series_view import SeriesView
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.session import Session
from odeplayground.session.scene import Scene, Trajectory

_DOTS = (1.5, 3.5)
_Z = 12.5
"""Below the selected trajectory."""


class GhostCurves(QObject):
    """Nothing is added to a plot before there is something to draw in it."""

    def __init__(self, session: Session, portrait: PortraitView, series: QWidget) -> None:
        super().__init__(portrait)
        self._session = session
        self._portrait = portrait
        self._series = next(iter(series.findChildren(SeriesView)))
        self._layers: WeakKeyDictionary[Plot, dict[int, Polylines]] = WeakKeyDictionary()
        session.ghost.changed.connect(self._show)
        session.simulation.scene_changed.connect(self._scene_changed)

    def _scene_changed(self, scene: Scene) -> None:
        if self._session.ghost.curve is not None or self._layers:
            self._show()

    def _show(self) -> None:
        experiment, curve = self._session.document.experiment, self._session.ghost.curve
        states = experiment.system.states
        if curve is not None and len(curve.y) != len(states):
            curve = None  # that of another system, for a moment
        seen = curve if experiment.view.trajectories else None
        self._draw(self._portrait, 0, "ink", [] if seen is None else [Projection.of(experiment).forward(seen)])
        for lane in self._series.lanes:
            for number, state in enumerate(states):
                there = not lane.log and any(one.row.name == state for one in lane.curves)
                self._draw(lane, number, variable_token(number), _row(curve, number) if there else [])

    def _draw(self, plot: Plot, number: int, token: str, curves: list[np.ndarray]) -> None:
        layers = self._layers.get(plot, {})
        if number not in layers:
            if not curves:
                return
            layers = self._layers.setdefault(plot, {})
            layers[number] = Polylines(Stroke(token, 0.9, 1.5, _DOTS), _Z if token == "ink" else 4.5)
            plot.add(layers[number])
        layers[number].set_curves(curves)


def _row(curve: Trajectory | None, number: int) -> list[np.ndarray]:
    return [] if curve is None else [np.stack([curve.t, curve.y[number]], axis=-1)]
