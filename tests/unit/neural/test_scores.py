"""Signs, sums and periods of trajectories made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import expr
from odeplayground.neural.paths import Paths
from odeplayground.neural.quantities import energy_scores
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


def energies(text, true, learned, declared):
    system = expr.parse(text).system
    assert system is not None
    paths = [Paths(T[None], np.stack(y)[None]) for y in (true, learned)]
    return {one.name: one.value for one in energy_scores(system, *paths, None, declared)}


def test_the_energy_of_a_second_order_equation_is_known_by_itself():
    true, learned = (np.cos(T), -np.sin(T)), (1.1 * np.cos(T), -1.1 * np.sin(T))
    found = energies("x' = v; v' = -x", true, learned, {})
    size = np.std(0.5 * np.random.default_rng(1).permutation(true[0]) ** 2 + 0.5 * true[1] ** 2)
    assert found == {"Drift of Energy": pytest.approx(100 * 0.5 * (1.1**2 - 1) / size, rel=0.1)}
    assert energies("x' = v; v' = -x", true, true, {})["Drift of Energy"] == pytest.approx(0, abs=1e-9)


def test_an_energy_that_is_lost_is_compared_with_the_true_one():
    decay = np.exp(-0.05 * T)
    true = (decay * np.cos(T), -decay * (np.sin(T) + 0.05 * np.cos(T)))
    found = energies("x' = v; v' = -(1 + 0.05^2)*x - 0.1*v", true, true, {})
    assert found == {"Energy": pytest.approx(0, abs=1e-9)}


def test_what_a_system_declares_is_taken():
    true, learned = (np.cos(T), -np.sin(T)), (np.cos(T), -np.sin(T) + 0.1)
    found = energies("x' = k*y; y' = -x; k = 1", true, learned, {"r": "k*(x^2 + y^2)"})
    assert list(found) == ["Drift of r"]
    assert found["Drift of r"] > 1
    assert energies("x' = y*y; y' = -x", true, learned, {}) == {}
