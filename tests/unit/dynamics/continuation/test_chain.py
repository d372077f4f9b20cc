"""Closed chains of equations against the dense solution, and the condensed equations of cycles against differences."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics.continuation.chain import Chain, solved
from odeplayground.dynamics.continuation.closed import CycleCurve
from odeplayground.dynamics.continuation.family import Family
from odeplayground.dynamics.continuation.mesh import DEGREE, adapted, interpolated, node_times
from tests.unit.dynamics.systems import BRUSSELATOR, LORENZ


@pytest.mark.parametrize("count", [1, 2, 3, 7, 16, 29])
def test_a_chain_against_a_dense_solution(count):
    rng = np.random.default_rng(count)
    n, k = 3, 2
    start, end = rng.normal(size=(2, count, n, n))
    numbers, right = rng.normal(size=(count, n, k)), rng.normal(size=(count, n))
    rows, corner, below = rng.normal(size=(count, k, n)), rng.normal(size=(k, k)), rng.normal(size=k)
    matrix = np.zeros((count * n + k, count * n + k))
    for i in range(count):
        block, following = slice(i * n, i * n + n), (i + 1) % count
        matrix[block, block] += start[i]
        matrix[block, following * n : following * n + n] += end[i]
        matrix[block, -k:] = numbers[i]
        matrix[-k:, block] = rows[i]
    matrix[-k:, -k:] = corner
    expected = np.linalg.solve(matrix, np.append(right.ravel(), below))
    y, v = solved(Chain(start, end, numbers, right, rows, corner, below))
    assert np.allclose(np.append(y.ravel(), v), expected, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize(("system", "name"), [(BRUSSELATOR, "B"), (LORENZ, "r")])
def test_the_condensed_equations_are_the_derivative(system, name):
    rng = np.random.default_rng(5)
    family = Family(system, [name], None)
    ends = np.sort(np.concatenate([[0.0, 1.0], rng.uniform(0.05, 0.95, 5)]))
    angle = 2 * np.pi * node_times(ends)[:, None] + np.arange(family.n)
    nodes = 1.5 + 0.5 * np.cos(angle)
    scale = rng.uniform(0.5, 2, family.n)
    curve = CycleCurve(family, scale, 3.0, 2.0, ends, nodes)
    z = np.append(nodes.ravel(), [1.1, 0.9])
    linear = curve.linear(z)
    row, right = rng.normal(size=z.size), rng.normal(size=z.size - 1)
    step = linear.solve(row, right, 0.7)
    h = 1e-5
    change = (curve.linear(z + h * step).residual - curve.linear(z - h * step).residual) / (2 * h)
    assert np.allclose(change, right, atol=1e-6 * np.abs(right).max())
    assert row @ step == pytest.approx(0.7)


def test_a_mesh_is_fine_where_the_curve_bends_and_keeps_it():
    ends = np.linspace(0, 1, 121)

    def curve(t):
        return np.tanh(60 * np.sin(2 * np.pi * t))[:, None]

    better = adapted(ends, curve(node_times(ends)))
    assert better[0] == 0
    assert better[-1] == 1
    assert np.diff(better).min() > 0
    assert np.diff(better).min() < 0.05 * np.diff(better).max()
    times = np.linspace(0, 1, 500)
    coarse = [np.abs(interpolated(e, curve(node_times(e)), times) - curve(times)).max() for e in (ends, better)]
    assert coarse[1] < 0.5 * coarse[0]


def test_the_interpolant_has_its_order():
    """The interpolant of degree 4 has an error of order 5."""
    times = np.linspace(0, 1, 777)

    def error(count):
        ends = np.linspace(0, 1, count + 1)
        nodes = np.sin(2 * np.pi * node_times(ends))[:, None]
        return np.abs(interpolated(ends, nodes, times)[:, 0] - np.sin(2 * np.pi * times)).max()

    assert np.log2(error(10) / error(20)) == pytest.approx(DEGREE + 1, abs=0.2)
