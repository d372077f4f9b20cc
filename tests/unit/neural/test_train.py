from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from odeplayground import dynamics, expr, neural
from odeplayground.neural.errors import SolveError
from odeplayground.neural.shooting import Shooting
from odeplayground.session.training_record import Judge
from odeplayground.spec import Epoch, FieldUpdate, Gradient, Stage, Status, TrainNote, TrainSpec
from odeplayground.storage import presets

QUICK = TrainSpec(hidden=(8,), epochs=30)


def system_of(text):
    system = expr.parse(text).system
    assert system is not None
    return system


OSCILLATOR = system_of("x' = v; v' = -x - 0.2*v; x(0) = 1; t in [0, 10]")


@pytest.fixture(scope="module")
def data():
    return neural.sample(OSCILLATOR, n_trajectories=3, n_points=30, noise=0.02)


def run(data, spec):
    """All events, and what the generator returned."""
    events, training = [], neural.train(data, spec)
    while True:
        try:
            events.append(next(training))
        except StopIteration as end:
            return events, end.value


@pytest.fixture(scope="module")
def result(data):
    return run(data, QUICK)


def test_epochs_count_up_from_the_untrained_network(result):
    events, done = result
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert [one.epoch for one in epochs] == list(range(31))
    assert done.history == tuple(epochs)
    assert all(math.isfinite(one.loss + one.held_out + one.gradient_norm) for one in epochs)
    assert epochs[0].loss > 10 * epochs[-1].loss


def test_evaluations_are_counted(data, result):
    _, done = result
    last = done.history[-1]
    assert last.evaluations_forward == last.evaluations_backward > 6
    _, small_steps = run(data, TrainSpec(hidden=(8,), epochs=4, collocation=False, gradient=Gradient.ADJOINT))
    last = small_steps.history[-1]
    assert last.evaluations_forward == last.evaluations_backward == 4 * 11


def test_steps_of_native_windows_are_counted(data):
    _, done = run(data, TrainSpec(hidden=(8,), epochs=12))
    last = done.history[-1]
    assert last.accepted > last.rejected >= 0
    assert last.evaluations_forward <= 1 + 6 * (last.accepted + last.rejected)
    assert done.history[0].accepted == 0


def test_stages_begin_at_their_epochs(result):
    events, done = result
    assert [event for event in events if isinstance(event, Stage)] == list(done.stages)
    assert [stage.epoch for stage in done.stages] == [1, 11, 17, 23]
    assert "slopes" in done.stages[0].name
    horizons = [float(stage.name.removeprefix("horizon ")) for stage in done.stages[1:]]
    assert horizons == sorted(horizons)


def test_the_field_is_shown_at_the_end_of_each_stage(result):
    events, _ = result
    shown = {event.epoch for event in events if isinstance(event, FieldUpdate)}
    assert {0, 10, 16, 22, 30} <= shown


def test_best_weights_are_kept(result):
    events, done = result
    lowest = math.inf
    for one in done.history:
        lowest = min(lowest, one.held_out)
        assert done.history[one.best_epoch].held_out <= 1.1 * lowest
        assert one.best_epoch == one.epoch or one.held_out > lowest
    assert done.best_epoch == done.history[-1].best_epoch
    shown = [event.field for event in events if isinstance(event, FieldUpdate) and event.epoch == done.best_epoch]
    assert shown
    assert all(field == done.field for field in shown)


def test_where_held_out_losses_differ_by_their_noise_the_later_field_is_kept():
    """Samples of a cooling cup whose few held-out ones are no worse off before the windows than after."""
    cooling = presets.preset("cooling")
    data = neural.sample(cooling, noise=0.05, seed=1)
    fit = neural.fit(data, TrainSpec(hidden=(16,), optimiser="marquardt", epochs=200, seed=1))
    slopes = fit.stages[1].epoch - 1
    assert min(one.held_out for one in fit.history) == min(one.held_out for one in fit.history[: slopes + 1])
    assert fit.best_epoch > slopes
    assert fit.report.field_error < 0.04


def test_whoever_stops_a_training_has_been_told_the_best_field(result):
    """Stopped after any epoch, a listener's best is the trainer's."""
    events, _ = result
    judge, told = Judge(), None
    for event in events:
        told = judge.better(event) or told
        if isinstance(event, Epoch):
            assert told is not None
            assert told.epoch == event.best_epoch


def test_the_field_is_a_system(result):
    _, done = result
    states = np.array([[0.5, -0.2], [-0.3, 0.4]])
    learned, true = dynamics.evaluate(done.field, states), dynamics.evaluate(OSCILLATOR, states)
    assert np.abs(learned - true).max() < 0.3
    assert dynamics.simulate(done.field).status is Status.FINISHED


def test_equal_seeds_give_equal_results(data, result):
    _, done = result
    _, again = run(data, QUICK)
    assert again.field == done.field
    _, other = run(data, TrainSpec(hidden=(8,), epochs=30, seed=1))
    assert other.field != done.field


def test_all_gradients_train_alike(data):
    settings = {"hidden": (8,), "epochs": 12, "horizons": (4, 8)}
    ends = {kind: run(data, TrainSpec(gradient=kind, **settings))[1].history[-1] for kind in Gradient}
    for end in ends.values():
        assert end.loss == pytest.approx(ends[Gradient.ADJOINT].loss, rel=0.05)
    assert [kind for kind, end in ends.items() if end.evaluations_backward == 0] == [Gradient.DIRECT]


def test_without_collocation_and_without_holding_out(data):
    _, done = run(data, TrainSpec(hidden=(8,), epochs=150, collocation=False, held_out=0.0))
    assert "slopes" not in done.stages[0].name
    assert done.history[0].held_out > 5 * done.history[-1].held_out


def test_back_to_best_goes_on_from_the_best_weights(data):
    control = neural.Control()
    training = neural.train(data, TrainSpec(hidden=(8,), epochs=40, learning_rate=0.05), control)
    best, shown, back = None, {}, None
    for event in training:
        if isinstance(event, FieldUpdate):
            shown[event.epoch] = event.field
            back = back or (best is not None and event)
        if isinstance(event, Epoch) and event.epoch == 30:
            best = event.best_epoch
            expected = shown[best]
            control.back_to_best()
    assert back.field == expected
    assert back.epoch == 30


def test_a_stop_before_the_first_epoch_is_told(data):
    control = neural.Control()
    control.stop()
    training = neural.train(data, QUICK, control)
    events = []
    while True:
        try:
            events.append(next(training))
        except StopIteration as end:
            done = end.value
            break
    assert [type(event) for event in events] == [TrainNote]
    assert "before the first epoch" in done.message
    assert done.history == ()


def test_closing_early_leaves_nothing_behind(data):
    training = neural.train(data, QUICK)
    first = [next(training) for _ in range(5)]
    training.close()
    assert any(isinstance(event, Epoch) for event in first)
    with pytest.raises(StopIteration):
        next(training)


@pytest.mark.parametrize("error", [SolveError("far away", Status.DIVERGED), FloatingPointError("not finite")])
def test_divergence_is_skipped_with_a_note(data, monkeypatch, error):
    calls, usual = itertools.count(), Shooting.epoch

    def sometimes(self, rate):
        if next(calls) == 3:
            raise error
        return usual(self, rate)

    monkeypatch.setattr(Shooting, "epoch", sometimes)
    events, done = run(data, QUICK)
    notes = [event for event in events if isinstance(event, TrainNote)]
    assert [note.epoch for note in notes] == [14]
    assert "half the step" in notes[0].message
    assert [one.epoch for one in done.history] == [e for e in range(31) if e != 14]


def test_a_huge_learning_rate_ends_with_the_best_weights(data):
    _, done = run(data, TrainSpec(hidden=(8,), epochs=20, learning_rate=1e4))
    assert all(math.isfinite(one.held_out) for one in done.history)
    assert np.isfinite(np.asarray(done.field.weights)).all()
    held_out = {one.epoch: one.held_out for one in done.history}
    assert min(held_out.values()) == held_out[done.best_epoch]


def test_trajectories_with_different_and_irregular_times():
    numbers = np.random.default_rng(0)
    grids = [np.linspace(0, 5, 30), np.linspace(1, 4, 25), np.sort(numbers.uniform(0, 5, 40))]
    curves = [neural.Trajectory(t, np.stack([np.cos(t), -np.sin(t)])) for t in grids]
    events, done = run(neural.Dataset(("x", "v"), tuple(curves)), TrainSpec(hidden=(8,), epochs=60))
    assert done.history[0].held_out > 10 * done.history[done.best_epoch].held_out
    assert not any(isinstance(event, TrainNote) and "diverged" in event.message for event in events)


def test_coarse_samples_get_more_solver_steps():
    t = np.arange(0, 20, 0.3)
    fast = neural.Trajectory(t, np.stack([np.cos(5 * t), -np.sin(5 * t)]))
    events, _ = run(neural.Dataset(("x", "v"), (fast,)), TrainSpec(hidden=(16,), epochs=40, held_out=0.0))
    assert max(event.evaluations_forward for event in events if isinstance(event, Epoch)) >= 2 * 44


def test_driven_systems_are_called_by_name():
    system = system_of("x' = v; v' = -x + cos(2*t); x(0) = 1; t in [0, 10]")
    events, _ = run(neural.sample(system, n_points=30), TrainSpec(hidden=(8,), epochs=5))
    assert isinstance(events[0], TrainNote)
    assert "depends on time" in events[0].message


def test_constant_and_single_states():
    t = np.linspace(0, 3, 20)
    resting = neural.Trajectory(t, np.stack([np.exp(-t), np.full(20, 7.0)]))
    _, done = run(neural.Dataset(("x", "k"), (resting,)), TrainSpec(hidden=(8,), epochs=30))
    assert np.isfinite(dynamics.evaluate(done.field, np.array([[0.5, 7.0]]))).all()
    one = neural.Trajectory(t, np.exp(-t)[None])
    _, done = run(neural.Dataset(("x",), (one,)), TrainSpec(hidden=(8,), epochs=60))
    assert dynamics.evaluate(done.field, np.array([[0.5]]))[0, 0] == pytest.approx(-0.5, abs=0.05)
