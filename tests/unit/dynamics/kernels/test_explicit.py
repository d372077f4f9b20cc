"""Explicit steps against a reference."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from odeplayground import dynamics
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.run import solve
from tests.unit.dynamics.kernels.driving import batch, kernel
from tests.unit.dynamics.systems import BRUSSELATOR, DRIVEN, LORENZ, PENDULUM, typed


@pytest.mark.parametrize("system", [PENDULUM, BRUSSELATOR, DRIVEN, LORENZ], ids=lambda system: system.states[0])
@pytest.mark.parametrize("method", ["dopri5", "tsit5", "dop853"])
def test_agrees_with_scipy_at_tight_tolerances(system, method):
    def rhs(t, y):
        return dynamics.evaluate(system, y[None], t)[0]

    reference = solve_ivp(rhs, (0, 5), system.initial, method="DOP853", rtol=1e-12, atol=1e-12, dense_output=True)
    times = np.linspace(0, 5, 60)
    result = solve(kernel(system, method), batch(system, (0, 5), times=times, rtol=1e-12, atol=1e-12))
    assert result.endings[0] == Ending.FINISHED
    np.testing.assert_allclose(result.y[:, 0], reference.y[:, -1], rtol=3e-8, atol=3e-9)
    np.testing.assert_allclose(result.samples[0], reference.sol(times), rtol=3e-8, atol=3e-9)


@pytest.mark.parametrize("method", ["dopri5", "tsit5", "dop853"])
def test_the_error_follows_the_tolerance(method):
    spring = typed("x' = v\nv' = -x\nx(0) = 1")
    tolerances, errors = (1e-4, 1e-6, 1e-8, 1e-10), []
    for rtol in tolerances:
        # So long that no step comes near to a 32nd of it.
        y = solve(kernel(spring, method), batch(spring, (0, 100), rtol=rtol, atol=rtol)).y[:, 0]
        errors.append(np.abs(y - [np.cos(100), -np.sin(100)]).max())
    assert all(error < 100 * rtol for error, rtol in zip(errors, tolerances, strict=True))
    assert all(later < earlier / 5 for earlier, later in itertools.pairwise(errors))


def test_systems_with_more_states_than_are_unrolled():
    """A chain of springs, whose energy stays, in both ways of writing loops."""
    n = 12
    lines = []
    for i in range(n):
        left = f"x{i - 1}" if i else "0"
        right = f"x{i + 1}" if i < n - 1 else "0"
        lines += [f"x{i}' = v{i}", f"v{i}' = {left} - 2*x{i} + {right}"]
    chain = typed("\n".join(lines))
    start = np.random.default_rng(4).normal(size=2 * n)
    end = solve(kernel(chain, "dop853"), batch(chain, (0, 20), start, rtol=1e-11, atol=1e-11)).y[:, 0]

    def energy(y):
        x = np.concatenate(([0], y[::2], [0]))
        return (y[1::2] ** 2).sum() / 2 + (np.diff(x) ** 2).sum() / 2

    assert energy(end) == pytest.approx(energy(start), rel=1e-9)
    assert np.abs(end - start).max() > 0.1
