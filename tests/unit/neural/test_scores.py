"""Signs, sums and periods of trajectories made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.neural.paths import Paths
from odeplayground.neural.scores import physical_scores
from odeplayground.spec import System

T = np.linspace(0, 60, 601)
NOTHING = System(())


def scores(true, learned):
    paths = [Paths(T[None], np.stack(y)[None]) for y in (true, learned)]
    return {one.name: one.value for one in physical_scores(NOTHING, *paths, np.ones(len(true)))}


def test_the_period_of_something_that_repeats_itself():
    found = scores((np.sin(T), np.cos(T)), (np.sin(1.01 * T), np.cos(1.01 * T)))
    assert found["Period"] == pytest.approx(100 * (1 - 1 / 1.01), rel=0.02)
    assert "Negative" not in found
    assert "Period" not in scores((np.exp(-T), T), (np.exp(-T), T))


def test_sums_and_signs():
    a, b = np.exp(-T), 1 - np.exp(-T)
    found = scores((a, b), (a - 0.02, b))
    assert found["Total"] == pytest.approx(2)
    assert found["Negative"] == pytest.approx(100 * np.mean(a < 0.019), abs=0.3)
    assert scores((a, b), (a, b)) == {"Negative": 0.0, "Total": pytest.approx(0, abs=1e-12)}


def test_what_diverges_has_no_scores():
    assert scores((np.exp(-T),), (np.where(T > 3, np.nan, 1.0),)) == {}
