"""Training succeeds: errors by definition, measured against the true field."""

from __future__ import annotations

import pytest

from odeplayground import neural
from odeplayground.spec import TrainSpec
from odeplayground.storage import presets


def fitted(name, seed=0, **settings):
    data = neural.sample(presets.preset(name), noise=0.02, seed=seed)
    return neural.fit(data, TrainSpec(seed=seed, **settings))


def fall(fit):
    """By what factor the loss on held-out samples fell."""
    return fit.history[0].held_out / fit.history[fit.best_epoch].held_out


def test_pendulum_from_noisy_samples():
    fit = fitted("pendulum", epochs=100)
    assert fit.report is not None
    assert fit.report.field_error <= 0.1
    assert fall(fit) > 10


@pytest.mark.soak
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_pendulum_for_every_seed(seed):
    fit = fitted("pendulum", seed)
    assert fit.report is not None
    assert fit.report.field_error <= 0.1


@pytest.mark.soak
@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("cooling", 0.1),
        ("reversible-reaction", 0.15),
        ("reaction-chain", 0.15),
        ("lotka-volterra", 0.1),
        ("van-der-pol", 0.15),
        ("fitzhugh-nagumo", 0.15),
        ("lorenz", 0.15),
        ("brusselator", 0.25),
        ("sir", 0.15),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_presets(name, bound, seed):
    fit = fitted(name, seed)
    assert fit.report is not None
    assert fit.report.field_error <= bound
    assert fall(fit) > 10
