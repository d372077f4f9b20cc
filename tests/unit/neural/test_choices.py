"""Every way of training trains, and what is no choice is refused in a sentence."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from odeplayground import expr, neural
from odeplayground.neural import Gradient, Model, Optimiser, TrainSpec


@pytest.fixture(scope="module")
def data():
    system = expr.parse("x' = v; v' = -x - a*v; a = 0.2; x(0) = 1; t in [0, 8]").system
    assert system is not None
    return neural.sample(system, n_trajectories=2, n_points=16)


@pytest.mark.parametrize(
    ("model", "optimiser", "gradient"), list(itertools.product(Model, Optimiser, Gradient)), ids=str
)
def test_every_model_trains_with_every_optimiser_and_gradient(data, model, optimiser, gradient):
    spec = TrainSpec(hidden=(4,), epochs=3, model=model, optimiser=optimiser, gradient=gradient)
    history = neural.fit(data, spec).history
    assert history[0].epoch == 0
    assert len(history) > 1
    assert np.isfinite([one.loss for one in history]).all()


def test_choices_are_taken_by_their_values():
    spec = TrainSpec(hidden=[8, 8], optimiser="adam", gradient="direct", model="second order", activation="silu")
    assert spec.optimiser is Optimiser.ADAM
    assert spec.gradient is Gradient.DIRECT
    assert spec.model is Model.SECOND_ORDER
    assert spec.activation is neural.Activation.SILU
    assert spec == TrainSpec((8, 8), neural.Activation.SILU, Gradient.DIRECT, model=Model.SECOND_ORDER)
    assert hash(spec)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"gradient": "nonsense"}, 'gradient takes one of "adjoint", "direct", "discrete", not .nonsense.'),
        ({"optimiser": "newton"}, 'optimiser takes one of "adam", "lbfgs", "marquardt", not .newton.'),
        ({"model": "bananas"}, 'model takes one of "network", '),
        ({"activation": None}, 'activation takes one of "tanh", "silu", "softplus", not None'),
        ({"held_out_by": "luck"}, 'held_out_by takes one of "blocks", '),
        ({"hidden": 16}, r"hidden takes a tuple of whole numbers, such as hidden=\(32, 32\), not 16."),
        ({"hidden": (8.0,)}, "hidden takes a tuple of whole numbers"),
        ({"angles": "theta"}, "angles takes a tuple of names, such as "),
        ({"epochs": 0}, "at least one epoch"),
        ({"hidden": ()}, "at least one hidden layer"),
        ({"hidden": (0,)}, "at least one unit"),
        ({"learning_rate": 0.0}, "learning rate must be positive"),
        ({"learning_rate": float("nan")}, "learning rate must be positive"),
        ({"held_out": 1.0}, "held-out share"),
        ({"horizons": (4, 1)}, "at least two samples"),
        ({"tolerance": 0.0}, "tolerance must be positive"),
        ({"ridge": -1.0}, "ridge must be zero or more"),
        ({"patience": -1}, "patience must be zero or more"),
        ({"seed": -1}, "seed must be zero or more"),
    ],
)
def test_what_is_no_choice_is_refused_in_a_sentence(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        TrainSpec(**settings)


def test_an_unknown_setting_is_named():
    with pytest.raises(TypeError, match="'optimizer'"):
        TrainSpec(optimizer="adam")


@pytest.mark.parametrize("wrong", [None, [[1, 2]]])
def test_fit_says_what_data_it_takes(wrong):
    with pytest.raises(TypeError, match=r"fit takes data as from sample\(system\), or a Dataset"):
        neural.fit(wrong)


def test_fit_says_what_settings_it_takes(data):
    with pytest.raises(TypeError, match=r"fit takes settings as TrainSpec\(...\), not dict."):
        neural.fit(data, {"epochs": 3})


def test_data_and_fits_are_shown_in_a_line(data):
    assert repr(data) == "<Dataset of x, v: 2 trajectories, 32 samples>"
    shown = repr(neural.fit(data, TrainSpec(hidden=(4,), epochs=2)))
    assert shown.startswith("<Fit of 2 epochs, best at ")
    assert "\n" not in shown
