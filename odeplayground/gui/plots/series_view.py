"""The time series: every state of the selected trajectory over time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from odeplayground.gui.plots import sample_points
from odeplayground.gui.plots.cursor_line import CursorLine
from odeplayground.gui.plots.latest import Latest
from odeplayground.gui.plots.markers import Samples
from odeplayground.gui.plots.names import axis_name
from odeplayground.gui.plots.plot import Plot
from odeplayground.gui.plots.polylines import Polylines
from odeplayground.gui.plots.series_scale import value_range
from odeplayground.gui.plots.shading import Shading
from odeplayground.gui.plots.stroke import Stroke, variable_token
from odeplayground.gui.plots.value_marks import ValueMarks
from odeplayground.gui.theme import symbols, variable_dash
from odeplayground.session.scene import Scene, Trajectory
from odeplayground.spec import FieldMode, System
from odeplayground.spec import Samples as SampleData

_LEARNED_DASH = (6.4, 3.5)
_KEY_STEP = 0.01


class SeriesView(Plot):
    """States over time with a cursor at now; a click or a drag asks for another time."""

    seek_requested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, grid=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Time series")
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self._scene: Scene | None = None
        self._samples: SampleData | None = None
        self._time = 0.0
        self._seeking = False
        self._range = Latest(value_range)
        self._along = Latest(_samples_along)
        self._true: list[Polylines] = []
        self._learned: list[Polylines] = []
        self._dots: list[Samples] = []
        self._beyond = Shading(-20.0, "beyond the samples")
        self.add(self._beyond)
        self._cursor = CursorLine(self.box, 20.0)
        self._marks = ValueMarks(self.box, 30.0)
        self.layout_changed.connect(self._place_cursor)

    def set_scene(self, scene: Scene) -> None:
        """Show the selected trajectory of a scene, and the learned one unless the mode is "true"."""
        self._scene = scene
        states = scene.experiment.system.states
        true, learned = self._pair(scene)
        self._grow(len(states))
        both = learned is not None
        for i in range(len(self._true)):
            token, dash = variable_token(i), variable_dash(i)
            self._true[i].set_stroke(Stroke(token, 0.55 if both else 1.0, 1.0 if both else 1.6, dash))
            self._true[i].set_curves(*_curve(true, i))
            self._learned[i].set_stroke(Stroke(token, 1.0, 1.6, _LEARNED_DASH))
            self._learned[i].set_curves(*_curve(learned, i))
        span = scene.experiment.t_span
        values = self._range(*(one.y for one in (true, learned) if one is not None))
        self.set_ranges(span if span[1] > span[0] else (span[0], span[0] + 1.0), values)
        time = axis_name(symbols.symbol("t"), scene.experiment.units.get("t", ""), "text")
        only = axis_name(symbols.symbol(states[0]), scene.experiment.units.get(states[0], ""), variable_token(0))
        self.set_names(time, only if len(states) == 1 else ())
        self._show_samples()
        self._place_cursor()
        self.setAccessibleDescription(f"{', '.join(states)} over time. Arrow keys change the time.")

    def set_samples(self, samples: SampleData | None) -> None:
        """Show measured points along the trajectory, if there are any, and shade what lies beyond them."""
        self._samples = samples
        self._show_samples()

    def set_time(self, time: float) -> None:
        """Move the cursor."""
        if time != self._time:
            self._time = time
            self._place_cursor()

    @property
    def value_texts(self) -> list[str]:
        """The values written beside the cursor."""
        return self._marks.texts

    @property
    def n_samples(self) -> int:
        """How many measured points are drawn for each state."""
        return max((len(item) for item in self._dots), default=0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seeking = event.button() == Qt.MouseButton.LeftButton and self.area.contains(event.position())
        event.accept()
        self._seek(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._seek(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._seeking = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: object) -> None:
        """Nothing to zoom: the whole time span is always in view."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self._scene is None or event.key() not in steps:
            event.ignore()
            return
        (begin, end), _ = self.ranges
        time = self._time + steps[Qt.Key(event.key())] * _KEY_STEP * (end - begin)
        self.seek_requested.emit(min(max(time, begin), end))

    def _seek(self, at: QPointF) -> None:
        if not self._seeking or self._scene is None or not self.mapping.valid:
            return
        (begin, end), _ = self.ranges
        self.seek_requested.emit(min(max(self.mapping.data(at)[0], begin), end))

    @staticmethod
    def _pair(scene: Scene) -> tuple[Trajectory | None, Trajectory | None]:
        index, mode = scene.experiment.selected, scene.experiment.view.mode
        portraits = (scene.true, scene.learned if mode is not FieldMode.TRUE else None)
        true, learned = (
            portrait.trajectories[index] if portrait is not None and 0 <= index < len(portrait.trajectories) else None
            for portrait in portraits
        )
        return true, learned

    def _grow(self, count: int) -> None:
        """Items for more states; those of states that are gone stay, empty."""
        for i in range(len(self._true), count):
            # The first state lies on top, as in the list of states.
            self._true.append(Polylines(Stroke("ink"), 5.0 - 0.01 * i))
            self._learned.append(Polylines(Stroke("ink"), 7.0 - 0.01 * i))
            self._dots.append(Samples(10.0, variable_token(i)))
            for items in (self._true, self._learned, self._dots):
                self.add(items[-1])

    def _show_samples(self) -> None:
        scene = self._scene
        if scene is None:
            return
        states = scene.experiment.system.states
        wanted = self._samples if scene.experiment.view.samples else None
        true = self._pair(scene)[0]
        found = self._along(wanted, scene.experiment.system, true and true.t, true and true.y)
        for i, item in enumerate(self._dots):
            shown = found is not None and i < len(found[1])
            item.set_points(np.stack([found[0], found[1][i]], axis=-1) if shown and found else np.empty((0, 2)))
        end = sample_points.last_time(wanted, states)
        span = scene.experiment.t_span
        self._beyond.begin(end if end is not None and end < span[1] - 0.01 * (span[1] - span[0]) else None)

    def _place_cursor(self) -> None:
        mapping, area = self.mapping, self.area
        (begin, end), _ = self.ranges
        inside = self._scene is not None and mapping.valid and begin <= self._time <= end
        self._cursor.setVisible(inside)
        if not inside or self._scene is None:
            self._marks.set_values(0.0, [], [], area.size())
            return
        x = mapping.sx * self._time + mapping.tx - area.left()
        self._cursor.stand(x, area.height())
        true, learned = self._pair(self._scene)
        now = _state(true, self._time)
        if now is None:
            now = _state(learned, self._time)
        values = [] if now is None else now.tolist()
        heights = [mapping.sy * value + mapping.ty - area.top() for value in values]
        self._marks.set_values(round(x), heights, values, area.size())


def _curve(trajectory: Trajectory | None, i: int) -> tuple[Iterator[np.ndarray], tuple[object, ...]]:
    """The curve of a state over time, not yet computed, and what it is made from."""
    if trajectory is None or i >= len(trajectory.y):
        return iter(()), ()
    t, y = trajectory.t, trajectory.y
    return (np.stack([t, row], axis=-1) for row in y[i : i + 1]), (t, y)


def _samples_along(
    samples: SampleData | None, system: System, t: np.ndarray | None, y: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray] | None:
    curve = None if t is None or y is None else Trajectory(t, y)
    return sample_points.of_trajectory(samples, system.states, curve)


def _state(trajectory: Trajectory | None, time: float) -> np.ndarray | None:
    if trajectory is None or trajectory.has_ended(time):
        return None
    return trajectory.at(time)
