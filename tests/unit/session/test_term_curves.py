"""Learned terms as curves, beside the true ones of the preset."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from odeplayground.session import edits
from odeplayground.session.term_curves import term_curves
from odeplayground.spec import Activation, Array, LearnedTerm, Samples, TrainedRun, TrainSpec
from odeplayground.storage import presets

X, Y = np.linspace(5, 100, 40), np.linspace(2, 50, 40)[::-1]


def linear(*slopes: float) -> LearnedTerm:
    n = len(slopes)
    return LearnedTerm((n, 1), Activation.TANH, Array.of(np.array([*slopes, 0.0])), (0.0,) * n, (1.0,) * n, 1.0)


def curves(old: str, new: str, *terms: LearnedTerm):
    experiment = presets.load("lotka-volterra").experiment
    text = experiment.text.replace(old, new)
    assert text != experiment.text
    experiment = edits.set_text(experiment, text)
    field = msgspec.structs.replace(experiment.system, terms=terms)
    samples = Samples(("x", "y"), (Array.of(np.arange(40.0)),), (Array.of(np.stack([X, Y])),), 0.0)
    return term_curves(experiment, TrainedRun(samples, TrainSpec(), field, 0, 0.0, (), ()))


def test_a_term_of_one_argument_beside_the_true_one():
    (found,) = curves("- gamma*y", "- [?](y)", linear(0.7))
    y, learned, true = np.array(found.curve)
    assert (found.name, found.argument, found.where) == ("[?](y)", "y", "")
    assert found.seen == (2.0, 50.0)
    assert y[0] < 2 < 50 < y[-1]
    assert learned == pytest.approx(0.7 * y)
    assert true == pytest.approx(0.8 * y)


def test_a_term_of_two_arguments_is_cut_in_slices():
    found = curves("- beta*x*y", "- [?](x, y)", linear(1.0, 2.0))
    held = np.quantile(Y, (0.1, 0.5, 0.9))
    assert [one.where for one in found] == [f"y = {value:.3g}" for value in held]
    for one, y in zip(found, held, strict=True):
        x, learned, true = np.array(one.curve)
        assert learned == pytest.approx(x + 2 * y)
        assert true == pytest.approx(0.028 * x * y)


def test_what_is_not_known_is_left_open():
    (product,) = curves("- beta*x*y", "- [?](x*y)", linear(1.0))
    assert np.isnan(np.array(product.curve)[2]).all()
    two = curves("alpha*x - beta*x*y", "[?](x) - [?](y)", linear(1.0), linear(1.0))
    assert len(two) == 2
    assert all(np.isnan(np.array(one.curve)[2]).all() for one in two)
    assert curves("beta = 0.028", "beta = 0.03") == ()
