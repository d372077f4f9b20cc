"""Learning succeeds whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import neural
from odeplayground.spec import Optimiser, TrainSpec
from odeplayground.storage import presets

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]
SEEDS = 20
NAMES = ["pendulum", "cooling", "reversible-reaction", "reaction-chain"]
SHORT = pytest.mark.xfail(reason="18 of 20: noise in the few held-out samples chooses a field from before the windows")
CASES = [(name, optimiser) for name in NAMES for optimiser in (Optimiser.ADAM, Optimiser.MARQUARDT)]
KNOWN = {("cooling", Optimiser.MARQUARDT): SHORT}


@pytest.mark.parametrize(
    ("name", "optimiser"), [pytest.param(*case, marks=[KNOWN[case]] if case in KNOWN else []) for case in CASES]
)
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
