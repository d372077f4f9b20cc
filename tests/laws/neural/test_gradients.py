"""Gradients against closed forms, finite differences, plain autograd and torchdiffeq."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
import torchdiffeq

from odeplayground import neural
from odeplayground.neural.models import MLP
from tests.laws.neural.systems import SPIRAL, WEIGHTS, Driven, Linear, Pendulum, loss_of, state, times

TIGHT = {"rtol": 1e-12, "atol": 1e-13}
SOLVERS = [neural.odeint, neural.odeint_adjoint]


def gradients(solver, func, z0, t, **settings):
    z = solver(func, z0, t, **settings)
    return torch.autograd.grad(loss_of(z), [z0, t, *func.parameters()], allow_unused=True, materialize_grads=True)


def relative(a, b):
    return float((a - b).norm() / b.norm().clamp_min(1e-300))


@pytest.mark.parametrize("solver", SOLVERS)
def test_linear_example_with_known_numbers(solver):
    z0, t = state(2.0, 0.0), times(0.0, 1.5)
    z = solver(Linear(), z0, t, **TIGHT)
    to_z0, to_t = torch.autograd.grad(WEIGHTS @ z[-1], (z0, t))
    expected = torch.tensor([-0.214946715830469, -0.619251546101495], dtype=torch.float64)
    assert relative(to_z0, expected) < 1e-8
    assert to_t[1].item() == pytest.approx(-1.195513749036896, rel=1e-8)
    assert to_t[0].item() == pytest.approx(1.195513749036896, rel=1e-8)


@pytest.mark.parametrize(("settings", "bound"), [({"rtol": 1e-8, "atol": 1e-8}, 1e-5), (TIGHT, 1e-8)])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("span", [(0.0, 0.4, 1.1, 3.0), (2.0, 1.5, -0.5)])
def test_matrix_exponential(solver, settings, bound, span):
    """State, parameters and all times, forward and backward in time, against autograd through expm."""
    func, z0, t = Linear(), state(2.0, -0.4), times(*span)
    exact = torch.stack([torch.linalg.matrix_exp(func.a * (ti - t[0])) @ z0 for ti in t])
    expected = torch.autograd.grad(loss_of(exact), [z0, t, func.a])
    for got, want in zip(gradients(solver, func, z0, t, **settings), expected, strict=True):
        assert relative(got, want) < bound


def test_adjoint_of_contracting_system_with_few_outputs():
    """Van der Pol, mu = 5, outputs at the ends only: without checkpoints the way back loses everything."""

    class VanDerPol(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.mu = torch.nn.Parameter(torch.tensor(5.0, dtype=torch.float64))

        def forward(self, t, z):
            x, y = z.unbind(-1)
            return torch.stack([y, self.mu * (1 - x**2) * y - x], dim=-1)

    func, z0, t = VanDerPol(), state(2.0, 0.0), times(0.0, 6.0)
    reference = gradients(neural.odeint, func, z0, t, rtol=1e-8, atol=1e-9)
    adjoint = gradients(neural.odeint_adjoint, func, z0, t, rtol=1e-9, atol=1e-10)
    assert relative(adjoint[2], reference[2]) < 1e-4
    assert relative(adjoint[1], reference[1]) < 1e-4


@pytest.mark.parametrize("make", [Driven, Pendulum])
@pytest.mark.parametrize("span", [(0.3, 0.6, 0.8, 1.1), (1.0, 0.7, 0.3)])
def test_adjoint_agrees_with_autograd_and_torchdiffeq(make, span):
    func, t = make(), times(*span)
    z0 = state(1.2, 0.3) if make is Pendulum else state(1.2)
    ours = gradients(neural.odeint_adjoint, func, z0, t, **TIGHT)
    direct = gradients(neural.odeint, func, z0, t, **TIGHT)
    theirs = gradients(torchdiffeq.odeint_adjoint, func, z0, t, **TIGHT)
    for a, b, c in zip(ours, direct, theirs, strict=True):
        assert relative(a, b) < 1e-8 or b.norm() < 1e-12
        assert relative(a, c) < 1e-8 or c.norm() < 1e-12


def test_values_agree_with_torchdiffeq():
    func, z0, t = Pendulum(), state(3.0, 0.0), times(0.0, 0.5, 1.0, 2.0)
    ours, theirs = neural.odeint(func, z0, t, **TIGHT), torchdiffeq.odeint(func, z0, t, **TIGHT)
    assert torch.allclose(ours, theirs, rtol=1e-9, atol=1e-10)
    for method in ("euler", "midpoint"):
        same = [
            f(func, z0, t, method=method, options={"step_size": 0.125}) for f in (neural.odeint, torchdiffeq.odeint)
        ]
        assert torch.allclose(*same, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("make", [Driven, Pendulum])
def test_sum_rule_of_time_gradients(solver, make):
    """They add up to zero for autonomous systems only; otherwise to what moving the explicit time does."""
    func, t = make(), times(0.2, 0.9, 1.7)
    z0 = state(1.2, 0.3) if make is Pendulum else state(1.2)
    total = gradients(solver, func, z0, t, **TIGHT)[1].sum().item()
    if make is Pendulum:
        assert abs(total) < 1e-8
        return
    shift = torch.zeros((), dtype=torch.float64, requires_grad=True)
    z = neural.odeint(lambda s, y: func(s + shift, y), z0, t.detach(), **TIGHT)
    (moved,) = torch.autograd.grad(loss_of(z), shift)
    assert total == pytest.approx(moved.item(), rel=1e-8)
    assert abs(total) > 1e-2


@pytest.mark.parametrize("solver", SOLVERS)
def test_finite_differences(solver):
    func, z0, t = Pendulum(), state(3.0, 0.1), times(0.0, 0.7, 1.3)
    leaves = [z0, t, func.b, func.c]
    found = gradients(solver, func, z0, t, **TIGHT)

    def loss():
        with torch.no_grad():
            return loss_of(neural.odeint(func, z0, t, **TIGHT)).item()

    for leaf, gradient in zip(leaves, found, strict=True):
        for i in range(leaf.numel()):
            flat, h = leaf.data.view(-1), 1e-5
            flat[i] += h
            above = loss()
            flat[i] -= 2 * h
            below = loss()
            flat[i] += h
            assert gradient.view(-1)[i].item() == pytest.approx((above - below) / (2 * h), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("solver", "method"),
    [
        *((neural.odeint, method) for method in ("euler", "midpoint", "rk4", "dopri5")),
        # With Euler's method the way back would need steps too small for this test.
        *((neural.odeint_adjoint, method) for method in ("midpoint", "rk4", "dopri5")),
    ],
)
def test_taylor_remainder_has_slope_two(solver, method):
    """|L(p + e d) - L(p) - e g.d| shrinks with e^2 when g is the gradient."""
    settings = TIGHT if method == "dopri5" else {"method": method, "options": {"step_size": 5e-3}}
    func, z0, t = Pendulum(), state(2.0, 0.5), times(0.0, 0.3, 0.6)
    leaves = [z0, t, func.b, func.c]
    found = gradients(solver, func, z0, t, **settings)
    numbers = torch.Generator().manual_seed(1)
    directions = [torch.randn(leaf.shape, generator=numbers, dtype=torch.float64) for leaf in leaves]
    slope = sum((g * d).sum() for g, d in zip(found, directions, strict=True)).item()
    start = [leaf.detach().clone() for leaf in leaves]

    def loss(e):
        with torch.no_grad():
            for leaf, s, d in zip(leaves, start, directions, strict=True):
                leaf.copy_(s + e * d)
            return loss_of(neural.odeint(func, z0, t, **settings)).item()

    base = loss(0.0)
    remainders = [abs(loss(e) - base - e * slope) for e in (0.04, 0.02, 0.01)]
    for large, small in itertools.pairwise(remainders):
        assert 3.3 < large / small < 4.7


def test_euler_on_growth_is_a_power():
    z0, t = state(1.0), torch.linspace(0, 1, 11, dtype=torch.float64)
    z = neural.odeint(lambda _t, y: y, z0, t, method="euler")
    (gradient,) = torch.autograd.grad(z[-1].sum(), z0)
    assert gradient.item() == pytest.approx(1.1**10, rel=1e-14)


@pytest.mark.parametrize("method", ["euler", "midpoint", "rk4"])
def test_fixed_steps_are_differentiated_exactly(method):
    """Against the power of the step's matrix, which is a polynomial in h A."""
    n, h = 40, 0.05
    ha = h * SPIRAL
    one = torch.eye(2, dtype=torch.float64)
    step = one + ha
    if method != "euler":
        step = step + ha @ ha / 2
    if method == "rk4":
        step = step + ha @ ha @ ha / 6 + ha @ ha @ ha @ ha / 24
    z0 = state(2.0, -1.0)
    t = torch.tensor([0.0, n * h], dtype=torch.float64)
    z = neural.odeint(Linear(), z0, t, method=method, options={"step_size": h})
    (gradient,) = torch.autograd.grad(WEIGHTS @ z[-1], z0)
    assert relative(gradient, torch.linalg.matrix_power(step, n).T @ WEIGHTS) < 1e-12


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("offset", [0.0, 1e-12, 1e-8])
def test_gradient_at_an_equilibrium(solver, offset):
    """The trajectory rests, so nothing but the cap keeps the steps where gradients are right."""
    z0 = state(offset, 0.0)
    t = torch.tensor([0.0, 12.0], dtype=torch.float64)
    (gradient,) = torch.autograd.grad(WEIGHTS @ solver(Linear(), z0, t)[-1], z0)
    assert relative(gradient, torch.linalg.matrix_exp(12 * SPIRAL).T @ WEIGHTS) < 1e-5


@pytest.mark.parametrize("solver", SOLVERS)
def test_tuple_states(solver):
    func, t = Pendulum(), times(0.0, 0.6, 1.5)
    theta, omega = state(2.0, 1.0, -0.5), state(0.3, 0.0, 1.0)

    def apart(_t, pair):
        return pair[1], -func.b * pair[1] - func.c * torch.sin(pair[0])

    extra = {} if solver is neural.odeint else {"adjoint_params": tuple(func.parameters())}
    a, b = solver(apart, (theta, omega), t, **TIGHT, **extra)
    assert a.shape == b.shape == (3, 3)
    together = neural.odeint(func, torch.stack([theta, omega], dim=-1), t, **TIGHT)
    assert torch.allclose(a, together[..., 0], atol=1e-9)
    leaves = [theta, omega, t, func.b, func.c]
    found = torch.autograd.grad((a**2 + b).sum(), leaves)
    expected = torch.autograd.grad((together[..., 0] ** 2 + together[..., 1]).sum(), leaves)
    for got, want in zip(found, expected, strict=True):
        assert relative(got, want) < 1e-8


def test_liouville():
    """det dz(T)/dz0 = exp of the integral of the trace: exp(-b T) for the damped pendulum."""
    func, z0 = Pendulum(), state(2.5, 0.4)
    t = torch.tensor([0.0, 1.0], dtype=torch.float64)
    z = neural.odeint_adjoint(func, z0, t, **TIGHT)[-1]
    rows = [torch.autograd.grad(z[i], z0, retain_graph=True)[0] for i in range(2)]
    assert torch.det(torch.stack(rows)).item() == pytest.approx(math.exp(-0.25), rel=1e-8)


def test_unused_parameters_get_zero():
    func, z0, t = Driven(), state(1.0), times(0.0, 1.0)
    neural.odeint_adjoint(func, z0, t).sum().backward()
    assert func.unused.grad is not None
    assert not func.unused.grad.any()
    assert func.k.grad is not None
    assert func.k.grad.abs() > 0


@pytest.mark.parametrize("activation", ["tanh", "silu", "softplus"])
@pytest.mark.parametrize("method", ["dopri5", "rk4"])
def test_adjoint_of_a_network(activation, method):
    """The written-out derivatives of dense networks against autograd through the solver."""
    torch.manual_seed(0)
    net = MLP([2, 16, 8, 2], activation).double()
    t, settings = torch.linspace(0, 1.5, 6, dtype=torch.float64), dict(TIGHT)
    if method == "rk4":
        settings = {"method": "rk4", "options": {"step_size": 0.01}}
    z0 = torch.randn(4, 3, 2, dtype=torch.float64, requires_grad=True)
    leaves = [z0, *net.parameters()]
    found, expected = (
        torch.autograd.grad(solver(net, z0, t, **settings).square().mean(), leaves)
        for solver in (neural.odeint_adjoint, neural.odeint)
    )
    for got, want in zip(found, expected, strict=True):
        assert relative(got, want) < 1e-8


def test_published_algorithm_without_checkpoints():
    func, z0, t = Pendulum(), state(1.0, 0.0), times(0.0, 1.0, 2.0)
    pure = gradients(neural.odeint_adjoint, func, z0, t, **TIGHT, adjoint_options={"checkpoints": 0})
    usual = gradients(neural.odeint_adjoint, func, z0, t, **TIGHT)
    for a, b in zip(pure, usual, strict=True):
        assert relative(a, b) < 1e-8
