"""Least squares, L-BFGS, control of a running training, and going on after a checkpoint."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from odeplayground import expr, neural
from odeplayground.neural.control import Control
from odeplayground.neural.data import Dataset, Trajectory
from odeplayground.neural.least_squares import Marquardt
from odeplayground.neural.windows import split
from odeplayground.spec import Epoch, HoldOut, Optimiser, Stage, TrainNote, TrainSpec

OPTIMISERS = list(Optimiser)


def spec_of(optimiser, **settings):
    return TrainSpec(hidden=(6,), epochs=24, optimiser=optimiser, **settings)


@pytest.fixture(scope="module")
def data():
    system = expr.parse("x' = v; v' = -x - 0.2*v; x(0) = 1; t in [0, 10]").system
    assert system is not None
    return neural.sample(system, n_trajectories=2, n_points=24, noise=0.02)


def finish(training):
    events = []
    while True:
        try:
            events.append(next(training))
        except StopIteration as end:
            return events, end.value


class Rosenbrock:
    """The banana valley as two residuals."""

    ridge = torch.zeros(2, dtype=torch.float64)

    def residuals(self, x):
        self._x = x
        return torch.stack([10 * (x[1] - x[0] ** 2), 1 - x[0]])

    def jacobian(self):
        return torch.tensor([[-20 * self._x[0], 10.0], [-1.0, 0.0]], dtype=torch.float64)


def test_least_squares_finds_the_end_of_the_valley():
    search, problem = Marquardt(torch.tensor([-1.2, 1.0], dtype=torch.float64)), Rosenbrock()
    gains = [search.step(problem) for _ in range(40)]
    assert search.x.tolist() == pytest.approx([1, 1], abs=1e-6)
    assert all(one.after <= one.before for one in gains)


def test_both_spaces_give_the_same_step():
    numbers = torch.Generator().manual_seed(0)
    for m, p in ((3, 8), (8, 3)):
        jacobian = torch.randn(m, p, generator=numbers, dtype=torch.float64)
        offset = torch.randn(m, generator=numbers, dtype=torch.float64)
        ridge = torch.rand(p, generator=numbers, dtype=torch.float64)

        class Linear:
            def __init__(self, jacobian, offset, ridge):
                self.ridge, self._jacobian, self._offset = ridge, jacobian, offset

            def residuals(self, x):
                return self._jacobian @ x + self._offset

            def jacobian(self):
                return self._jacobian

        search = Marquardt(torch.zeros(p, dtype=torch.float64), damping=1e-12)
        search.step(Linear(jacobian, offset, ridge))
        expected = torch.linalg.solve(jacobian.T @ jacobian + torch.diag(ridge), -jacobian.T @ offset)
        assert torch.allclose(search.x, expected, rtol=1e-8)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_learns(data, optimiser):
    events, done = finish(neural.train(data, spec_of(optimiser)))
    assert done.history[0].held_out > 3 * done.history[done.best_epoch].held_out
    epochs = [event.epoch for event in events if isinstance(event, Epoch)]
    assert epochs == sorted(set(epochs))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("epochs", [3, 14])
def test_a_checkpoint_goes_on_bit_for_bit(data, optimiser, epochs):
    spec, control = spec_of(optimiser), Control()
    training = neural.train(data, spec, control)
    while not (isinstance(event := next(training), Epoch) and event.epoch == epochs):
        pass
    saved = {name: array.copy() for name, array in control.checkpoint().items()}
    _, whole = finish(training)
    _, resumed = finish(neural.train(data, spec, resume=saved))
    assert resumed.field == whole.field
    assert resumed.stages == whole.stages
    assert [(e.epoch, e.loss, e.held_out) for e in resumed.history] == [
        (e.epoch, e.loss, e.held_out) for e in whole.history
    ]


def test_checkpoints_of_other_trainings_are_refused(data):
    control = Control()
    with pytest.raises(RuntimeError, match="No training"):
        control.checkpoint()
    training = neural.train(data, spec_of(Optimiser.ADAM), control)
    next(training)
    with pytest.raises(ValueError, match="other shapes"):
        next(neural.train(data, TrainSpec(hidden=(7,)), resume=control.checkpoint()))
    with pytest.raises(ValueError, match="no checkpoint"):
        next(neural.train(data, TrainSpec(), resume={}))


def test_a_stop_in_the_middle_of_an_epoch_keeps_the_best(data):
    control = Control()
    training = neural.train(data, spec_of(Optimiser.MARQUARDT), control)
    for event in training:
        if isinstance(event, Epoch) and event.epoch == 5:
            break
    control.stop()
    events, done = finish(training)
    assert len(done.history) == 6
    assert any(isinstance(event, TrainNote) and "Stopped" in event.message for event in events)


def test_horizon_rate_and_tolerance_can_be_changed(data):
    control = Control()
    training = neural.train(data, spec_of(Optimiser.ADAM, collocation=False, gradient="adjoint"), control)
    seen = []
    for event in training:
        seen.append(event)
        if isinstance(event, Epoch) and event.epoch == 4:
            control.horizon, control.learning_rate, control.tolerance = 6, 1e-5, 1e-9
    changed = [event for event in seen if isinstance(event, Stage) and event.epoch == 5]
    assert len(changed) == 1
    assert any("steps between samples" in event.message for event in seen if isinstance(event, TrainNote))
    losses = {event.epoch: event.loss for event in seen if isinstance(event, Epoch)}
    assert max(losses) == 24
    assert abs(losses[24] - losses[6]) < 0.05 * losses[6]


@pytest.mark.parametrize("horizon", [1, -3])
def test_impossible_horizons_are_refused_to_who_asks_for_them(horizon):
    control = Control()
    with pytest.raises(ValueError, match="at least two samples"):
        control.horizon = horizon
    assert control.horizon is None
    with pytest.raises(ValueError, match="at least two samples"):
        Control(horizon=horizon)


def test_patience_ends_a_stage(data):
    _, done = finish(neural.train(data, spec_of(Optimiser.ADAM, patience=1, learning_rate=1e-9, collocation=False)))
    assert len(done.history) < 25


def test_a_field_that_explodes_recovers_or_says_so(data):
    for optimiser in OPTIMISERS:
        _, done = finish(neural.train(data, spec_of(optimiser, learning_rate=1.0, collocation=False)))
        assert all(math.isfinite(one.held_out) for one in done.history)
        assert done.history[done.best_epoch].held_out <= done.history[0].held_out
        assert done.message


def curve(t, missing=(), sigma=None):
    y = np.stack([np.cos(t), -np.sin(t)])
    for state, place in missing:
        y[state, place] = np.nan
    return Trajectory(t, y, sigma=sigma)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_missing_values_and_different_lengths(optimiser):
    numbers = np.random.default_rng(0)
    gaps = [(i % 2, j) for i, j in itertools.product(range(4), (3, 8, 14))]
    one, two = curve(np.linspace(0, 5, 30), gaps), curve(np.sort(numbers.uniform(0, 4, 22)), [(0, 0), (1, 21)])
    fit = neural.fit(Dataset(("x", "v"), (one, two)), TrainSpec(hidden=(8,), epochs=24, optimiser=optimiser))
    assert fit.history[0].held_out > 10 * min(epoch.held_out for epoch in fit.history)


def test_impossible_data_are_refused():
    t = np.linspace(0, 1, 6)
    with pytest.raises(ValueError, match="fewer than four"):
        Dataset(("x", "v"), (curve(t, [(0, 1), (0, 2), (0, 3)]),))
    with pytest.raises(ValueError, match="positive number"):
        Dataset(("x", "v"), (curve(t, sigma=np.zeros((2, 6))),))


def test_samples_count_by_their_noise():
    """A trajectory that is all wrong, and said to be, does no harm."""
    t = np.linspace(0, 5, 40)
    good, bad = curve(t, sigma=np.full((2, 40), 0.01)), curve(t, sigma=np.full((2, 40), 1.0))
    bad.y[:] = np.random.default_rng(0).normal(size=bad.y.shape)
    weights = [run.weight for run in split(Dataset(("x", "v"), (good, bad)), 0.2, 0)]
    assert weights[0].min() > 1e3 * weights[1].max()


@pytest.mark.parametrize("by", list(HoldOut))
def test_what_is_held_out(by):
    data = Dataset(("x", "v"), tuple(curve(np.linspace(i, i + 5, 20 + i)) for i in range(5)))
    runs = split(data, 0.2, 0, by)
    shares = [1 - run.trains.mean() for run in runs]
    assert sum(shares) == pytest.approx(1, abs=0.15)
    if by is HoldOut.TRAJECTORIES:
        assert sorted(shares) == [0, 0, 0, 0, 1]
    if by is HoldOut.TIME:
        assert all((np.diff(run.trains.astype(int)) <= 0).all() and run.trains[0] for run in runs)
    fit = neural.fit(data, TrainSpec(hidden=(8,), epochs=24, held_out_by=by))
    assert fit.history[0].held_out > 5 * min(epoch.held_out for epoch in fit.history)
