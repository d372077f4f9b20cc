"""Which engine trains, and that it makes no difference to the course of a training."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from odeplayground import expr, neural
from odeplayground.neural.engine import FALLBACK
from odeplayground.neural.learners import learner
from odeplayground.neural.native_windows import CONTROL
from odeplayground.neural.preparation import prepare
from odeplayground.neural.shooting import Shooting
from odeplayground.spec import Engine, Gradient, Optimiser, TrainNote, TrainSpec

SMALL = TrainSpec(hidden=(6,), epochs=6)


@pytest.fixture(scope="module")
def data():
    system = expr.parse("x' = v; v' = -x - 0.2*v; x(0) = 1; t in [0, 10]").system
    assert system is not None
    return neural.sample(system, n_trajectories=2, n_points=24, noise=0.02)


def _losses(data, engine):
    """Of 20 steps of Adam in double precision, with steps of the solver that are as good as exact."""
    parts = prepare(data, 0.0, 0, dtype=torch.float64)
    made = learner(data, SMALL, parts.scaling, torch.float64)
    control = replace(CONTROL, rtol=1e-12, atol=1e-13) if engine is Engine.NATIVE else None
    adam = Shooting(made, parts.training(6), Gradient.DISCRETE, 32, 1e-3, control=control)
    return torch.tensor([adam.epoch(1e-2) for _ in range(20)], dtype=torch.float64)


def test_both_engines_give_the_same_history(data):
    """Through exact steps: the two have different methods. What remains is the error of torch's fixed steps."""
    torch.testing.assert_close(_losses(data, Engine.NATIVE), _losses(data, Engine.TORCH), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"gradient": "adjoint"}, 'The native engine has the gradient "discrete" alone, not "adjoint"'),
        ({"gradient": "direct", "optimiser": "lbfgs"}, 'has the gradient "discrete" alone, not "direct"'),
        ({"model": "second order"}, "The native engine is for plain dense networks"),
        ({"angles": ("x",), "optimiser": "marquardt"}, "The native engine is for plain dense networks"),
    ],
)
def test_native_code_is_not_had_for_everything(data, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        next(neural.train(data, TrainSpec(hidden=(4,), epochs=2, engine="native", **settings)))


@pytest.mark.parametrize("optimiser", Optimiser)
def test_torch_can_be_demanded(data, optimiser, monkeypatch):
    def never(*_args):
        raise AssertionError("native code")

    monkeypatch.setattr("odeplayground.neural.native_engine.DenseSolver", never)
    monkeypatch.setattr("odeplayground.neural.native_sensitivity.DenseSolver", never)
    fit = neural.fit(data, TrainSpec(hidden=(4,), epochs=4, engine="torch", optimiser=optimiser))
    assert fit.history[-1].loss < 1e12


def test_a_fallback_is_told(data):
    def notes(**settings):
        events = neural.train(data, TrainSpec(hidden=(4,), epochs=2, **settings))
        return [event.message for event in events if isinstance(event, TrainNote)]

    assert FALLBACK in notes(model="second order")
    assert FALLBACK not in notes(model="second order", gradient="adjoint")
    assert FALLBACK not in notes()


@pytest.mark.parametrize(
    ("settings", "engine"),
    [({}, Engine.NATIVE), ({"gradient": "adjoint"}, Engine.TORCH), ({"model": "second order"}, Engine.TORCH)],
)
def test_the_record_of_a_run_says_which_engine_trained(data, settings, engine):
    stages = neural.fit(data, TrainSpec(hidden=(4,), epochs=6, **settings)).stages
    assert [stage.engine for stage in stages] == [Engine.AUTO, *[engine] * (len(stages) - 1)]
