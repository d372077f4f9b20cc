"""All accepted steps, as a solution keeps them."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics.kernels.run import solve, solve_with_trails
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from tests.unit.dynamics.kernels.driving import batch, kernel
from tests.unit.dynamics.systems import LORENZ, PENDULUM


def extension(pieces, theta):
    value = pieces[-1]
    for row in range(len(pieces) - 1, 0, -1):
        value = value * (theta if row % 2 else 1 - theta) + pieces[row - 1]
    return value


@pytest.mark.parametrize("method", list(TABLEAUS))
def test_the_pieces_follow_each_other_and_give_the_samples(method):
    times = np.linspace(0, 4, 50)
    task = batch(PENDULUM, (0, 4), times=times, step=0.1)
    result, trails = solve_with_trails(kernel(PENDULUM, method), task)
    rows = trails.records
    assert len(rows) == result.accepted[0]
    t, h, t_new = rows[:, 1:4].T
    assert t[0] == 0
    assert t_new[-1] == 4
    np.testing.assert_array_equal(t[1:], t_new[:-1])
    pieces = rows[:, 4:].reshape(len(rows), -1, 2).transpose(1, 2, 0)
    np.testing.assert_array_equal(pieces[0][:, 0], [1, 0])
    np.testing.assert_allclose(extension(pieces, 1.0)[:, :-1], pieces[0][:, 1:], rtol=1e-14, atol=1e-15)
    at = np.clip(np.searchsorted(t_new, times), 0, len(rows) - 1)
    values = extension(pieces[:, :, at], (times - t[at]) / h[at])
    np.testing.assert_allclose(values, result.samples[0], atol=1e-13)


def test_more_steps_than_the_first_buffer_holds_change_nothing():
    rows = np.random.default_rng(0).normal(size=(3, 3))
    result, trails = solve_with_trails(kernel(LORENZ), batch(LORENZ, (0, 20), rows))
    assert len(trails.records) > 2000
    plain = solve(kernel(LORENZ), batch(LORENZ, (0, 20), rows))
    np.testing.assert_array_equal(result.y, plain.y)
    np.testing.assert_array_equal(np.bincount(trails.records[:, 0].astype(int)), plain.accepted)
