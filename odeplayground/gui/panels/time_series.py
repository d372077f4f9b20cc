"""States over time, and their values at the moment that is shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from odeplayground.gui.panel import Panel
from odeplayground.gui.plots.series_view import SeriesView
from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.key import ColorKey, KeyEntry
from odeplayground.gui.widgets.labels import label
from odeplayground.gui.widgets.running_line import RunningLine
from odeplayground.session import Session
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.spec import Experiment, FieldMode

LONGEST_KEY = 4
"""States in the colour key of the header."""


class TimeSeriesPanel(Panel):
    """The selected trajectory over time; click or drag in it to go to a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Time series")
        self._key = ColorKey()
        self.header.add_widget(self._key)
        self.view = SeriesView()
        self.view.setObjectName("series-view")
        self._values = RunningLine()
        self._values.setObjectName("value-line")
        below = QHBoxLayout()
        below.setContentsMargins(16, 2, 16, 8)
        below.addWidget(self._values)
        self.rows.addWidget(self.view, 1)
        self.rows.addLayout(below)
        note = QHBoxLayout()
        note.setContentsMargins(16, 0, 16, 8)
        self._note = label("", 12, 400, "warn")
        self._note.setObjectName("solver-note")
        self._note.setWordWrap(True)
        self._note.hide()
        note.addWidget(self._note)
        self.rows.addLayout(note)
        session.simulation.scene_changed.connect(self._show_scene)
        session.playback.time_changed.connect(self._show_time)
        session.training.state_changed.connect(self._show_samples)
        session.document.changed.connect(self._document_changed)
        self.view.seek_requested.connect(self._seek)
        if session.simulation.scene is not None:
            self._show_scene(session.simulation.scene)
        self._show_samples()

    def _show_scene(self, scene: Scene) -> None:
        self.view.set_scene(scene)
        states = scene.experiment.system.states[:LONGEST_KEY]
        entries = [KeyEntry(name, variable=index) for index, name in enumerate(states)]
        if scene.learned is not None and scene.experiment.view.mode is not FieldMode.TRUE:
            entries.append(KeyEntry("learned", dashed=True))
        self._key.set_entries(entries)
        self._note.setText(scene.message)
        self._note.setVisible(bool(scene.message))
        self._show_time(self.session.playback.time)

    def _document_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if old.view.samples != new.view.samples:
            self._show_samples()

    def _show_samples(self) -> None:
        shown = self.session.document.experiment.view.samples
        self.view.set_samples(self.session.training.samples if shown else None)

    def _show_time(self, time: float) -> None:
        self.view.set_time(time)
        scene = self.session.simulation.scene
        if scene is None or not scene.true.trajectories:
            return
        trajectory = scene.true.trajectories[scene.experiment.selected]
        self._values.set_text(_sentence(scene, trajectory, time))

    def _seek(self, time: float) -> None:
        self.session.playback.pause()
        self.session.playback.seek(time)


def _sentence(scene: Scene, trajectory: Trajectory, time: float) -> str:
    """The values at a time, for example: at t = 5.50 s: θ = −0.73 rad, ω = 3.05 rad/s."""
    units = scene.experiment.units
    moment = f"{symbols.symbol('t')} = {symbols.number(time)} {units.get('t', '')}".rstrip()
    if trajectory.has_ended(time):
        return f"{moment}: the solution ends before"
    state = trajectory.at(time)
    parts = [
        f"{symbols.symbol(name)} = {symbols.significant(float(value))} {units.get(name, '')}".rstrip()
        for name, value in zip(scene.experiment.system.states, np.asarray(state), strict=True)
    ]
    return f"{moment}:  " + ",  ".join(parts)
