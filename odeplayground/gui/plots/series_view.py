"""The time series: the rows of the selected trajectory over time, in lanes that share the time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from odeplayground.gui.plots import sample_points
from odeplayground.gui.plots.latest import Latest
from odeplayground.gui.plots.screen import Floats
from odeplayground.gui.plots.series_lane import Curve, SeriesLane
from odeplayground.session import series, series_edits
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.session.series import Row
from odeplayground.spec import FieldMode, Samples, System

_LOOKS = 200
MOST_LANES = 6
"""More would be too flat; the rows beyond share the last one."""


class SeriesView(QWidget):
    """Lanes below each other with one cursor at now. A click or a drag asks for another time, the wheel for a part."""

    seek_requested = Signal(float)
    range_requested = Signal(float, float)
    whole_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._samples: Samples | None = None
        self._time = 0.0
        self._along = Latest(_samples_along)
        self._drawn: tuple[Row, ...] = ()
        self._groups: list[list[int]] = []
        self._aligning = False
        self.note = ""
        """What a logarithmic axis leaves out, in a sentence; empty if nothing."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._lanes: list[SeriesLane] = []
        self._make_lane()
        self.setFocusProxy(self._lanes[0])

    @property
    def lanes(self) -> list[SeriesLane]:
        """Those that are shown, from top to bottom."""
        return self._lanes[: max(1, len(self._groups))]

    @property
    def value_texts(self) -> list[str]:
        """The values written beside the cursor."""
        return [text for lane in self.lanes for text in lane.value_texts]

    def set_scene(self, scene: Scene) -> None:
        """Show the selected trajectory of a scene, and the learned one unless the mode is "true"."""
        old, self._scene = self._scene, scene
        if old is not None and _looks_like(old, scene):
            if old.experiment.view.samples != scene.experiment.view.samples:
                self._show_samples()
            return  # the second scene of a move brings the background of the portrait alone
        self._show(scene, *_pair(scene))
        self._show_samples()
        states = ", ".join(row.name for row in self._drawn)
        for lane in self.lanes:
            lane.setAccessibleDescription(
                f"{states} over time. Arrow keys change the time, plus and minus zoom, with Shift arrows move along."
            )
        self._place_now()

    def set_samples(self, samples: Samples | None) -> None:
        """Show measured points along the trajectory, if there are any, and shade what lies beyond them."""
        self._samples = samples
        self._show_samples()

    def set_time(self, time: float) -> None:
        """Move the cursor."""
        if time != self._time:
            self._time = time
            self._place_now()

    def _place_now(self) -> None:
        if self._scene is None:
            return
        values = self._values_now(self._scene)
        for lane, group in zip(self.lanes, self._groups, strict=False):
            lane.set_now(self._time, [values[i] for i in group])

    def _values_now(self, scene: Scene) -> list[float]:
        """One per row; where the true solution has ended, those of the learned one."""
        for trajectory in _pair(scene):
            if trajectory is not None and not trajectory.has_ended(self._time):
                return series.values_at(scene.experiment, self._drawn, trajectory, self._time)
        return [float("nan")] * len(self._drawn)

    def _show(self, scene: Scene, true: Trajectory | None, learned: Trajectory | None) -> None:
        experiment = scene.experiment
        self._drawn = series.shown(experiment)
        counts: list[int] = []
        curves = []
        for row in self._drawn:
            points, missing = _points(scene, row, true)
            counts.append(missing)
            curves.append(Curve(row, points, _points(scene, row, learned)[0]))
        total = 0 if true is None else true.t.size
        self.note = series.left_out([row.name for row in self._drawn], counts, total)
        groups = series.lanes(experiment, self._drawn, [_size(curve) for curve in curves], self._groups)
        self._groups = _at_most(groups, self._drawn)
        while len(self._lanes) < len(self._groups):
            self._make_lane()
        span, part = experiment.t_span, series_edits.t_range(experiment)
        for i, lane in enumerate(self._lanes):
            lane.setVisible(i < max(1, len(self._groups)))
            if i < len(self._groups):
                lane.set_curves([curves[k] for k in self._groups[i]], span, part)
                lane.set_last(i == len(self._groups) - 1, experiment.units.get("t", ""))
        self._align()

    def _show_samples(self) -> None:
        scene = self._scene
        if scene is None:
            return
        states, span = scene.experiment.system.states, scene.experiment.t_span
        wanted = self._samples if scene.experiment.view.samples else None
        true = _pair(scene)[0]
        found = self._along(wanted, scene.experiment.system, true and true.t, true and true.y)
        end = sample_points.last_time(wanted, states)
        beyond = end if end is not None and end < span[1] - 0.01 * (span[1] - span[0]) else None
        for lane in self.lanes:
            points = {}
            if found is not None:
                rows = (series.on_log_axis(row)[0] if lane.log else row for row in found[1])
                points = {name: np.stack([found[0], row], axis=-1) for name, row in zip(states, rows, strict=True)}
            lane.set_samples(points, beyond)

    def _make_lane(self) -> None:
        lane = SeriesLane()
        lane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        lane.seek_requested.connect(self.seek_requested)
        lane.range_requested.connect(self.range_requested)
        lane.whole_requested.connect(self.whole_requested)
        lane.width_wanted.connect(self._align)
        self._lanes.append(lane)
        self._column.addWidget(lane, 1)

    def _align(self) -> None:
        """Give the left axes of all lanes the width of the widest, or the times would not stand below each other."""
        if self._aligning:
            return
        self._aligning = True
        axes = [lane.axes["left"] for lane in self.lanes]
        axes[0].take_width(max(axis.wanted_width() for axis in axes))
        for axis in axes[1:]:
            if axis.fixedWidth != axes[0].fixedWidth:
                axis.setWidth(axes[0].fixedWidth)
        self._aligning = False


def _pair(scene: Scene) -> tuple[Trajectory | None, Trajectory | None]:
    index, mode = scene.experiment.selected, scene.experiment.view.mode
    portraits = (scene.true, scene.learned if mode is not FieldMode.TRUE else None)
    true, learned = (
        portrait.trajectories[index] if portrait is not None and 0 <= index < len(portrait.trajectories) else None
        for portrait in portraits
    )
    return true, learned


def _looks_like(one: Scene, other: Scene) -> bool:
    """Whether two scenes differ only in what is not drawn here; most of a new one is often that of the one before."""
    same_curves = all(a is b for a, b in zip(_pair(one), _pair(other), strict=True))
    return same_curves and _drawn_of(one) == _drawn_of(other)


def _drawn_of(scene: Scene) -> tuple[object, ...]:
    """What has an influence on the curves, besides the trajectories."""
    experiment = scene.experiment
    typed = experiment.values if experiment.series.expressions else None
    return experiment.series, experiment.system, experiment.units, experiment.t_span, typed


def _samples_along(
    samples: Samples | None, system: System, t: Floats | None, y: Floats | None
) -> tuple[Floats, Floats] | None:
    curve = None if t is None or y is None else Trajectory(t, y)
    return sample_points.of_trajectory(samples, system.states, curve)


def _points(scene: Scene, row: Row, trajectory: Trajectory | None) -> tuple[Floats | None, int]:
    """A row along a trajectory, (k, 2), and how many values its axis cannot show."""
    if trajectory is None or trajectory.y.shape[0] != len(scene.experiment.system.states):
        return None, 0
    numbers = series.values(scene.experiment, row, trajectory.t, trajectory.y)
    missing = 0
    if row.log:
        numbers, missing = series.on_log_axis(numbers)
    return np.stack([trajectory.t, numbers], axis=-1), missing


def _size(curve: Curve) -> float:
    """How far a curve goes from zero, but for what runs away at its end. A part of its points tells."""
    if curve.true is None:
        return 0.0
    some = np.abs(curve.true[:: max(1, len(curve.true) // _LOOKS), 1])
    finite = np.sort(some[np.isfinite(some)])
    return float(finite[int(0.98 * (finite.size - 1))]) if finite.size else 0.0


def _at_most(groups: Sequence[list[int]], rows: tuple[Row, ...]) -> list[list[int]]:
    """No more lanes than can be read; those of another kind of axis cannot be put together."""
    found = [list(group) for group in groups]
    while len(found) > MOST_LANES:
        last = found.pop()
        same = next((group for group in reversed(found) if rows[group[0]].log is rows[last[0]].log), None)
        if same is None:
            return [*found, last]
        same += last
    return found
