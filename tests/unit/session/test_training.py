from __future__ import annotations

import pytest

from odeplayground.jobs import Mailbox, ThreadRunner
from odeplayground.session import Document, Training, TrainingStatus, UserError, edits
from odeplayground.session.comparison import Comparison
from odeplayground.session.training import LATEST_ONLY
from odeplayground.session.training_wishes import Wishes
from odeplayground.spec import Experiment, FieldMode, FieldUpdate, TrainDone, TrainSpec
from tests.unit.session.fake_neural import REPORT, FakeNeural, neural
from tests.unit.session.manual import ManualRunner
from tests.unit.session.systems import DECAY, experiment

__all__ = ["neural"]
STATES = ("theta", "omega")


class Bench:
    def __init__(self, start: Experiment | None = None) -> None:
        start = start or edits.set_training(experiment(), TrainSpec(epochs=4))
        self.document = Document(start)
        self.runner = ManualRunner(Mailbox(LATEST_ONLY))
        self.comparison = Comparison(self.document, self.runner)
        self.training = Training(self.document, self.runner, self.comparison)
        self.events: list[object] = []
        self.training.event.connect(self.events.append)

    def pump(self) -> None:
        for message in self.runner.drain():
            (self.training if message.channel == "training" else self.comparison).handle(message.body)

    def step(self, n: int = 1, channel: str = "training") -> None:
        for _ in range(n):
            self.runner.advance(channel)
            self.pump()

    def finish(self, channel: str = "training") -> None:
        self.runner.finish(channel)
        self.pump()


@pytest.fixture
def bench(neural: FakeNeural) -> Bench:
    return Bench()


def test_a_training_from_start_to_report(bench: Bench, neural: FakeNeural) -> None:
    training = bench.training
    assert (training.status, training.why_not_start) == (TrainingStatus.IDLE, "")
    training.start()
    assert training.running
    assert training.why_not_start != ""
    bench.step()
    assert training.samples is not None
    while len(training.history) < 2:
        bench.step()
    assert [epoch.held_out for epoch in training.history] == [5.0, 3.0]
    assert training.field == neural.field(2, STATES)
    assert (training.best_epoch, training.progress, training.seconds_left) == (2, 0.5, 1.0)
    assert training.evaluations == (20, 40)
    bench.finish()
    assert training.status is TrainingStatus.FINISHED
    assert isinstance(bench.events[-1], TrainDone)
    run = bench.document.experiment.run
    assert run.field == training.field == neural.field(3, STATES)
    assert (run.best_epoch, len(run.history), run.report) == (3, 4, None)
    assert bench.comparison.busy
    bench.finish("comparison")
    assert not bench.comparison.busy
    assert training.report == REPORT
    assert bench.document.experiment.run.report == REPORT


def test_the_outcome_is_one_undo_entry(bench: Bench) -> None:
    before = bench.document.experiment
    bench.training.start()
    bench.finish()
    bench.finish("comparison")
    assert bench.document.undo_label == "Train"
    bench.document.undo()
    assert bench.document.experiment.run is None
    assert bench.document.undo_label is None
    assert (bench.training.status, bench.training.history) == (TrainingStatus.IDLE, [])
    bench.document.redo()
    assert bench.document.experiment.run.report == REPORT
    assert len(bench.training.history) == 4
    assert bench.training.report == REPORT
    assert bench.document.experiment.text == before.text


def test_data_are_sampled_from_what_is_shown(bench: Bench, neural: FakeNeural) -> None:
    moved = edits.set_start(edits.set_parameter(bench.document.experiment, "b", 1.5), 0, (1.0, 2.0))
    bench.document.apply(moved, "Edit")
    bench.training.start()
    bench.step()
    assert neural.sampled == [((1.0, 2.0), {"b": 1.5, "c": 5.0}, (0.0, 10.0))]
    bench.document.apply(edits.set_parameter(moved, "b", 0.0), "Edit")
    bench.finish()
    bench.finish("comparison")
    assert neural.compared == [{"b": 1.5, "c": 5.0}]  # with the system that it was trained on
    assert bench.document.experiment.parameters["b"] == 0.0


def test_starting_shows_both_fields_also_in_place_of_the_error(bench: Bench) -> None:
    bench.training.start()
    assert bench.document.experiment.view.mode is FieldMode.BOTH
    assert bench.document.undo_label is None
    other = Bench(edits.set_mode(experiment(), FieldMode.ERROR))
    other.training.start()
    assert other.document.experiment.view.mode is FieldMode.BOTH


def test_stopping_keeps_the_best_so_far(bench: Bench, neural: FakeNeural) -> None:
    neural.losses = [5.0, 1.0, 3.0, 2.0]
    bench.training.start()
    while len(bench.training.history) < 3:
        bench.step()
    bench.training.stop()
    assert bench.training.status is TrainingStatus.STOPPED
    assert bench.training.why_not_stop != ""
    assert bench.training.why_not_pause != ""
    bench.pump()
    run = bench.document.experiment.run
    assert (run.best_epoch, run.field, len(run.history)) == (2, neural.field(2, STATES), 3)
    assert bench.training.message == "Stopped after epoch 3; the best weights are kept."
    assert neural.closed == 1


def test_the_best_field_survives_when_the_window_is_slow(bench: Bench, neural: FakeNeural) -> None:
    """Fields that nobody drained are coalesced; the best of them is kept by the job."""
    neural.losses = [5.0, 1.0, 3.0, 2.0]
    bench.training.start()
    for _ in range(11):  # data, stage, three epochs with their fields, two of them better, and a last field
        bench.runner.advance("training")
    bench.pump()
    assert sum(isinstance(event, FieldUpdate) for event in bench.events) == 1
    assert len(bench.training.history) == 3
    bench.training.stop()
    assert bench.document.experiment.run.field == neural.field(2, STATES)


def test_stopped_before_anything_was_learned(bench: Bench) -> None:
    bench.training.start()
    bench.training.stop()
    bench.pump()
    assert bench.training.status is TrainingStatus.STOPPED
    assert "nothing" in bench.training.message
    assert bench.document.experiment.run is None
    assert bench.training.why_not_start == ""


def test_wishes_reach_the_running_training(bench: Bench, neural: FakeNeural) -> None:
    training = bench.training
    with pytest.raises(UserError, match="next one"):
        training.adjust(learning_rate=0.1)
    training.start()
    bench.step()
    bench.step()
    training.adjust(learning_rate=0.1)
    training.adjust(horizon=0, tolerance=1e-3)
    training.back_to_best()
    bench.step()
    control = neural.control
    assert (control.learning_rate, control.horizon, control.tolerance, control.backs) == (0.1, 0, 1e-3, 1)
    assert training.wishes == Wishes(0.1, 0, 1e-3, back=1)
    bench.step()
    assert control.backs == 1
    for wrong in ({"learning_rate": 0.0}, {"horizon": 1}, {"tolerance": -1.0}):
        with pytest.raises(UserError, match="please"):
            training.adjust(**wrong)
    training.stop()
    assert control.stopped
    training.start()
    assert training.wishes == Wishes()


def test_epochs_can_be_looked_at_again(bench: Bench, neural: FakeNeural) -> None:
    training = bench.training
    assert "this session" in training.why_not_look
    with pytest.raises(UserError):
        training.look_at(1)
    training.start()
    while len(training.history) < 3:
        bench.step()
    training.look_at(1)
    assert training.shown_field == neural.field(1, STATES)
    bench.finish()
    assert training.shown_field == neural.field(1, STATES)
    training.look_at(None)
    assert training.shown_field is None
    training.look_at(4)
    bench.document.undo()
    assert (training.looking, training.shown_field) == (None, None)


def test_trainings_are_kept_by_name_and_shown_again(bench: Bench, neural: FakeNeural) -> None:
    training = bench.training
    for losses in ([5.0, 1.0], [5.0, 4.0, 3.0]):
        neural.losses = losses
        training.start()
        bench.finish()
        bench.finish("comparison")
    assert [one.name for one in training.runs] == ["1 Adam", "2 Adam"]
    assert all(one.run.report is REPORT for one in training.runs)
    assert training.shown_run == 1
    training.show_run(0)
    assert (training.shown_run, len(training.history), training.report) == (0, 2, REPORT)
    assert bench.document.experiment.run == training.runs[0].run
    bench.document.undo()
    assert training.shown_run == 1
    training.start()
    with pytest.raises(UserError, match="under way"):
        training.show_run(0)
    training.leave()
    assert len(training.runs) == 0


def test_pause_step_resume(bench: Bench) -> None:
    training = bench.training
    assert training.why_not_step == "Pause the training first."
    training.start()
    training.pause()
    assert (training.paused, training.running, training.active) == (True, False, True)
    assert training.why_not_pause != ""
    training.step()
    assert training.paused
    training.resume()
    assert training.running
    calls = [call for call in bench.runner.calls if call[0] != "cancel"]
    assert calls == [("pause", "training"), ("step", "training"), ("resume", "training")]


def test_a_field_comes_before_the_epoch_it_belongs_to_so_that_a_step_shows_both(bench: Bench) -> None:
    bench.training.start()
    while bench.runner.advance("training") and len(bench.training.history) < 4:
        bench.pump()
    kinds = [type(event).__name__ for event in bench.events]
    assert kinds == ["Stage", *4 * ["FieldUpdate", "Epoch"]]


def test_fields_may_be_rarer_than_epochs(bench: Bench, neural: FakeNeural) -> None:
    neural.every = 2
    bench.training.start()
    while bench.runner.advance("training"):
        bench.pump()
    bench.pump()
    assert [event.epoch for event in bench.events if hasattr(event, "epoch")] == [0, 1, 2, 2, 3, 4, 4]
    assert len(bench.document.experiment.run.history) == 4


@pytest.mark.parametrize("verb", ["pause", "resume", "step", "stop"])
def test_what_cannot_be_done_says_why(bench: Bench, verb: str) -> None:
    reason = getattr(bench.training, f"why_not_{verb}")
    assert reason.endswith(".")
    with pytest.raises(UserError) as refused:
        getattr(bench.training, verb)()
    assert str(refused.value) == reason
    bench.training.start()
    with pytest.raises(UserError, match="under way"):
        bench.training.start()


def test_a_training_that_breaks_keeps_the_best_weights(bench: Bench, neural: FakeNeural) -> None:
    neural.breaks_after = 3
    bench.training.start()
    bench.finish()
    assert bench.training.status is TrainingStatus.FAILED
    assert "singular" in bench.training.message
    assert bench.document.experiment.run.best_epoch == 3
    bench.finish("comparison")
    assert bench.training.why_not_start == ""


def test_a_training_that_breaks_at_once_leaves_the_document_alone(bench: Bench, neural: FakeNeural) -> None:
    before = bench.document.experiment
    neural.sample = None  # type: ignore[assignment]
    bench.training.start()
    bench.finish()
    assert bench.training.status is TrainingStatus.FAILED
    assert bench.training.message
    assert bench.document.experiment.run is before.run


def test_a_failing_comparison_is_told(bench: Bench, neural: FakeNeural) -> None:
    neural.comparison_fails = True
    bench.training.start()
    bench.finish()
    bench.finish("comparison")
    assert bench.comparison.message == "The comparison failed. There is nothing to compare."
    assert bench.training.report is None
    assert bench.training.status is TrainingStatus.FINISHED


def test_a_run_for_states_that_are_gone_is_not_forced_upon_the_document(bench: Bench) -> None:
    bench.training.start()
    bench.document.apply(edits.set_text(bench.document.experiment, DECAY), "Edit the equations")
    bench.finish()
    assert bench.document.experiment.run is None
    assert "states have changed" in bench.training.message
    assert bench.training.field is not None
    bench.finish("comparison")
    assert bench.training.report == REPORT


def test_leaving_ends_it_at_once_and_keeps_the_best_so_far(bench: Bench, neural: FakeNeural) -> None:
    bench.training.start()
    while len(bench.training.history) < 3:
        bench.step()
    assert [epoch.held_out for epoch in bench.training.history] == [5.0, 3.0, 1.0]
    bench.training.leave()
    bench.pump()
    assert not bench.training.active
    assert neural.closed == 1
    run = bench.document.experiment.run
    assert (run.best_epoch, run.field, len(run.history)) == (3, neural.field(3, STATES), 3)
    assert bench.document.undo_label is None
    assert bench.training.history == list(run.history)


def test_leaving_before_anything_was_learned_keeps_nothing(bench: Bench) -> None:
    bench.training.start()
    bench.step()
    bench.training.leave()
    bench.pump()
    assert bench.training.status is TrainingStatus.IDLE
    assert bench.document.experiment.run is None


def test_an_end_that_nobody_waits_for_any_more_is_ignored(bench: Bench) -> None:
    bench.training.start()
    bench.runner.finish("training")
    bench.training.leave()
    bench.pump()
    assert bench.training.status is TrainingStatus.IDLE
    assert bench.document.experiment.run is None


def test_a_new_training_forgets_the_comparison_of_the_last(bench: Bench) -> None:
    bench.training.start()
    bench.finish()
    bench.training.start()
    assert not bench.comparison.busy
    bench.pump()
    assert bench.training.running
    assert bench.training.report is None


def test_a_documents_run_is_shown(bench: Bench) -> None:
    bench.training.start()
    bench.finish()
    opened = Bench(bench.document.experiment)
    assert opened.training.status is TrainingStatus.FINISHED
    assert len(opened.training.history) == 4
    opened.document.replace(experiment(DECAY))
    assert opened.training.status is TrainingStatus.IDLE


def test_with_a_thread_it_can_be_paused_stepped_and_stopped(neural: FakeNeural) -> None:
    import time

    neural.losses = [1.0 / (1 + i) for i in range(100_000)]
    bench = Bench()
    runner = ThreadRunner(Mailbox())
    bench.runner = runner
    comparison = bench.comparison = Comparison(bench.document, runner)
    training = bench.training = Training(bench.document, runner, comparison)

    def until(condition: object) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline
            bench.pump()
            time.sleep(0.001)

    def settled() -> int:
        """Epochs when nothing more comes, however slow the machine is."""
        seen = -1
        for _ in range(50):
            if len(training.history) == seen:
                return seen
            seen = len(training.history)
            time.sleep(0.2)
            bench.pump()
        raise AssertionError("The training does not hold still.")

    training.start()
    until(lambda: len(training.history) > 3)
    training.pause()
    held = settled()
    training.step()
    until(lambda: len(training.history) == held + 1)
    assert settled() == held + 1
    training.stop()
    until(lambda: not training.active)
    assert training.status is TrainingStatus.STOPPED
    assert bench.document.experiment.run.best_epoch >= held
    until(lambda: not comparison.busy)
    assert training.report == REPORT
    runner.close()


def test_equations_with_an_error_are_not_learned(bench: Bench) -> None:
    good = bench.document.experiment
    bench.document.apply(edits.set_text(good, good.text + "\n("), "Type")
    assert "error" in bench.training.why_not_start
    with pytest.raises(UserError):
        bench.training.start()
    bench.document.apply(edits.set_text(good, good.text), "Type")
    assert not bench.training.why_not_start


def test_it_is_known_whether_other_equations_are_learned(bench: Bench) -> None:
    bench.training.start()
    bench.finish()
    bench.training.start()
    assert not bench.training.learns_others
    bench.finish()
    now = bench.document.experiment
    bench.document.apply(edits.set_text(now, now.text.replace("sin(theta)", "theta")), "Type")
    bench.training.start()
    assert bench.training.learns_others
    bench.finish()
    assert not bench.training.learns_others


def test_what_was_changed_by_hand_is_kept_with_the_run(bench: Bench) -> None:
    bench.training.start()
    while len(bench.training.history) < 2:
        bench.step()
    bench.training.adjust(learning_rate=1e-3, horizon=8)
    bench.training.back_to_best()
    bench.training.stop()
    run = bench.document.experiment.run
    assert run is not None
    assert run.by_hand == (
        "After epoch 2: learning rate 0.001.",
        "After epoch 2: samples per window 8.",
        "After epoch 2: back to the best weights.",
        "Stopped after epoch 2.",
    )
    assert run.versions["odeplayground"]
