from __future__ import annotations

import sys
import time
from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from odeplayground.jobs import Mailbox, Progress, ThreadRunner
from odeplayground.session import Document, Simulation, edits
from odeplayground.session.request import Part
from odeplayground.session.scene import Scene
from odeplayground.session.simulation import LEARNED_CHANNELS
from odeplayground.spec import Experiment, FieldMode, Samples, TrainedRun, TrainSpec
from tests.unit.session.manual import ManualRunner
from tests.unit.session.networks import linear_network
from tests.unit.session.systems import DECAY, LORENZ, PENDULUM, experiment


class Bench:
    """A simulation with a hand-driven runner and clock."""

    def __init__(self, start: Experiment | None = None) -> None:
        self.now = 0.0
        self.document = Document(start or experiment())
        self.runner = ManualRunner()
        self.simulation = Simulation(self.document, self.runner, clock=lambda: self.now)
        self.scenes: list[Scene] = []
        self.busy: list[bool] = []
        self.simulation.scene_changed.connect(self.scenes.append)
        self.simulation.busy_changed.connect(self.busy.append)
        self.simulation.refresh()

    def edit(self, edit: Callable[..., Experiment], *arguments: object) -> None:
        self.document.apply(edit(self.document.experiment, *arguments), "Edit")

    def pump(self) -> None:
        for message in self.runner.drain():
            self.simulation.handle(message.channel, message.body)
        self.simulation.publish()

    def step(self, channel: str = "portrait") -> None:
        self.runner.advance(channel)
        self.pump()

    def settle(self) -> Scene:
        while self.runner.tasks:
            for channel in list(self.runner.tasks):
                self.step(channel)
        assert self.simulation.scene is not None
        return self.simulation.scene

    def parts_of_next_picture(self) -> list[tuple[str, int]]:
        """Names of what the request that was just made computes."""
        seen: list[tuple[str, int]] = []
        while self.runner.tasks:
            for channel in list(self.runner.tasks):
                self.runner.finish(channel)
            for message in self.runner.drain():
                if isinstance(message.body, Progress):
                    seen += [(str(part), number) for part, number in message.body.event.values]
                self.simulation.handle(message.channel, message.body)
            self.simulation.publish()
        return sorted(seen)


def trained(start: Experiment, mode: FieldMode = FieldMode.BOTH) -> Experiment:
    field = linear_network(start.system.states, -np.eye(len(start.system.states)))
    run = TrainedRun(Samples(start.system.states, (), ()), TrainSpec(), field, 0, 0.0)
    return edits.set_mode(edits.set_run(start, run), mode)


def test_the_first_scene_has_curves_and_the_background_follows() -> None:
    bench = Bench()
    assert bench.simulation.scene is None
    bench.step()
    (first,) = bench.scenes
    assert len(first.true.trajectories) == 1
    assert first.true.arrows is None
    scene = bench.settle()
    assert scene.true.arrows is not None
    assert set(scene.true.nullclines) == {"theta", "omega"}
    assert scene.true.equilibria
    assert scene.true.trajectories[0].back_t.size > 1
    assert (scene.learned, scene.error, scene.message) == (None, None, "")
    assert scene.method.startswith("Tsitouras")
    assert bench.busy == [True, False]


def test_trajectories_that_a_new_scene_shares_with_the_one_before_are_the_same_objects() -> None:
    bench = Bench(experiment(starts=((1.0, 0.0), (2.0, 0.0))))
    old = bench.settle().true.trajectories
    bench.edit(edits.toggle_layer, "arrows")
    bench.edit(edits.set_start, 1, (0.5, 0.0))
    new = bench.settle().true.trajectories
    assert old[0] is new[0]
    assert old[1] is not new[1]


def test_an_edit_costs_only_what_it_changes() -> None:
    bench = Bench(edits.add_start(experiment(), (0.5, 0.5)))
    bench.settle()
    bench.edit(edits.set_start, 1, (1.0, 1.0))
    assert bench.parts_of_next_picture() == [("backward", 1), ("forward", 1)]
    bench.edit(edits.set_view_range, (-1.0, 1.0), (-2.0, 2.0))
    assert bench.parts_of_next_picture() == [
        ("arrows", 0),
        ("backward", 0),
        ("backward", 1),
        ("cycles", 0),
        ("equilibria", 0),
        ("nullclines", 0),
    ]
    bench.simulation.set_grid(10, 10)
    assert bench.parts_of_next_picture() == [("arrows", 0)]
    bench.edit(edits.set_parameter, "b", 1.0)
    assert len(bench.parts_of_next_picture()) == 8


@pytest.mark.parametrize(
    "edit",
    [
        lambda e: edits.select_start(e, 0),
        lambda e: edits.toggle_layer(e, "arrows"),
        lambda e: edits.set_name(e, "other"),
        lambda e: edits.remove_start(e, 0),
        lambda e: msgspec.structs.replace(e, units={"t": "s"}),
    ],
)
def test_what_needs_no_numbers_is_shown_at_once(edit: Callable[[Experiment], Experiment]) -> None:
    bench = Bench(edits.add_start(experiment(), (0.5, 0.5)))
    bench.settle()
    before, jobs = len(bench.scenes), len(bench.runner.submitted)
    bench.edit(edit)
    assert len(bench.runner.submitted) == jobs
    assert len(bench.scenes) == before + 1
    assert bench.scenes[-1].experiment is bench.document.experiment


@pytest.mark.parametrize(
    "edit",
    [
        lambda e: edits.set_text(e, f"{e.text}# a comment"),
        lambda e: edits.set_text(e, f"{e.text}and a fault"),
        lambda e: edits.set_training(e, TrainSpec(epochs=7)),
    ],
)
def test_what_is_in_no_picture_draws_none(edit: Callable[[Experiment], Experiment]) -> None:
    bench = Bench()
    bench.settle()
    before = len(bench.scenes)
    bench.edit(edit)
    assert len(bench.scenes) == before
    assert bench.runner.tasks == {}


def test_messages_that_come_together_make_one_picture() -> None:
    bench = Bench()
    while bench.runner.advance("portrait"):
        pass
    bench.pump()
    (scene,) = bench.scenes
    assert scene.true.arrows is not None
    assert scene.true.trajectories[0].back_t.size > 1
    bench.pump()
    assert len(bench.scenes) == 1


def test_a_removed_start_takes_its_own_curve_along() -> None:
    bench = Bench(edits.add_start(experiment(), (0.5, 0.25)))
    bench.settle()
    bench.edit(edits.remove_start, 0)
    (curve,) = bench.simulation.scene.true.trajectories
    assert curve.y[:, 0].tolist() == [0.5, 0.25]


def test_every_scene_has_a_curve_per_start() -> None:
    bench = Bench()
    bench.settle()
    bench.edit(edits.add_start, (0.5, 0.25))
    assert len(bench.simulation.scene.true.trajectories) == 1
    bench.edit(edits.add_start, (0.1, 0.1))
    bench.settle()
    assert all(len(scene.true.trajectories) == len(scene.experiment.starts) for scene in bench.scenes)
    assert len(bench.simulation.scene.true.trajectories) == 3


def test_scenes_of_another_system_never_mix_with_the_old_one() -> None:
    bench = Bench()
    bench.settle()
    for text in (DECAY, LORENZ, PENDULUM, PENDULUM.replace("omega", "w")):
        bench.edit(edits.set_text, text)
        bench.settle()
    for scene in bench.scenes:
        states = scene.experiment.system.states
        assert all(curve.y.shape[0] == len(states) for curve in scene.true.trajectories)
        assert set(scene.true.nullclines) <= set(states)
        assert all(mark.state.size == len(states) for mark in scene.true.equilibria)


def test_stale_results_are_dropped_and_the_latest_value_is_shown() -> None:
    """Another text cancels at once; what the old job had already posted is never drawn."""
    bench = Bench(experiment(DECAY))
    bench.runner.advance("portrait")  # the curves of the old text wait in the mailbox
    bench.edit(edits.set_text, DECAY.replace("-k*x", "-2*k*x"))
    bench.pump()
    assert bench.scenes == []
    scene = bench.settle()
    curve = scene.true.trajectories[0]
    assert np.allclose(curve.y[0], 3.0 * np.exp(-2.0 * curve.t), atol=1e-5)


def test_a_drag_shows_pictures_on_the_way_and_ends_with_the_last_value() -> None:
    """A hundred slider moves, two per part of the picture: it is drawn again and again, and nothing is queued."""
    bench = Bench(experiment(DECAY))
    bench.settle()
    before = len(bench.runner.submitted)
    bench.scenes.clear()
    shown = []
    for i in range(100):
        bench.now += 0.008
        bench.edit(edits.set_parameter, "k", 1.0 + 0.01 * (i + 1))
        if i % 2 == 1:
            bench.step()
            shown.append(float(bench.simulation.scene.true.trajectories[0].y[0, 300]))
    assert len(set(shown)) >= 8
    assert len(bench.runner.submitted) - before <= 55
    curve = bench.settle().true.trajectories[0]
    assert np.allclose(curve.y[0], 3.0 * np.exp(-2.0 * curve.t), atol=1e-5)


def test_during_a_drag_every_part_of_the_background_gets_its_turn() -> None:
    bench = Bench()
    bench.settle()
    seen: dict[str, set[int]] = {}
    for i in range(80):
        bench.now += 0.01
        bench.edit(edits.set_parameter, "b", 0.01 * i)
        for channel in list(bench.runner.tasks):
            bench.step(channel)
        true = bench.simulation.scene.true
        for name in ("arrows", "nullclines", "equilibria", "trajectories"):
            seen.setdefault(name, set()).add(id(getattr(true, name)))
    assert all(len(pictures) >= 2 for pictures in seen.values())


def test_a_job_that_takes_too_long_gives_way() -> None:
    bench = Bench()
    bench.settle()
    bench.edit(edits.set_parameter, "b", 0.5)
    before = bench.runner.submitted.count("portrait")
    bench.now += 0.1
    bench.edit(edits.set_parameter, "b", 0.6)
    assert bench.runner.submitted.count("portrait") == before
    bench.now += 3.0
    bench.edit(edits.set_parameter, "b", 0.7)
    assert bench.runner.submitted.count("portrait") == before + 1


def test_undoing_to_what_is_still_shown_stops_the_work() -> None:
    bench = Bench()
    bench.settle()
    bench.edit(edits.set_parameter, "b", 1.0)
    bench.document.undo()
    assert bench.runner.tasks == {}
    bench.pump()
    assert bench.busy[-1] is False
    assert bench.simulation.scene.experiment.parameters["b"] == 0.25


def test_the_last_value_is_shown_though_the_job_before_ended_in_the_same_breath() -> None:
    """While the window is busy a job posts everything; its first part already gives way to the newer request."""
    bench = Bench()
    bench.settle()
    bench.edit(edits.set_parameter, "b", 1.0)
    bench.edit(edits.set_parameter, "b", 2.0)
    bench.simulation._true._curves._turns._seconds = dict.fromkeys(Part, 1.0)
    bench.runner.finish("portrait")
    bench.pump()
    assert bench.simulation.busy
    scene = bench.settle()
    alone = Bench(edits.set_parameter(experiment(), "b", 2.0)).settle()
    assert np.array_equal(scene.true.trajectories[0].y, alone.true.trajectories[0].y)
    assert np.array_equal(scene.true.arrows.v, alone.true.arrows.v)


def test_an_early_end_is_told_in_a_sentence() -> None:
    bench = Bench(experiment("x' = x^2\nx(0) = 1\nt in [0, 5]\n"))
    assert "t = 1" in bench.settle().message
    bench.edit(edits.add_start, (-1.0,))
    assert bench.settle().message.startswith("Trajectory 1: ")


def test_a_failing_part_leaves_the_others_and_tells_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Nothing works today.")

    monkeypatch.setattr("odeplayground.session.background.marks", broken)
    bench = Bench()
    scene = bench.settle()
    assert scene.message == "Nothing works today."
    assert scene.true.arrows is not None
    assert scene.true.trajectories[0].t.size > 10
    assert not bench.simulation.busy
    monkeypatch.undo()
    bench.edit(edits.set_parameter, "b", 1.0)
    assert bench.settle().message == ""


def test_a_failure_of_what_is_outdated_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Nothing works today.")

    bench = Bench()
    bench.settle()
    monkeypatch.setattr("odeplayground.session.background.marks", broken)
    bench.edit(edits.set_parameter, "b", 1.0)
    bench.edit(edits.set_parameter, "b", 2.0)
    bench.runner.finish("portrait")
    monkeypatch.undo()
    bench.pump()
    assert bench.settle().message == ""
    assert all(scene.message == "" for scene in bench.scenes)


def test_failing_curves_are_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("No solution today.")

    monkeypatch.setattr("odeplayground.session.curves.forward", broken)
    scene = Bench().settle()
    assert scene.message == "No solution today."
    assert scene.true.trajectories[0].t.size == 0
    assert scene.true.arrows is not None


def test_the_learned_field_is_shown_if_its_mode_asks_for_it() -> None:
    bench = Bench(trained(experiment(), FieldMode.TRUE))
    assert bench.settle().learned is None
    bench.edit(edits.set_mode, FieldMode.BOTH)
    scene = bench.settle()
    assert np.allclose(scene.learned.trajectories[0].y[0, -1], 2.0 * np.exp(-10.0), atol=1e-5)
    assert scene.error is None
    bench.edit(edits.set_mode, FieldMode.ERROR)
    error = bench.settle().error
    assert error.values.shape == (128, 128)
    assert error.x_range == bench.document.experiment.view.x_range
    bench.edit(edits.set_mode, FieldMode.TRUE)
    assert bench.simulation.scene.learned is None
    bench.edit(edits.set_text, DECAY)
    bench.edit(edits.set_mode, FieldMode.BOTH)
    assert bench.settle().learned is None


def test_a_live_field_comes_no_faster_than_it_can_be_drawn() -> None:
    bench = Bench(edits.set_mode(experiment(), FieldMode.BOTH))
    bench.settle()
    before = bench.runner.submitted.count("learned")
    for i in range(40):
        bench.now += 0.01
        bench.simulation.set_live_field(linear_network(("theta", "omega"), -(1 + 0.1 * i) * np.eye(2)))
        if i % 4 == 3 and "learned" in bench.runner.tasks:
            bench.step("learned")
    assert 1 <= bench.runner.submitted.count("learned") - before <= 4
    last = linear_network(("theta", "omega"), -9.0 * np.eye(2))
    bench.simulation.set_live_field(last, at_once=True)
    scene = bench.settle()
    assert np.allclose(scene.learned.arrows.u, -9.0 * scene.learned.arrows.x)
    bench.simulation.set_live_field(None)
    assert bench.simulation.scene.learned is None


def test_pictures_of_a_network_in_training_come_whole() -> None:
    bench = Bench(edits.set_mode(experiment(), FieldMode.BOTH))
    bench.settle()
    shown = len(bench.scenes)
    bench.simulation.set_live_field(linear_network(("theta", "omega"), -2.0 * np.eye(2)), at_once=True)
    for channel in LEARNED_CHANNELS[:2]:
        while channel in bench.runner.tasks:
            assert len(bench.scenes) == shown
            bench.step(channel)
    assert len(bench.scenes) == shown + 1
    learned = bench.simulation.scene.learned
    assert learned.arrows is not None
    assert learned.equilibria


def test_edits_do_no_numerics_in_the_thread_of_the_caller() -> None:
    bench = Bench(edits.add_start(experiment(), (0.5, 0.5)))
    bench.settle()
    forbidden = ("odeplayground/dynamics", "odeplayground/expr", "numpy/")
    called: list[str] = []

    def watch(frame: object, kind: str, _: object) -> None:
        name = frame.f_code.co_filename
        if kind == "call" and any(part in name for part in forbidden):
            called.append(name)

    sys.setprofile(watch)
    try:
        bench.edit(edits.set_parameter, "b", 0.5)
        bench.edit(edits.set_start, 0, (0.5, 0.5))
        bench.edit(edits.set_view_range, (-1.0, 1.0), (-1.0, 1.0))
    finally:
        sys.setprofile(None)
    assert called == []


def test_with_threads_the_last_value_of_a_fast_drag_arrives() -> None:
    runner = ThreadRunner(Mailbox())
    document = Document(experiment(DECAY))
    simulation = Simulation(document, runner)
    simulation.refresh()
    for i in range(50):
        document.apply(edits.set_parameter(document.experiment, "k", 1.0 + 0.02 * (i + 1)), "Drag", merge="k")
        time.sleep(0.002)
        for message in runner.drain():
            simulation.handle(message.channel, message.body)
    deadline = time.monotonic() + 20
    while simulation.busy and time.monotonic() < deadline:
        for message in runner.drain():
            simulation.handle(message.channel, message.body)
        simulation.publish()
        time.sleep(0.002)
    runner.close()
    assert not simulation.busy
    curve = simulation.scene.true.trajectories[0]
    assert np.allclose(curve.y[0], 3.0 * np.exp(-2.0 * curve.t), atol=1e-5)
