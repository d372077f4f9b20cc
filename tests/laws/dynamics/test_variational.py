"""The variational equation: exponentials, order, and agreement with neighbouring trajectories."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from odeplayground import dynamics
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.variational import divided, exponentials, gauss_times, in_turn, propagators
from tests.unit.dynamics.systems import LORENZ, typed


@pytest.mark.parametrize("size", [1e-8, 1e-3, 0.3, 5.0, 40.0])
def test_exponentials(size):
    matrices = size * np.random.default_rng(2).standard_normal((20, 4, 4)) / 4
    for matrix, result in zip(matrices, exponentials(matrices), strict=True):
        expected = linalg.expm(matrix)
        np.testing.assert_allclose(result, expected, atol=2e-14 * max(1.0, size) * np.abs(expected).max())


def test_products_are_taken_in_turn():
    factors = np.random.default_rng(3).standard_normal((7, 3, 3))
    expected = np.eye(3)
    for factor in factors:
        expected = factor @ expected
    np.testing.assert_allclose(in_turn(factors), expected, rtol=1e-12)


def lorenz_matrix(pieces, time=0.5):
    field = field_of(LORENZ).bind(np.array([10.0, 28.0, 8 / 3]))
    solution = dynamics.simulate(LORENZ, (0, time), rtol=1e-12, atol=1e-12)
    ends = np.linspace(0, time, pieces + 1)
    nodes = gauss_times(ends)
    return in_turn(propagators(field, nodes, solution(nodes), np.diff(ends)))


def test_the_order_is_four():
    exact = lorenz_matrix(800)
    errors = [np.abs(lorenz_matrix(pieces) - exact).max() for pieces in (20, 40, 80)]
    np.testing.assert_allclose(np.log2(errors[:-1]) - np.log2(errors[1:]), 4, atol=0.4)


def test_it_tells_what_neighbouring_trajectories_do():
    step = 1e-6
    start = np.array(LORENZ.initial)
    starts = start + step * np.concatenate([np.eye(3), -np.eye(3)])
    ends = dynamics.simulate_many(LORENZ, starts, t_span=(0, 0.5), rtol=1e-13, atol=1e-13).y
    np.testing.assert_allclose(lorenz_matrix(400), (ends[:3] - ends[3:]).T / (2 * step), rtol=1e-5, atol=1e-5)


def test_driven_systems():
    system = typed("x' = (1 + cos(t))*x + t\nx(0) = 1")
    field = field_of(system).bind(np.empty(0))
    ends = divided(np.array([0.0, 1.0, 3.0]), 40)
    nodes = gauss_times(ends)
    solution = dynamics.simulate(system, (0, 3), rtol=1e-10)
    factor = in_turn(propagators(field, nodes, solution(nodes), np.diff(ends)))
    assert factor[0, 0] == pytest.approx(np.exp(3 + np.sin(3)), rel=1e-8)
