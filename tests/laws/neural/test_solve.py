"""Every method and every gradient, against each other and against laws."""

from __future__ import annotations

import pytest
import torch
import torchdiffeq
from torch import nn

from odeplayground import neural
from odeplayground.neural.methods import METHODS
from odeplayground.spec import Status
from tests.laws.neural.systems import SPIRAL, WEIGHTS, Driven, Linear, Pendulum, loss_of, state, times

ADAPTIVE = [name for name, tableau in METHODS.items() if tableau.adaptive]
FIXED = [name for name, tableau in METHODS.items() if not tableau.adaptive]
LOW = ("adaptive_heun", "fehlberg2")
CONTINUOUS = ("adjoint", "interpolating")
GRADIENTS = ("discrete", "adjoint", "interpolating", "direct")


def settings_of(method):
    if method in FIXED:
        return {"method": method, "options": {"step_size": 0.04}}
    if method in LOW:
        return {"method": method, "rtol": 1e-5, "atol": 1e-6}
    tolerance = 1e-6 if method in ("bosh3", "kvaerno5") else 1e-8
    return {"method": method, "rtol": tolerance, "atol": 0.1 * tolerance}


def gradients(func, z0, t, gradient, **settings):
    found = neural.solve(func, z0, t, gradient=gradient, engine="torch", **settings)
    leaves = [z0, t, *func.parameters()]
    loss = loss_of(found.values.reshape(len(t), -1))
    return torch.autograd.grad(loss, leaves, allow_unused=True, materialize_grads=True)


def relative(a, b):
    return float((a - b).norm() / b.norm().clamp_min(1e-300))


@pytest.mark.parametrize("span", [(0.0, 0.2, 0.5), (1.0, 0.8, 0.4)])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", [Pendulum, Driven])
def test_discrete_adjoint_is_the_derivative_of_the_steps(method, span, make):
    """It equals autograd through the very same steps, whatever the tolerance."""
    func, t = make(), times(*span)
    z0 = state(2.0, 0.1) if make is Pendulum else state(1.2)
    for got, want in zip(
        gradients(func, z0, t, "discrete", **settings_of(method)),
        gradients(func, z0, t, "direct", **settings_of(method)),
        strict=True,
    ):
        # Newton's iterations of the implicit method end at the tolerance.
        assert relative(got, want) < (1e-6 if method == "kvaerno5" else 1e-7) or want.norm() < 1e-12


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("method", METHODS)
def test_taylor_remainder_of_every_method_and_gradient(method, gradient):
    """|L(p + e d) - L(p) - e g.d| shrinks with e^2 when g is the gradient."""
    if gradient == "interpolating" and method in FIXED:
        with pytest.raises(ValueError, match="adaptive"):
            neural.solve(Pendulum(), state(1.0, 0.0), times(0.0, 1.0), gradient=gradient, method=method)
        return
    # Between two steps of every size below, so that the number of steps stays the same when the times move.
    func, z0, t = Pendulum(), state(2.0, 0.3), times(0.0, 0.1905, 0.461)
    settings = settings_of(method)
    if gradient in CONTINUOUS and method in FIXED:
        # The continuous adjoint differs from the derivative of the steps by the error of the method.
        settings["options"] = {"step_size": {"euler": 4.1e-4, "rk4": 0.02, "heun3": 0.01}.get(method, 5e-3)}
    leaves = [z0, t, func.b, func.c]
    numbers = torch.Generator().manual_seed(5)
    directions = [torch.randn(leaf.shape, generator=numbers, dtype=torch.float64) for leaf in leaves]
    directions[1] *= 0.003 if method in FIXED else 0.03
    slope = sum(
        (g * d).sum().item() for g, d in zip(gradients(func, z0, t, gradient, **settings), directions, strict=True)
    )
    start = [leaf.detach().clone() for leaf in leaves]

    def loss(e):
        with torch.no_grad():
            for leaf, s, d in zip(leaves, start, directions, strict=True):
                leaf.copy_(s + e * d)
            return loss_of(neural.odeint(func, z0, t, **settings)).item()

    base = loss(0.0)
    remainders = [abs(loss(e) - base - e * slope) for e in (0.04, 0.02)]
    assert 3.0 < remainders[0] / remainders[1] < 5.2


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("offset", [0.0, 1e-12, 1e-8])
def test_gradients_at_an_equilibrium(gradient, offset):
    z0, t = state(offset, 0.0), torch.tensor([0.0, 12.0], dtype=torch.float64)
    z = neural.solve(Linear(), z0, t, gradient=gradient).values[-1]
    (found,) = torch.autograd.grad(WEIGHTS @ z, z0)
    assert relative(found, torch.linalg.matrix_exp(12 * SPIRAL).T @ WEIGHTS) < 1e-4


@pytest.mark.parametrize("gradient", GRADIENTS)
@pytest.mark.parametrize("offset", [0.0, 1e-8])
def test_gradients_at_an_equilibrium_by_implicit_steps(gradient, offset):
    z0, t = state(offset, 0.0), torch.tensor([0.0, 4.0], dtype=torch.float64)
    z = neural.solve(Linear(), z0, t, gradient=gradient, method="kvaerno5", rtol=1e-6, atol=1e-8).values[-1]
    (found,) = torch.autograd.grad(WEIGHTS @ z, z0)
    assert relative(found, torch.linalg.matrix_exp(4 * SPIRAL).T @ WEIGHTS) < 1e-4


def test_a_stiff_equilibrium_takes_few_implicit_steps():
    """Rates 1 and 1e6: explicit steps would be a million; only what remains of a perturbation counts."""
    matrix = torch.tensor([[-1.0, 1.0], [0.0, -1e6]], dtype=torch.float64)
    z0, t = state(0.0, 0.0), torch.tensor([0.0, 2.0], dtype=torch.float64)
    found = neural.solve(lambda _t, z: z @ matrix.T, z0, t, method="kvaerno5", rtol=1e-6, atol=1e-8)
    (gradient,) = torch.autograd.grad(WEIGHTS @ found.values[-1], z0)
    assert relative(gradient, torch.linalg.matrix_exp(2 * matrix).T @ WEIGHTS) < 1e-4
    assert found.stats.accepted < 300


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_gradients_at_the_equilibrium_of_a_pendulum(gradient):
    """Upside down, at rest: the linear part is [[0, 1], [c, -b]]."""
    func, t = Pendulum(), torch.tensor([0.0, 3.0], dtype=torch.float64)
    z0 = state(torch.pi, 0.0)
    z = neural.solve(func, z0, t, gradient=gradient).values[-1]
    (found,) = torch.autograd.grad(WEIGHTS @ z, z0)
    matrix = torch.tensor([[0.0, 1.0], [5.0, -0.25]], dtype=torch.float64)
    assert relative(found, torch.linalg.matrix_exp(3 * matrix).T @ WEIGHTS) < 1e-4


class Coupled(nn.Module):
    """Rows that influence each other through their mean, and a time-dependent force."""

    def __init__(self):
        super().__init__()
        self.k = nn.Parameter(torch.tensor(0.7, dtype=torch.float64))

    def forward(self, t, y):
        return torch.sin(t) - self.k * (y - y.mean(0)) ** 3 - y


@pytest.mark.parametrize("shape", [(6, 4), (2, 3), (5,)])
def test_rows_that_influence_each_other(shape):
    func, t = Coupled(), times(0.0, 0.5, 1.5)
    z0 = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64).requires_grad_()
    for got, want in zip(gradients(func, z0, t, "discrete"), gradients(func, z0, t, "direct"), strict=True):
        assert relative(got, want) < 1e-9


@pytest.mark.parametrize("method", ["dopri5", "kvaerno5", "rk4"])
def test_a_short_tape_repeats_steps(method):
    func, t, z0 = Pendulum(), times(0.0, 0.5, 1.5), state(2.0, 0.3)
    settings = settings_of(method)
    whole = gradients(func, z0, t, "discrete", **settings)
    thin = gradients(func, z0, t, "discrete", **settings, tape_bytes=2000)
    for a, b in zip(thin, whole, strict=True):
        assert relative(a, b) < 1e-9


def network(seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 3)).double()


class Net(nn.Module):
    def __init__(self, seed):
        super().__init__()
        self.net = network(seed)

    def forward(self, t, y):
        return self.net(y)


@pytest.mark.parametrize("seed", range(20))
def test_random_networks_agree_with_torchdiffeq(seed):
    """At equal tolerance, errors against a much tighter solve are no larger than a few of the tolerance."""
    func, t = Net(seed), torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)
    z0 = torch.randn(4, 3, dtype=torch.float64)
    leaves = list(func.parameters())

    def gradient(y):
        return torch.cat([g.reshape(-1) for g in torch.autograd.grad(y.square().mean(), leaves)])

    theirs = gradient(torchdiffeq.odeint(func, z0, t, rtol=1e-9, atol=1e-11))
    for name in ("discrete", "adjoint"):
        found = gradient(neural.solve(func, z0, t, gradient=name, rtol=1e-9, atol=1e-11).values)
        assert relative(found, theirs) < 1e-7
    found = gradient(neural.odeint_adjoint(func, z0, t, rtol=1e-9, atol=1e-11))
    assert relative(found, theirs) < 1e-7


def test_pure_adjoint_takes_constant_memory():
    """Ten times as many steps, no more tensors alive at the end of the way forward."""
    func, alive = Pendulum(), []
    for end in (1.0, 6.0):
        z0, t = torch.randn(200, 2, dtype=torch.float64).requires_grad_(), torch.tensor([0.0, end]).double()
        plan = {"gradient": "adjoint", "checkpoints": 0, "rtol": 1e-5, "atol": 1e-5}
        found = neural.solve(func, z0, t, **plan)
        held = {id(s): s.nbytes() for s in _storages(found.values.grad_fn)}
        alive.append((sum(held.values()), found.stats.accepted))
        found.values.sum().backward()
        assert found.stats.drift >= 0
    assert alive[1][1] > 4 * alive[0][1]
    assert alive[1][0] == alive[0][0]


def _storages(node):
    kept = node.kept._kept if hasattr(node, "kept") else []
    return [x.untyped_storage() for x in (*node.saved_tensors, *(y for _, y in kept))]


def test_samples_one_by_one_do_not_see_each_other():
    class Stiffness(nn.Module):
        def forward(self, t, y):
            x, v, mu = y.unbind(-1)
            return torch.stack([v, mu * (1 - x**2) * v - x, 0 * mu], -1)

    t = torch.tensor([0.0, 0.5, 1.0], dtype=torch.float64)
    y0 = torch.tensor([[2.0, 0.0, 1.0], [2.0, 0.0, 20.0], [1.0, 1.0, 5.0]], dtype=torch.float64)
    many = neural.solve(Stiffness(), y0, t, per_sample=True, rtol=1e-5)
    alone = neural.solve(Stiffness(), y0[:1], t, per_sample=True, rtol=1e-5)
    assert torch.equal(many.values[:, 0], alone.values[:, 0])
    assert len(many.status) == 3
    grids = torch.stack([t, 2 * t, 0.5 * t])
    other = neural.solve(Stiffness(), y0, grids, per_sample=True, rtol=1e-5).values
    assert torch.allclose(other[2, 2], many.values[1, 2], rtol=1e-3)


@pytest.mark.parametrize(
    ("make", "starts"), [(Pendulum, [[2.0, 0.3], [0.0, 0.0], [0.1, 3.0]]), (Driven, [[1.0], [-2.0], [0.5]])]
)
def test_steps_of_each_row_have_their_exact_adjoint(make, starts):
    """Rows together, by the adjoint of their steps, are the rows alone by autograd; grids run both ways."""
    func, y0 = make(), torch.tensor(starts, dtype=torch.float64, requires_grad=True)
    grids = torch.tensor([[0, 0.5, 1], [0, 1, 2.5], [1, 0.5, -0.3]], dtype=torch.float64, requires_grad=True)
    tolerances = {"rtol": 1e-6, "atol": 1e-8}
    together = neural.solve(func, y0, grids, per_sample=True, **tolerances)
    alone = [
        neural.solve(func, row[None], grid, gradient="direct", **tolerances).values[:, 0]
        for row, grid in zip(y0, grids, strict=True)
    ]
    leaves = [y0, grids, *func.parameters()]
    got, want = (
        torch.autograd.grad(
            values.sin().square().sum() + values[1].sum(), leaves, materialize_grads=True, allow_unused=True
        )
        for values in (together.values, torch.stack(alone, 1))
    )
    assert torch.allclose(together.values, torch.stack(alone, 1), rtol=1e-7)
    for a, b in zip(got, want, strict=True):
        # A row at rest takes other, no larger steps than alone: its error is within the tolerance.
        assert relative(a, b) < 1e-5 or b.norm() < 1e-12
    assert len({one.accepted for one in together.stats}) > 1


def test_a_row_at_an_equilibrium_has_the_right_gradient_among_others():
    t = torch.tensor([0.0, 12.0], dtype=torch.float64)
    y0 = torch.tensor([[0.0, 0.0], [2.0, 1.0]], dtype=torch.float64, requires_grad=True)
    z = neural.solve(Linear(), y0, t, per_sample=True).values[-1]
    (found,) = torch.autograd.grad((z @ WEIGHTS).sum(), y0)
    for row in found:
        assert relative(row, torch.linalg.matrix_exp(12 * SPIRAL).T @ WEIGHTS) < 1e-4


def test_a_row_that_fails_leaves_the_others_alone():
    """z' = z^2 has its pole at 1 / z(0)."""
    y0 = torch.tensor([[1.0], [0.1], [-1.0]], dtype=torch.float64, requires_grad=True)
    t = torch.tensor([0.0, 0.5, 2.0], dtype=torch.float64)
    found = neural.solve(lambda _t, z: z**2, y0, t, per_sample=True, rtol=1e-5, atol=1e-7)
    assert found.status == [Status.STEP_TOO_SMALL, Status.FINISHED, Status.FINISHED]
    assert found.values[2, 0].isnan().all()
    assert torch.allclose(found.values[2, 1:], (y0 / (1 - 2 * y0))[1:], rtol=1e-4)
    (gradient,) = torch.autograd.grad(found.values[1].sum(), y0)
    assert torch.allclose(gradient, (1 - 0.5 * y0.detach()) ** -2, rtol=1e-3)


def test_van_der_pol_with_outputs_at_the_ends_only():
    class VanDerPol(nn.Module):
        def __init__(self):
            super().__init__()
            self.mu = nn.Parameter(torch.tensor(5.0, dtype=torch.float64))

        def forward(self, t, z):
            x, y = z.unbind(-1)
            return torch.stack([y, self.mu * (1 - x**2) * y - x], dim=-1)

    func, z0, t = VanDerPol(), state(2.0, 0.0), times(0.0, 10.0)
    tight = {"rtol": 1e-8, "atol": 1e-10}
    exact, found = (gradients(func, z0, t, name, **tight) for name in ("discrete", "adjoint"))
    for got, want in zip(found, exact, strict=True):
        assert relative(got, want) < 1e-5


def test_unused_parameters_get_zero_in_every_mode():
    for gradient in GRADIENTS[:3]:
        func, z0, t = Driven(), state(1.0), times(0.0, 1.0)
        neural.solve(func, z0, t, gradient=gradient).values.sum().backward()
        assert not func.unused.grad.any()
        assert func.k.grad.abs() > 0


def test_stiff_field_takes_few_implicit_steps():
    """Prothero and Robinson's problem: y follows cos t whatever the stiffness."""
    t = torch.linspace(0, 3, 4, dtype=torch.float64)
    y0 = torch.ones(1, dtype=torch.float64)
    found = neural.solve(
        lambda s, y: -1e6 * (y - torch.cos(s)) - torch.sin(s), y0, t, gradient="direct", method="kvaerno5",
        rtol=1e-6, atol=1e-6,
    )  # fmt: skip
    assert torch.allclose(found.values[:, 0], torch.cos(t), atol=1e-5)
    assert found.stats.accepted < 200


def test_falling_stone_meets_the_ground():
    """y'' = -g: the time and its gradients are known. Both interfaces; torchdiffeq agrees."""
    g = 9.8

    def fall(_t, y):
        return torch.stack([y[1], -g + 0 * y[1]])

    for extra in ({}, {"odeint_interface": neural.odeint_adjoint, "adjoint_params": ()}):
        y0, t0 = state(10.0, 0.0), torch.tensor(0.5, dtype=torch.float64)
        t, z = neural.odeint_event(fall, y0, t0, event_fn=lambda _t, y: y[0], **extra)
        expected = (2 * 10 / g) ** 0.5
        assert t.item() == pytest.approx(0.5 + expected, rel=1e-9)
        assert z.shape == (2, 2)
        to_y0 = torch.autograd.grad(t, y0)[0]
        # t = (v + sqrt(v^2 + 2 g x)) / g
        assert to_y0.tolist() == pytest.approx([1 / (g * expected), 1 / g], rel=1e-7)


def test_dense_output_is_the_solution_anywhere():
    z0 = state(1.0, -0.5)
    path = neural.odeint_dense(Linear(), z0, 0.0, 3.0, rtol=1e-9, atol=1e-10)
    asked = torch.tensor([0.0, 0.31, 1.7, 3.0], dtype=torch.float64)
    exact = torch.stack([torch.linalg.matrix_exp(SPIRAL * s) @ z0 for s in asked])
    assert torch.allclose(path(asked), exact, atol=1e-6)
    (gradient,) = torch.autograd.grad(path(1.7) @ WEIGHTS, z0)
    assert relative(gradient, torch.linalg.matrix_exp(1.7 * SPIRAL).T @ WEIGHTS) < 1e-6
    with pytest.raises(ValueError, match="outside"):
        path(3.1)


def test_a_jump_of_the_field_is_met_exactly():
    t = torch.tensor([0.0, 0.2, 1.0], dtype=torch.float64)
    z0 = state(0.0)
    for gradient in ("direct", "discrete"):
        found = neural.solve(
            lambda s, y: torch.where(s < 0.5, torch.ones_like(y), 3 * torch.ones_like(y)) + 0 * y,
            z0, t, gradient=gradient, options={"jump_t": torch.tensor([0.5])},
        )  # fmt: skip
        assert found.values[-1].item() == pytest.approx(2.0, rel=1e-12)
        assert found.stats.rejected == 0


@pytest.mark.parametrize("method", ["dopri5", "rk4"])
def test_complex_states(method):
    z0 = torch.tensor([[1.0 + 0.5j, 2.0j]], dtype=torch.complex128, requires_grad=True)
    w = torch.tensor(0.3 + 2.0j, dtype=torch.complex128, requires_grad=True)
    t = torch.tensor([0.0, 0.7, 1.0], dtype=torch.float64)
    options = {"step_size": 0.005} if method == "rk4" else None
    exact = torch.exp(w * t)[:, None, None] * z0
    want = torch.autograd.grad(exact.abs().square().sum() + exact.real.sum(), (z0, w))
    for gradient in ("discrete", "adjoint", "direct"):
        z = neural.solve(
            lambda _t, y: w * y, z0, t, gradient=gradient, params=(w,), rtol=1e-10, atol=1e-11,
            method=method, options=options,
        ).values  # fmt: skip
        assert torch.allclose(z, exact, atol=1e-8)
        got = torch.autograd.grad(z.abs().square().sum() + z.real.sum(), (z0, w))
        for a, b in zip(got, want, strict=True):
            assert torch.allclose(a, b, rtol=1e-7)
