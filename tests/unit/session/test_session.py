from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from odeplayground.jobs import Mailbox
from odeplayground.session import Session, TrainingStatus, UserError, edits, exports
from odeplayground.session.training import LATEST_ONLY
from odeplayground.spec import FieldMode
from odeplayground.storage import project, recovery
from tests.unit.session.fake_neural import FakeNeural, neural
from tests.unit.session.manual import ManualRunner
from tests.unit.session.systems import DECAY, LORENZ, experiment

__all__ = ["neural"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("ODEPLAYGROUND_HOME", str(folder))
    return folder


class Hand:
    """A session whose jobs run when the test says so."""

    def __init__(self, **keywords: object) -> None:
        self.runner = ManualRunner(Mailbox(LATEST_ONLY))
        self.session = Session(runner=self.runner, **keywords)
        self.told: list[str] = []
        self.session.problem.connect(self.told.append)
        self.session.notice.connect(self.told.append)
        self.session.start()

    def settle(self) -> None:
        while self.runner.tasks:
            for channel in list(self.runner.tasks):
                self.runner.advance(channel)
                self.session.pump()


@pytest.fixture
def threaded() -> Iterator[Session]:
    session = Session()
    session.start()
    yield session
    session.close()


def until(session: Session, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        session.pump()
        time.sleep(0.002)


def test_the_first_start_shows_the_pendulum() -> None:
    hand = Hand()
    hand.session.restore()
    assert hand.session.document.experiment.name == "Damped pendulum"
    assert not hand.session.document.dirty
    hand.settle()
    assert hand.session.simulation.scene.true.trajectories
    assert hand.session.playback.span == hand.session.document.experiment.t_span


def test_every_preset_opens_and_is_solved() -> None:
    hand = Hand()
    cards = hand.session.gallery.cards()
    assert cards[0].key == "pendulum"
    for card in cards[:3]:
        hand.session.open_preset(card.key)
        hand.settle()
        scene = hand.session.simulation.scene
        assert (scene.experiment.preset, scene.message) == (card.key, "")
        assert hand.session.story()
    with pytest.raises(UserError, match="pendulum"):
        hand.session.open_preset("pendulm")


def test_a_new_system_is_fitted_to_its_trajectory() -> None:
    hand = Hand()
    hand.session.new_system()
    hand.settle()
    assert hand.session.problems() == ()
    assert not hand.session.story()
    view = hand.session.document.experiment.view
    assert view.x_range == pytest.approx((-1.16, 1.16), abs=0.01)
    assert hand.session.document.undo_label == "Open New system"


def test_a_text_file_becomes_a_system(tmp_path: Path) -> None:
    path = tmp_path / "lorenz.txt"
    path.write_text(f"# Lorenz 1963\n{LORENZ}", encoding="utf-8")
    hand = Hand()
    hand.session.open_file(path)
    opened = hand.session.document
    assert (opened.experiment.name, opened.path, opened.dirty) == ("lorenz", None, False)
    assert opened.experiment.text.startswith("# Lorenz 1963")
    hand.settle()
    low, high = opened.experiment.view.x_range
    assert -25 < low < -5 < 5 < high < 25


def test_what_cannot_be_opened_leaves_everything_and_says_why(tmp_path: Path) -> None:
    hand = Hand()
    before = hand.session.document.experiment
    (tmp_path / "bad.odep").write_text("{")
    (tmp_path / "bad.txt").write_text("x' = (")
    for name in ("bad.odep", "bad.txt", "missing.odep", "missing.txt"):
        with pytest.raises(UserError) as refused:
            hand.session.open_file(tmp_path / name)
        assert str(refused.value)
    assert hand.session.document.experiment is before


def test_save_and_open_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.odep"
    hand = Hand()
    session = hand.session
    session.document.apply(edits.set_parameter(session.document.experiment, "b", 1.0), "Move b")
    session.save(path)
    assert (session.document.dirty, session.document.path) == (False, path)
    assert session.preferences.recent == (str(path),)
    saved = session.document.experiment
    session.open_preset("pendulum")
    session.open_file(path)
    assert session.document.experiment == saved
    with pytest.raises(UserError):
        session.save(tmp_path / "nowhere" / "mine.odep")


def test_the_selected_trajectory_is_exported(tmp_path: Path) -> None:
    hand = Hand(experiment=edits.add_start(experiment(DECAY), (1.0,)))
    path = tmp_path / "out.csv"
    hand.session.export(exports.table_job(hand.session.document.experiment, path))
    hand.settle()
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    assert np.allclose(table[:, 1], np.exp(-table[:, 0]), atol=1e-5)
    assert "out.csv" in hand.told[-1]
    hand.session.export(exports.table_job(hand.session.document.experiment, tmp_path / "nowhere" / "out.csv"))
    hand.settle()
    assert "nowhere" in hand.told[-1] or "written" in hand.told[-1]
    assert hand.told[-1] != hand.told[0]


def test_the_next_start_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    first = Hand()
    first.session.document.apply(edits.set_parameter(first.session.document.experiment, "b", 1.0), "Move b")
    left = first.session.document.experiment
    first.session.close()

    second = Hand()
    second.session.restore()
    assert second.session.document.experiment == left
    assert second.session.document.dirty
    second.session.save(tmp_path / "mine.odep")
    second.session.close()

    third = Hand()
    third.session.restore()
    assert (third.session.document.path, third.session.document.dirty) == (tmp_path / "mine.odep", False)
    third.session.open_preset("cooling")
    third.session.close()

    fourth = Hand()
    fourth.session.restore()
    assert fourth.session.document.experiment.preset == "cooling"
    assert (fourth.session.document.path, fourth.session.document.dirty) == (None, False)


def test_autosave_keeps_changes_only() -> None:
    hand = Hand()
    hand.settle()
    hand.session.autosave()
    hand.settle()
    assert recovery.newest() == hand.session.document.experiment
    before = len(hand.runner.submitted)
    hand.session.autosave()
    assert len(hand.runner.submitted) == before
    hand.session.document.apply(edits.set_parameter(hand.session.document.experiment, "b", 1.0), "Move b")
    hand.session.autosave()
    hand.settle()
    assert recovery.newest() == hand.session.document.experiment


def test_a_folder_that_cannot_be_written_is_told_once(home: Path) -> None:
    home.write_text("a file where the folder should be")
    hand = Hand()
    for value in (1.0, 1.5):
        hand.session.document.apply(edits.set_parameter(hand.session.document.experiment, "b", value), "Move b")
        hand.session.autosave()
        hand.settle()
    assert len(hand.told) == 1
    hand.session.remember(theme="dark")
    assert len(hand.told) == 2
    hand.session.close()


def test_preferences_are_remembered() -> None:
    Hand().session.remember(theme="dark", hint_dismissed=True)
    preferences = Hand().session.preferences
    assert (preferences.theme, preferences.hint_dismissed) == ("dark", True)


def test_the_clock_follows_the_document() -> None:
    hand = Hand(experiment=experiment())
    session = hand.session
    session.playback.seek(9.0)
    session.document.apply(edits.set_t_span(session.document.experiment, 0, 4), "Time span")
    assert (session.playback.span, session.playback.time) == ((0.0, 4.0), 4.0)
    session.open_preset("pendulum")
    assert session.playback.time == session.playback.span[0]


def test_fitting_the_view_can_be_undone() -> None:
    hand = Hand(experiment=experiment())
    hand.settle()
    before = hand.session.document.experiment.view
    hand.session.fit_view()
    low, high = hand.session.document.experiment.view.x_range
    assert low < 0.0 < 2.0 < high
    hand.session.undo()
    assert hand.session.document.experiment.view == before
    hand.session.redo()
    assert hand.session.document.experiment.view.x_range == (low, high)


def test_training_draws_the_field_as_it_bends(neural: FakeNeural) -> None:
    hand = Hand(experiment=experiment())
    session = hand.session
    hand.settle()
    assert session.why_not_mode(FieldMode.TRUE) == ""
    assert session.why_not_mode(FieldMode.LEARNED).endswith(".")
    session.training.start()
    for _ in range(4):
        hand.runner.advance("training")
    session.pump()
    assert session.why_not_mode(FieldMode.LEARNED) == ""
    assert "learned" in hand.runner.tasks
    hand.settle()
    scene = session.simulation.scene
    assert np.allclose(scene.learned.arrows.u, -3.0 * scene.learned.arrows.x)  # the best epoch in the end
    assert session.document.experiment.run.report is not None


def test_another_document_ends_the_training(neural: FakeNeural) -> None:
    hand = Hand(experiment=experiment())
    hand.session.training.start()
    for _ in range(4):
        hand.runner.advance("training")
    hand.session.pump()
    hand.session.open_preset("cooling")
    hand.settle()
    assert hand.session.training.status is TrainingStatus.IDLE
    assert hand.session.document.experiment.run is None
    assert hand.session.simulation.scene.learned is None
    hand.session.undo()
    hand.settle()
    assert hand.session.document.experiment.run is not None
    assert hand.session.training.status is TrainingStatus.FINISHED
    assert hand.session.simulation.scene.learned is not None


def test_unsaved_work_comes_back_after_another_document_was_opened(tmp_path: Path) -> None:
    hand = Hand(experiment=experiment())
    document = hand.session.document
    document.apply(edits.set_text(document.experiment, DECAY), "Edit")
    mine = document.experiment
    hand.session.open_preset("cooling")
    hand.session.new_system()
    hand.settle()
    while document.experiment != mine:
        assert document.undo_label is not None
        hand.session.undo()
    hand.settle()
    assert hand.session.simulation.scene.experiment == mine


def test_a_listener_that_raises_does_not_cost_the_document(neural: FakeNeural) -> None:
    hand = Hand(experiment=experiment())

    def broken(event: object) -> None:
        raise RuntimeError("painted over the edge")

    hand.session.training.start()
    for _ in range(4):
        hand.runner.advance("training")
    hand.session.training.event.connect(broken)
    hand.session.close()
    assert recovery.newest().name == hand.session.document.experiment.name


def test_closing_in_the_middle_of_a_training_keeps_the_best(threaded: Session, neural: FakeNeural) -> None:
    neural.losses = [1.0 / (1 + i) for i in range(100_000)]
    threaded.training.start()
    until(threaded, lambda: len(threaded.training.history) > 3)
    threaded.training.pause()
    threaded.close()
    kept = recovery.newest()
    assert kept.run is not None
    assert len(kept.run.history) > 3
    assert kept.run.report is None
    assert not threaded.comparison.busy


def test_warming_up_loads_what_is_heavy(threaded: Session, monkeypatch: pytest.MonkeyPatch, neural: FakeNeural) -> None:
    loaded: list[str] = []
    monkeypatch.setattr("odeplayground.session.warm_up.import_module", loaded.append)
    threaded.warm_up()
    until(threaded, lambda: neural.warm)
    assert loaded == ["scipy.integrate", "torch"]


def test_warming_up_without_a_library_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("odeplayground.session.warm_up.import_module", missing)
    hand = Hand()
    hand.session.warm_up()
    hand.settle()
    assert hand.told == []


def test_a_project_file_keeps_a_trained_run(tmp_path: Path, neural: FakeNeural) -> None:
    hand = Hand(experiment=experiment())
    hand.session.training.start()
    hand.settle()
    hand.session.save(tmp_path / "trained.odep")
    assert project.open(tmp_path / "trained.odep").run == hand.session.document.experiment.run


def test_a_listener_that_raises_does_not_swallow_the_other_messages() -> None:
    hand = Hand(experiment=experiment())

    def broken(scene: object) -> None:
        raise RuntimeError("painted over the edge")

    hand.session.simulation.scene_changed.connect(broken)
    while hand.runner.advance("portrait"):
        pass
    with pytest.raises(Exception, match="over the edge"):
        hand.session.pump()
    assert set(hand.runner.tasks) == {"background"}
    assert hand.session.simulation.scene.true.arrows is not None


def test_it_is_told_when_the_heavy_libraries_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def light(_cancel: object, hurried: object) -> object:
        yield "a library"

    monkeypatch.setattr("odeplayground.session.session.warm_up_job", light)
    hand, heard = Hand(), []
    hand.session.warmed.connect(lambda: heard.append(True))
    hand.session.warm_up()
    assert not heard
    hand.settle()
    assert heard == [True]


def test_time_stands_still_while_a_network_learns(neural: FakeNeural) -> None:
    hand = Hand()
    hand.settle()
    hand.session.playback.play()
    hand.session.training.start()
    assert not hand.session.playback.playing
    hand.settle()
    assert not hand.session.training.active
    assert hand.session.playback.playing
