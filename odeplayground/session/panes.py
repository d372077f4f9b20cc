"""The further views beside the portrait: each has its own axes and background, and shares the trajectories."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import numpy as np

from odeplayground.jobs import Body, Runner
from odeplayground.session import request, view_edits
from odeplayground.session.document import Document
from odeplayground.session.lanes import Lanes
from odeplayground.session.request import Request
from odeplayground.session.scene import Floats, Portrait, Scene
from odeplayground.session.signal import Signal
from odeplayground.session.simulation import Simulation
from odeplayground.spec import Experiment, FieldMode

NUMBERS = range(1, view_edits.MOST_VIEWS)
_GRID = (16, 14)


def _channels(number: int, whose: str) -> tuple[str, str, str]:
    return f"{whose} view {number}", f"{whose} background {number}", f"{whose} search {number}"


CHANNELS = {
    channel: number for number in NUMBERS for whose in ("true", "learned") for channel in _channels(number, whose)
}
"""Every channel with the number of its view."""


class Panes:
    """Listens to the document and to the simulation, and emits a scene per further view.

    The experiment of such a scene has the view's own axes and layers in the place of the first one's, so that who
    draws it need not know that there are several.
    """

    scene_changed = Signal(int, Scene)
    pointed = Signal(object)
    """The state (n_states,) that is under the mouse in one of the views; ``None``: none is."""

    def __init__(
        self,
        document: Document,
        simulation: Simulation,
        runner: Runner,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._document = document
        self._simulation = simulation
        self._panes = {number: _Pane(runner, number, clock) for number in NUMBERS}
        self._started = False
        document.changed.connect(self._on_changed)
        simulation.scene_changed.connect(self._on_scene)

    def refresh(self) -> None:
        """Begin to compute."""
        self._started = True
        self._update()

    def scene(self, number: int) -> Scene | None:
        """The latest picture of the view with this number, 0 for the portrait itself."""
        return self._simulation.scene if number == 0 else self._panes[number].scene

    @property
    def busy(self) -> bool:
        """Whether a background is under way."""
        return any(pane.true.busy or pane.learned.busy for pane in self._panes.values())

    def set_grid(self, number: int, nx: int, ny: int) -> None:
        """How many arrows there are across and up in a view."""
        if number == 0:
            self._simulation.set_grid(nx, ny)
        elif (nx, ny) != self._panes[number].grid:
            self._panes[number].grid = (max(2, nx), max(2, ny))
            self._update()

    def handle(self, channel: str, body: Body) -> None:
        """Take in a message of one of ``CHANNELS``. :meth:`publish` shows what it brought."""
        self._panes[CHANNELS[channel]].handle(channel, body)

    def publish(self) -> None:
        """Show what the messages since the last time have brought."""
        for number, pane in self._panes.items():
            if pane.has_news:
                self._emit(number)

    def _on_changed(self, old: Experiment, new: Experiment, label: str) -> None:
        if new.beside or old.beside:
            self._update()

    def _on_scene(self, scene: Scene) -> None:
        if scene.experiment.beside:
            self._update()  # a network in training is no part of the document
        for number in range(1, view_edits.count(scene.experiment)):
            self._emit(number)

    def _update(self) -> None:
        if not self._started:
            return
        experiment = self._document.experiment
        for number, pane in self._panes.items():
            if number < view_edits.count(experiment):
                self._show(pane, view_edits.seen(experiment, number))
            else:
                pane.forget()

    def _show(self, pane: _Pane, seen: Experiment) -> None:
        pane.true.show(_without_curves(request.of_true(seen, pane.grid)))
        field = self._simulation.learned_field(seen)
        if field is None or seen.view.mode is FieldMode.TRUE:
            pane.learned.show(None)
            return
        training = self._simulation.is_live
        pane.learned.show(_without_curves(request.of_learned(seen, field, pane.grid, training=training)))

    def _emit(self, number: int) -> None:
        pane, whole = self._panes[number], self._simulation.scene
        if whole is None or number >= view_edits.count(whole.experiment):
            return
        pane.has_news = False
        experiment = view_edits.seen(whole.experiment, number)
        if pane.true.request is None or pane.true.request.states != experiment.system.states:
            return
        learned = None
        if whole.learned is not None and pane.learned.request is not None:
            learned = _with_curves(pane.learned.portrait(), whole.learned)
        pane.scene = Scene(
            experiment=experiment,
            true=_with_curves(pane.true.portrait(), whole.true),
            learned=learned,
            error=pane.learned.error_map() if learned is not None else None,
            message=whole.message,
            method=whole.method,
        )
        self.scene_changed.emit(number, pane.scene)


class _Pane:
    """What is computed for one view, and its latest picture."""

    def __init__(self, runner: Runner, number: int, clock: Callable[[], float]) -> None:
        self._true_channels = _channels(number, "true")
        self.true = Lanes(runner, self._true_channels, clock)
        self.learned = Lanes(runner, _channels(number, "learned"), clock)
        self.grid = _GRID
        self.scene: Scene | None = None
        self.has_news = False

    def handle(self, channel: str, body: Body) -> None:
        lanes = self.true if channel in self._true_channels else self.learned
        self.has_news |= lanes.handle(channel, body)

    def forget(self) -> None:
        self.true.show(None)
        self.learned.show(None)
        self.scene, self.has_news = None, False


def _without_curves(whole: Request) -> Request:
    return msgspec.structs.replace(whole, starts=(), selected=0)


def _with_curves(background: Portrait, whole: Portrait) -> Portrait:
    """A background with the trajectories of another portrait of the same field."""
    return msgspec.structs.replace(background, trajectories=whole.trajectories)


def nearest(portrait: Portrait, index: int, pixels: Callable[[Floats, Floats], Floats], at: Floats) -> Floats | None:
    """The state (n_states,) of a trajectory that is drawn nearest to a place (2,); ``pixels`` draws it."""
    if not 0 <= index < len(portrait.trajectories):
        return None
    run = portrait.trajectories[index]
    y = np.concatenate((run.y, run.back_y), axis=1) if run.back_t.size else run.y
    t = np.concatenate((run.t, run.back_t)) if run.back_t.size else run.t
    with np.errstate(all="ignore"):
        away = np.hypot(*(pixels(t, y) - at).T)
    if not np.isfinite(away).any():
        return None
    state: Floats = y[:, int(np.nanargmin(away))]
    return state
