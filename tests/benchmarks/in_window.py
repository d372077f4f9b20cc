"""What is measured inside a process with the real window; each function returns plain numbers."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from odeplayground.session import edits
from odeplayground.spec import Epoch, Experiment
from tests.benchmarks.clock import percentile

FRAME = 16
SECONDS = 6.0
DRAGS = 60
VIEW = (900, 700)
CURVES = 60


class Gaps:
    """Times between the ticks of a timer that should tick every 16 ms, in milliseconds."""

    def __init__(self) -> None:
        self._last = 0.0
        self.values: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(FRAME)

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._last:
            self.values.append(1e3 * (now - self._last))
        self._last = now

    def restart(self) -> None:
        """Forget what was measured."""
        self._last, self.values = 0.0, []


def wait(condition: Callable[[], bool], seconds: float) -> float:
    """Run the event loop until something holds; how long it took.

    Raises:
        TimeoutError: it did not come to hold in time.
    """
    begin = time.perf_counter()
    loop, poll = QEventLoop(), QTimer()
    poll.timeout.connect(lambda: loop.quit() if condition() or time.perf_counter() - begin > seconds else None)
    poll.start(5)
    loop.exec()
    poll.stop()
    if not condition():
        raise TimeoutError("The window did not get there in time.")
    return time.perf_counter() - begin


def rest(seconds: float) -> None:
    """Run the event loop for a while, without looking at anything in between."""
    loop = QEventLoop()
    QTimer.singleShot(round(1e3 * seconds), loop.quit)
    loop.exec()


def training() -> dict[str, float]:
    """The window while a training runs: gaps of the timer, and how fast pausing and stopping take hold."""
    window = real_window()
    session = window.session
    times: list[float] = []
    session.training.event.connect(lambda event: times.append(time.perf_counter()) if _is_epoch(event) else None)
    session.document.apply(_long(session.document.experiment), "Settings")
    gaps = Gaps()
    session.training.start()
    wait(lambda: len(times) > 2, 60.0)
    start_up = max(gaps.values)
    gaps.restart()
    used = time.thread_time()
    rest(SECONDS)
    used = time.thread_time() - used
    measured = list(gaps.values)

    pause = _latency(session.training.pause, lambda: str(session.training.status) == "paused", times)
    session.training.resume()
    heard = len(times)
    wait(lambda: len(times) > heard, 20.0)
    stop = _latency(session.training.stop, lambda: str(session.training.status) in ("stopped", "finished"), times)
    rest(0.5)
    window.close()
    return {
        "gap": percentile(measured, 0.95),
        "worst": max(measured),
        "start_up": start_up,
        "pause": pause,
        "stop": stop,
        "epochs": len(times),
        "used": used / SECONDS,
    }


def _is_epoch(event: Any) -> bool:
    return isinstance(event, Epoch)


def _latency(act: Callable[[], None], holds: Callable[[], bool], times: list[float]) -> float:
    """Milliseconds from asking until it holds and no further epoch arrives."""
    begin = time.perf_counter()
    act()
    held = wait(holds, 20.0)
    rest(0.6)
    return 1e3 * max(held, *(moment - begin for moment in times[-3:]))


def _long(experiment: Experiment) -> Experiment:
    """A training that does not end while it is looked at."""
    return edits.set_training(experiment, msgspec.structs.replace(experiment.training, epochs=100_000))


def bare_training() -> dict[str, float]:
    """The peer: a bare pyqtgraph window whose thread trains with torchdiffeq and sends every loss to a plot."""
    import pyqtgraph

    from tests.benchmarks.gradients import iteration, pendulum

    app = QApplication.instance() or QApplication([])
    window, plot = QMainWindow(), pyqtgraph.PlotWidget()
    window.setCentralWidget(plot)
    window.resize(1280, 800)
    window.show()
    curve, losses, done = plot.plot(), [0.0], threading.Event()

    def train() -> None:
        import torch
        import torchdiffeq

        torch.set_num_threads(1)
        step = iteration(pendulum(), torchdiffeq.odeint_adjoint)
        while not done.is_set():
            step()
            losses.append(math.sin(len(losses)))

    redraw = QTimer()
    redraw.timeout.connect(lambda: curve.setData(losses))
    redraw.start(33)
    thread = threading.Thread(target=train, daemon=True)
    gaps = Gaps()
    thread.start()
    wait(lambda: len(losses) > 3, 120.0)
    gaps.restart()
    rest(SECONDS)
    measured = list(gaps.values)
    done.set()
    thread.join()
    window.close()
    app.quit()
    return {"gap": percentile(measured, 0.95), "worst": max(measured)}


def playing() -> dict[str, float]:
    """Milliseconds of processor time that a frame of the playback takes in the window's thread, painting included."""
    window = real_window()
    rest(1.0)
    moments: list[float] = []
    window.session.playback.time_changed.connect(moments.append)
    window.session.playback.play()
    used = time.thread_time()
    rest(SECONDS)
    used = time.thread_time() - used
    window.close()
    return {"frame": 1e3 * used / len(moments), "frames": len(moments)}


def _watch_painting() -> list[float]:
    """The moments at which a portrait has been painted, from now on. To be called before there is a window."""
    from odeplayground.gui.plots import PortraitView

    moments: list[float] = []
    original = PortraitView.paintEvent

    def paint(view: Any, event: Any) -> None:
        original(view, event)
        moments.append(time.perf_counter())

    PortraitView.paintEvent = paint
    return moments


def dragging() -> dict[str, float]:
    """Milliseconds from a new value of a slider to the new scene and to its finished painting.

    Also what scipy needs for the same curves.
    """
    return _dragging(0)


def dragging_few() -> dict[str, float]:
    """The same with 60 starting points."""
    return _dragging(60)


def dragging_many() -> dict[str, float]:
    """The same with 400 starting points."""
    return _dragging(400)


def _dragging(count: int) -> dict[str, float]:
    """With so many starting points in a view of a fixed size; 0: the preset's own, in the window's size."""
    painted = _watch_painting()
    window = real_window()
    session = window.session
    if count:
        window.portrait.view.setFixedSize(*VIEW)
        session.document.apply(_crowded(session.document.experiment, count), "Starts")
        wait(lambda: len(session.simulation.scene.true.trajectories) == count, 30.0)
    rest(1.0)
    latencies, paintings = [], []
    for step in range(DRAGS):
        seen, begin = _drag(session, 0.2 + 0.005 * step)
        latencies.append(1e3 * (seen - begin))
        wait(lambda seen=seen: painted[-1] > seen, 10.0)
        paintings.append(1e3 * (next(moment for moment in painted if moment > seen) - begin))
        rest(FRAME / 1e3)
    scene = session.simulation.scene
    window.close()
    found = {"median": percentile(latencies, 0.5), "slow": percentile(latencies, 0.95)}
    found |= {"painted": percentile(paintings, 0.5), "painted_slow": percentile(paintings, 0.95)}
    curves = scene.true.trajectories
    return found | {"curves": len(curves), "points": curves[0].t.size, "scipy": _scipy(scene, CURVES)}


def _drag(session: Any, value: float) -> tuple[float, float]:
    """Set the parameter; the moments of its first scene, and of the beginning."""
    seen: list[float] = []

    def heard(scene: Any) -> None:
        if scene.experiment.parameters["b"] == value:
            seen.append(time.perf_counter())

    session.simulation.scene_changed.connect(heard)
    begin = time.perf_counter()
    session.document.apply(edits.set_parameter(session.document.experiment, "b", value), "Set b", merge="b")
    wait(lambda: bool(seen), 10.0)
    session.simulation.scene_changed.disconnect(heard)
    return seen[0], begin


def _crowded(experiment: Experiment, count: int) -> Experiment:
    """Starting points all over the plane."""
    starts = np.random.default_rng(0).uniform((-3.0, -5.0), (3.0, 5.0), (count, 2))
    return msgspec.structs.replace(experiment, starts=tuple(map(tuple, starts.tolist())), selected=0)


def _scipy(scene: Any, most: int) -> float:
    """Milliseconds that solve_ivp needs for the trajectories of a scene of the pendulum, forwards and backwards.

    Of more than so many, it is told from the first.
    """
    from scipy.integrate import solve_ivp

    values = scene.experiment.parameters
    b, c = values["b"], values["c"]

    def pendulum(_t: float, y: Any) -> list[float]:
        return [y[1], -b * y[1] - c * math.sin(y[0])]

    begin = time.perf_counter()
    curves = scene.true.trajectories[:most]
    for curve in curves:
        for t, y in ((curve.t, curve.y), (curve.back_t, curve.back_y)):
            if t.size > 1:
                solve_ivp(pendulum, (t[0], t[-1]), y[:, 0], "RK45", t, rtol=1e-6, atol=1e-9)
    return 1e3 * (time.perf_counter() - begin) * len(scene.true.trajectories) / len(curves)


def real_window() -> Any:
    """The real window on the pendulum, with its first scene, when all libraries are loaded."""
    from odeplayground.gui.app import SWITCH_INTERVAL, create_application, create_window
    from odeplayground.gui.collector import Collector

    sys.setswitchinterval(SWITCH_INTERVAL)  # as the program itself does
    collector = Collector(create_application(["odeplayground"]))
    window = create_window()
    window.session.warmed.connect(collector.keep)
    warm: list[bool] = []
    window.session.warmed.connect(partial(warm.append, True))
    window.show()
    wait(lambda: window.session.simulation.scene is not None and bool(warm), 60.0)
    return window
