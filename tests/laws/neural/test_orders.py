"""Observed orders of convergence."""

from __future__ import annotations

import math

import pytest
import torch

from odeplayground import neural
from tests.laws.neural.systems import Driven, Linear, state


def error(method, step):
    """At irregular times, of which none is a multiple of the step."""
    t = torch.tensor([0.0, 0.37, 1.0], dtype=torch.float64)
    with torch.no_grad():
        rough = neural.odeint(Driven(), state(1.0), t, method=method, options={"step_size": step})
        exact = neural.odeint(Driven(), state(1.0), t, rtol=1e-12, atol=1e-13)
    return (rough - exact).abs().max().item()


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("midpoint", 2), ("heun2", 2), ("heun3", 3), ("rk4", 4)])
def test_order_of_fixed_steps(method, order):
    slope = math.log2(error(method, 0.08) / error(method, 0.02)) / 2
    assert slope == pytest.approx(order, abs=0.15)


def test_adaptive_error_follows_the_tolerance():
    t = torch.tensor([0.0, 0.7, 4.0, 9.3], dtype=torch.float64)
    func, z0 = Linear(), state(2.0, 0.0)
    exact = torch.stack([torch.linalg.matrix_exp(func.a * s) @ z0 for s in t]).detach()
    with torch.no_grad():
        errors = [(neural.odeint(func, z0, t, rtol=r, atol=r) - exact).abs().max().item() for r in (1e-5, 1e-8, 1e-11)]
    for tolerance, found in zip((1e-5, 1e-8, 1e-11), errors, strict=True):
        assert found < 30 * tolerance


def test_dense_output_is_as_good_as_the_steps():
    """Asking for many times changes no step, and the values between are accurate."""
    few, many = (torch.linspace(0, 6, n, dtype=torch.float64) for n in (2, 601))
    calls = [0]

    def counted(t, z):
        calls[0] += 1
        return Linear()(t, z)

    with torch.no_grad():
        end = neural.odeint(counted, state(1.0, 1.0), few, rtol=1e-8, atol=1e-8)[-1]
        first = calls[0]
        path = neural.odeint(counted, state(1.0, 1.0), many, rtol=1e-8, atol=1e-8)
    assert calls[0] == 2 * first
    assert torch.allclose(path[-1], end, rtol=1e-14)
    exact = torch.stack([torch.linalg.matrix_exp(Linear().a * s) @ state(1.0, 1.0) for s in many]).detach()
    assert (path - exact).abs().max() < 1e-6
