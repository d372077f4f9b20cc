"""Keeps the picture up to date with the document: decides what has to be computed, and merges what was."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from odeplayground.jobs import Body, Runner
from odeplayground.session import request
from odeplayground.session.document import Document
from odeplayground.session.lane import Lane
from odeplayground.session.request import SEARCHES
from odeplayground.session.scene import Portrait, Scene
from odeplayground.session.signal import Signal
from odeplayground.spec import AnySystem, Experiment, FieldMode, Method, SamplePlan, Status, TrainSpec

PORTRAIT, LEARNED = "portrait", "learned"
SEARCH, LEARNED_SEARCH = "search", "learned search"
CHANNELS = (PORTRAIT, LEARNED, SEARCH, LEARNED_SEARCH)

_LABELS = {str(method): method.label for method in Method}
_GRID = (24, 18)
_BREATH = 0.75
_SHARE = 3.0
"""Seconds at least between two pictures of a network in training; and at least so many times as long as one takes."""


class Simulation:
    """Listens to the document and emits scenes.

    Every part of the picture has a key of what it depends on, so that each edit costs only what it changes: moving a
    starting point one trajectory, panning the background and the backward curves, a parameter all, selecting nothing.
    """

    scene_changed = Signal(Scene)
    busy_changed = Signal(bool)

    def __init__(self, document: Document, runner: Runner, clock: Callable[[], float] = time.monotonic) -> None:
        self._document = document
        self._clock = clock
        self._grid = _GRID
        self._true = Lane(runner, PORTRAIT, clock)
        self._learned = Lane(runner, LEARNED, clock)
        self._search = Lane(runner, SEARCH, clock, SEARCHES)
        self._learned_search = Lane(runner, LEARNED_SEARCH, clock, SEARCHES)
        lanes = (self._true, self._learned, self._search, self._learned_search)
        self._lanes = dict(zip(CHANNELS, lanes, strict=True))
        self._live: AnySystem | None = None
        self._stale = False
        self._shown_at = -float("inf")
        self._breath = _BREATH
        self._started = self._busy = self._has_news = self._held_back = False
        self._scene: Scene | None = None
        document.changed.connect(self._on_changed)

    @property
    def scene(self) -> Scene | None:
        """The latest picture."""
        return self._scene

    @property
    def busy(self) -> bool:
        """Whether something is being computed."""
        return self._busy

    def set_grid(self, nx: int, ny: int) -> None:
        """How many arrows there are across and up."""
        if (nx, ny) != self._grid:
            self._grid = (max(2, nx), max(2, ny))
            self._update()

    def refresh(self) -> None:
        """Compute everything anew. Until it is called for the first time, edits and sizes are only taken in."""
        self._started = True
        for lane in self._lanes.values():
            lane.show(None)
        self._update()

    def hide_run(self, stale: bool) -> None:
        """Leave out the document's run, as while other equations than its own are being learned."""
        if stale != self._stale:
            self._stale = stale
            self._update()

    def set_live_field(self, field: AnySystem | None, *, at_once: bool = False) -> None:
        """The network as it is during training; ``None``: the document's run is shown.

        Fields that come faster than pictures can be drawn are skipped; ``at_once`` is for the last one.
        """
        self._live = field
        resting = not self._learned.busy and self._clock() - self._shown_at >= self._breath
        if resting or at_once or field is None:
            self._shown_at = self._clock() if field is not None else self._shown_at
            self._update()

    def handle(self, channel: str, body: Body) -> None:
        """Take in a message of one of ``CHANNELS``. :meth:`publish` shows what it brought."""
        lane = self._lanes[channel]
        was_busy = lane.busy
        is_new = lane.handle(body)
        if lane is self._learned and was_busy and not lane.busy:
            self._breath = max(_BREATH, _SHARE * (self._clock() - self._shown_at))
        self._has_news |= self._is_whole(is_new) if lane is self._learned else is_new
        self._begin_searches()
        self._tell_busy()

    def _is_whole(self, is_new: bool) -> bool:
        """Whether there is something new to draw of the learned field.

        While a network learns, drawing takes what training needs: its pictures come whole then, not part by part.
        """
        self._held_back |= is_new
        if self._live is not None and self._learned.busy:
            return False
        held_back, self._held_back = self._held_back, False
        return held_back

    def publish(self) -> None:
        """Show what the messages since the last time have brought, as one picture: drawing each of them costs more."""
        if self._has_news:
            self._emit()

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        self._update()

    def _update(self) -> None:
        if not self._started:
            return
        experiment = self._document.experiment
        self._true.show(request.of_true(experiment, self._grid))
        field = self._field(experiment)
        self._learned.show(None if field is None else self._of_learned(experiment, field))
        self._begin_searches()
        if self._true.current and self._is_outdated():  # otherwise the curves under way bring the next scene
            self._emit()
        self._tell_busy()

    def _begin_searches(self) -> None:
        """Search for what belongs to the portraits; for the first time when all the rest is there."""
        for lane, search in ((self._true, self._search), (self._learned, self._learned_search)):
            if search.request is not None or not lane.busy:
                search.show(lane.request)

    def _of_learned(self, experiment: Experiment, field: AnySystem) -> request.Request:
        return request.of_learned(experiment, field, self._grid, training=self._live is not None)

    def _field(self, experiment: Experiment) -> AnySystem | None:
        """The learned field that is to be shown, if any."""
        field = self._live or (experiment.run.field if experiment.run and not self._stale else None)
        wanted = experiment.view.mode is not FieldMode.TRUE
        return field if wanted and field is not None and field.states == experiment.system.states else None

    def _is_outdated(self) -> bool:
        scene = self._scene
        if scene is None or self._has_news or (scene.learned is not None) != self._learned.ready:
            return True
        return _drawn(scene.experiment) != _drawn(self._document.experiment)

    def _emit(self) -> None:
        if not self._true.ready:
            return
        self._has_news = False
        learned = self._learned_search.completed(self._learned.portrait()) if self._learned.ready else None
        true = self._search.completed(self._true.portrait())
        self._scene = Scene(
            experiment=self._document.experiment,
            true=true,
            learned=learned,
            error=self._learned.error_map() if learned else None,
            message=self._message(true, learned),
            method=_labels(self._true.methods),
        )
        self.scene_changed.emit(self._scene)

    def _message(self, true: Portrait, learned: Portrait | None) -> str:
        if failure := next((lane.failure for lane in self._lanes.values() if lane.failure), ""):
            return failure
        selected = self._document.experiment.selected
        sentence = _early_end(true, selected)
        if not sentence and learned is not None and (sentence := _early_end(learned, selected)):
            sentence = f"Learned system: {sentence}"
        return sentence

    def _tell_busy(self) -> None:
        busy = any(lane.busy for lane in self._lanes.values())
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)


def _drawn(experiment: Experiment) -> Experiment:
    """An experiment without what no picture of it shows: typing a comment need not draw anything."""
    return msgspec.structs.replace(experiment, text="", plan=SamplePlan(), training=TrainSpec(), run=None)


def _early_end(portrait: Portrait, selected: int) -> str:
    """What happened to a trajectory that stopped early, the selected one first."""
    runs = portrait.trajectories
    order = sorted(range(len(runs)), key=lambda i: i != selected)
    stopped = next((i for i in order if runs[i].status not in (Status.FINISHED, Status.EVENT)), None)
    if stopped is None:
        return ""
    return runs[stopped].message if len(runs) == 1 else f"Trajectory {stopped + 1}: {runs[stopped].message}"


def _labels(methods: tuple[str, ...]) -> str:
    """The methods as people read them, such as "Dormand–Prince 5(4) + Radau (scipy)"."""
    names = [name for method in methods for name in method.split(" + ")]
    return " + ".join(dict.fromkeys(_LABELS[name] for name in names))
