"""Learning succeeds whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import neural
from odeplayground.spec import Optimiser, TrainSpec
from odeplayground.storage import presets

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
SEEDS = 20


@pytest.mark.parametrize("optimiser", [Optimiser.ADAM, Optimiser.MARQUARDT])
@pytest.mark.parametrize("name", ["pendulum", "cooling", "reversible-reaction", "reaction-chain"])
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
