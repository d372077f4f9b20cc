"""Learning succeeds whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import expr, neural
from odeplayground.spec import Optimiser, TrainNote, TrainSpec
from odeplayground.storage import presets

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
SEEDS = 20
NAMES = ["pendulum", "cooling", "reversible-reaction", "reaction-chain"]
CASES = [(name, optimiser) for name in NAMES for optimiser in (Optimiser.ADAM, Optimiser.MARQUARDT)]


@pytest.mark.parametrize(("name", "optimiser"), CASES)
def test_twenty_seeds_with_noise(name, optimiser):
    system = presets.preset(name)
    errors = []
    for seed in range(SEEDS):
        data = neural.sample(system, noise=0.05, seed=seed)
        fit = neural.fit(data, TrainSpec(hidden=(16,), optimiser=optimiser, epochs=200, seed=seed))
        assert fit.report is not None
        errors.append(fit.report.field_error)
    assert np.isfinite(errors).all()
    assert np.sum(np.array(errors) <= 2 * np.median(errors)) >= SEEDS - 1


@pytest.mark.parametrize("collocation", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_a_learning_rate_of_one_recovers_or_says_so(seed, collocation):
    data = neural.sample(presets.preset("pendulum"), noise=0.05, seed=seed)
    notes: list[TrainNote] = []
    spec = TrainSpec(hidden=(16,), epochs=200, seed=seed, learning_rate=1.0, collocation=collocation)
    fit = neural.fit(data, spec, lambda event: notes.append(event) if isinstance(event, TrainNote) else None)
    assert fit.report is not None
    assert np.isfinite(fit.history[-1].held_out)
    assert fit.report.field_error < 0.5 or any("diverged" in note.message for note in notes)


@pytest.mark.parametrize("optimiser", [Optimiser.ADAM, Optimiser.MARQUARDT, Optimiser.LBFGS])
def test_a_field_that_explodes_is_learned_as_far_as_it_was_seen(optimiser):
    system = expr.parse("x' = x^2; y' = -y; x(0) = 1; y(0) = 1; t in [0, 0.97]").system
    assert system is not None
    data = neural.sample(system, n_trajectories=1, noise=0.01)
    fit = neural.fit(data, TrainSpec(hidden=(16,), optimiser=optimiser, epochs=200))
    assert fit.report is not None
    assert fit.history[fit.best_epoch].held_out < fit.history[0].held_out
    assert fit.report.verdict.endswith(".")
