"""What is measured in the real window while a hand drags a slider of each preset."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from odeplayground.gui.widgets.slider import Slider
from odeplayground.storage import presets
from tests.benchmarks.clock import percentile
from tests.benchmarks.in_window import real_window, rest, wait

SIZE = (1280, 800)
EVERY = 12
"""Milliseconds between two pixels that the hand moves."""
SECONDS = 2.0
BEAT = 2
"""Milliseconds between two looks whether the window's thread is awake."""
PATIENCE = 20.0
"""Seconds until a preset is drawn at the latest."""


class Beats(QObject):
    """The longest time between two turns of the event loop: by the clock, and of the thread's own work."""

    def __init__(self) -> None:
        super().__init__()
        self.block = self.work = 0.0
        self._clock, self._used = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._timer.start(BEAT)

    def restart(self) -> None:
        """Forget what was measured."""
        self._look()
        self.block = self.work = 0.0

    def _look(self) -> None:
        clock, used = time.perf_counter(), time.thread_time()
        self.block = max(self.block, 1e3 * (clock - self._clock))
        self.work = max(self.work, 1e3 * (used - self._used))
        self._clock, self._used = clock, used


class Hand(QObject):
    """Moves the mouse by one pixel at a time, there and back."""

    def __init__(self, slider: Slider) -> None:
        super().__init__()
        self._slider, self._step = slider, 1
        self._handle = slider.window().windowHandle()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._move)

    def take(self) -> None:
        """Press where the handle is, and begin to move."""
        slider = self._slider
        self._x = round(8 + slider.scale.fraction(slider.value) * (slider.width() - 16))
        QTest.mousePress(self._handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._place())
        self._timer.start(EVERY)

    def let_go(self) -> None:
        """Release the button."""
        self._timer.stop()
        QTest.mouseRelease(self._handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._place())

    def _move(self) -> None:
        if not 10 < self._x + self._step < self._slider.width() - 10:
            self._step = -self._step
        self._x += self._step
        QTest.mouseMove(self._handle, self._place())

    def _place(self) -> QPoint:
        return self._slider.mapTo(self._slider.window(), QPoint(self._x, self._slider.height() // 2))


def dragged(names: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """For each preset with a parameter: the gap between two pictures with new curves that 95 % of them keep, how many
    there were, the longest block of the window's thread and its longest work in one turn (milliseconds).
    """
    pictures = _watch_pictures()
    window = real_window()
    window.resize(*SIZE)
    beats = Beats()
    found = {}
    for name in names or presets.presets():
        window.session.open_preset(name)
        wait(lambda: not window.session.simulation.busy, PATIENCE)
        sliders = [slider for slider in window.findChildren(Slider) if slider.objectName()[:7] == "slider-"]
        if not sliders:
            continue
        rest(0.3)
        hand = Hand(sliders[0])
        hand.take()
        rest(0.2)
        pictures.clear()
        beats.restart()
        rest(SECONDS)
        moments = [*pictures]
        found[name] = {"block": beats.block, "work": beats.work, "pictures": len(moments), "gap": _gap(moments)}
        hand.let_go()
    window.close()
    return found


def _gap(moments: list[float]) -> float:
    gaps = [1e3 * (b - a) for a, b in pairwise(moments)]
    return percentile(gaps, 0.95) if gaps else 1e3 * SECONDS


def _watch_pictures() -> list[float]:
    """The moments at which a portrait with other values of the parameters than before has been painted.

    To be called before there is a window.
    """
    from odeplayground.gui.plots import PortraitView

    moments: list[float] = []
    last, fresh = [{}], [False]
    paint, show = PortraitView.paintEvent, PortraitView.set_scene

    def painted(view: Any, event: Any) -> None:
        paint(view, event)
        if fresh[0]:
            fresh[0] = False
            moments.append(time.perf_counter())

    def shown(view: Any, scene: Any) -> None:
        if scene.experiment.parameters != last[0]:
            last[0], fresh[0] = scene.experiment.parameters, True
        show(view, scene)

    PortraitView.paintEvent, PortraitView.set_scene = painted, shown
    return moments
