"""Keeps the picture up to date with the document: decides what has to be computed, and merges what was."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import msgspec

from odeplayground.jobs import Body, Runner
from odeplayground.session import request
from odeplayground.session.document import Document
from odeplayground.session.lanes import Lanes
from odeplayground.session.scene import Portrait, Scene
from odeplayground.session.signal import Signal
from odeplayground.spec import AnySystem, Experiment, FieldMode, Method, SamplePlan, Status, TrainSpec

TRUE_CHANNELS = "portrait", "background", "search"
LEARNED_CHANNELS = "learned", "learned background", "learned search"
CHANNELS = TRUE_CHANNELS + LEARNED_CHANNELS

_LABELS = {str(method): method.label for method in Method}
PATIENCE = 0.008
"""Seconds that the window waits for curves, if they take no longer."""
_HURRY = 0.1
"""Seconds since the last edit that moved curves during which they are being dragged."""
_GATHERED = 0.016
"""Seconds that news wait for what is about to follow them: every picture is to be painted."""
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
    awaited = Signal()
    """Curves are under way that will be there within milliseconds: see :meth:`meet`."""

    def __init__(self, document: Document, runner: Runner, clock: Callable[[], float] = time.monotonic) -> None:
        self._document = document
        self._runner = runner
        self._clock = clock
        self._grid = _GRID
        self._true = Lanes(runner, TRUE_CHANNELS, clock)
        self._learned = Lanes(runner, LEARNED_CHANNELS, clock)
        self._live: AnySystem | None = None
        self._stale = False
        self._shown_at = self._asked_at = -math.inf
        self._news_since = math.inf
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

    @property
    def hurried(self) -> bool:
        """Whether curves are being dragged: what can wait should."""
        return self._clock() - self._asked_at < _HURRY

    def set_grid(self, nx: int, ny: int) -> None:
        """How many arrows there are across and up."""
        if (nx, ny) != self._grid:
            self._grid = (max(2, nx), max(2, ny))
            self._update()

    def refresh(self) -> None:
        """Compute everything anew. Until it is called for the first time, edits and sizes are only taken in."""
        self._started = True
        for lanes in (self._true, self._learned):
            lanes.show(None)
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
        resting = not self._learned.drawing and self._clock() - self._shown_at >= self._breath
        if resting or at_once or field is None:
            self._shown_at = self._clock() if field is not None else self._shown_at
            self._update()

    def handle(self, channel: str, body: Body) -> None:
        """Take in a message of one of ``CHANNELS``. :meth:`publish` shows what it brought."""
        if channel in TRUE_CHANNELS:
            self._has_news |= self._true.handle(channel, body)
        else:
            self._handle_learned(channel, body)
        self._tell_busy()

    def _handle_learned(self, channel: str, body: Body) -> None:
        """While a network learns, drawing takes what training needs: its pictures come whole then, not in parts."""
        was_drawing = self._learned.drawing
        self._held_back |= self._learned.handle(channel, body)
        if was_drawing and not self._learned.drawing:
            self._breath = max(_BREATH, _SHARE * (self._clock() - self._shown_at))
        if self._live is None or not self._learned.drawing:
            self._has_news |= self._held_back
            self._held_back = False

    def meet(self) -> None:
        """Wait for the curves under way, a few milliseconds at most, and show them.

        In the thread of the window, during a drag: what is computed so quickly would otherwise take several times as
        long to come around through messages, while other threads and paintings get in between.
        """
        deadline = time.perf_counter() + PATIENCE
        curves = TRUE_CHANNELS[0]
        while self._true.drawing_curves and (left := deadline - time.perf_counter()) > 0:
            for message in self._runner.take(curves, left):
                self.handle(curves, message.body)
        if self._has_news:
            self._emit()

    def publish(self) -> None:
        """Show what the messages since the last time have brought, as one picture: drawing each of them costs more.

        What ends within a moment is waited for; its messages bring the call again.
        """
        if not self._has_news:
            self._news_since = math.inf
            return
        now = self._clock()
        self._news_since = min(self._news_since, now)
        if self._true.due() > PATIENCE or now - self._news_since >= _GATHERED:
            self._emit()

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        self._update()
        if self._true.drawing_curves:
            self._asked_at = self._clock()

    def _update(self) -> None:
        if not self._started:
            return
        experiment = self._document.experiment
        self._true.show(request.of_true(experiment, self._grid))
        field = self.learned_field(experiment)
        self._learned.show(None if field is None else self._of_learned(experiment, field))
        if self._true.current and self._is_outdated():  # otherwise the curves under way bring the next scene
            self._emit()
        if self._live is None and self._true.drawing_curves and self._true.curves_due() < PATIENCE:
            self.awaited.emit()
        self._tell_busy()

    def _of_learned(self, experiment: Experiment, field: AnySystem) -> request.Request:
        return request.of_learned(experiment, field, self._grid, training=self._live is not None)

    @property
    def is_live(self) -> bool:
        """Whether a network that is being trained is shown."""
        return self._live is not None

    def learned_field(self, experiment: Experiment) -> AnySystem | None:
        """The learned field that is to be shown in any of the views, if there is one."""
        field = self._live or (experiment.run.field if experiment.run and not self._stale else None)
        wanted = any(view.mode is not FieldMode.TRUE for view in (experiment.view, *experiment.beside))
        return field if wanted and field is not None and field.states == experiment.system.states else None

    def _is_outdated(self) -> bool:
        scene = self._scene
        if scene is None or self._has_news or (scene.learned is not None) != self._learned.ready:
            return True
        return _drawn(scene.experiment) != _drawn(self._document.experiment)

    def _emit(self) -> None:
        if not self._true.ready:
            return
        self._has_news, self._news_since = False, math.inf
        learned = self._learned.portrait() if self._learned.ready else None
        true = self._true.portrait()
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
        if failure := self._true.failure or self._learned.failure:
            return failure
        selected = self._document.experiment.selected
        sentence = _early_end(true, selected)
        if not sentence and learned is not None and (sentence := _early_end(learned, selected)):
            sentence = f"Learned system: {sentence}"
        return sentence

    def _tell_busy(self) -> None:
        busy = self._true.busy or self._learned.busy
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
