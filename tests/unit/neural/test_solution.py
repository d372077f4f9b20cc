"""What ``solve`` gives, and what it refuses."""

from __future__ import annotations

import pytest
import torch

from odeplayground import neural
from odeplayground.spec import Status

TIMES = torch.tensor([0.0, 0.5, 2.0], dtype=torch.float64)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"gradient": "wrong"}, "wrong"),
        ({"engine": "wrong"}, "wrong"),
        ({"engine": "native", "gradient": "adjoint"}, "discrete"),
        ({"engine": "native"}, "dense networks"),
        ({"method": "implicit_adams"}, "nearest one is"),
        ({"method": "scipy_solver"}, "no gradients"),
        ({"adjoint_rtol": 1e-3}, 'are for the gradient "adjoint", not for "discrete"'),
        ({"gradient": "adjoint", "adjoint_method": "rk4", "options": {"first_step": 0.1}}, "adjoint_options"),
    ],
)
def test_refusals_name_what_is_wrong(settings, named):
    with pytest.raises(ValueError, match=named):
        neural.solve(lambda _t, y: -y, torch.ones(1, 2).double(), TIMES, **settings)


def test_hidden_parameters_are_not_forgotten():
    k = torch.ones((), dtype=torch.float64, requires_grad=True)
    with pytest.raises(ValueError, match="params"):
        neural.solve(lambda _t, y: -k * y, torch.ones(1).double(), TIMES)
    neural.solve(lambda _t, y: -k * y, torch.ones(1).double(), TIMES, params=(k,)).values[-1].backward()
    assert k.grad.item() == pytest.approx(-2 * torch.e**-2, rel=1e-5)


@pytest.mark.parametrize("gradient", ["discrete", "adjoint", "interpolating", "direct"])
def test_failure_is_a_status_and_keeps_what_was_reached(gradient):
    """z' = z^2 from 1 has its pole at t = 1."""
    z0 = torch.ones(2, 1, dtype=torch.float64, requires_grad=True)
    found = neural.solve(lambda _t, z: z**2, z0, TIMES, gradient=gradient)
    assert found.status == [Status.STEP_TOO_SMALL] * 2
    assert "t = " in found.message
    assert found.values[1, 0].item() == pytest.approx(2.0, rel=1e-6)
    assert found.values[2].isnan().all()
    (to_z0,) = torch.autograd.grad(found.values[1].sum(), z0)
    assert to_z0[0].item() == pytest.approx(4.0, rel=1e-5)


def test_statistics_count_both_ways():
    net = torch.nn.Linear(2, 2).double()

    class Field(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net

        def forward(self, t, y):
            return self.net(y)

    found = neural.solve(Field(), torch.ones(3, 2).double(), TIMES, gradient="adjoint")
    found.values.sum().backward()
    assert found.stats.evaluations > 6 * found.stats.accepted
    assert found.stats.backward_evaluations > 0
    assert found.status == [Status.FINISHED] * 3


def test_contraction_makes_the_pure_adjoint_drift_and_it_says_so():
    """Backwards, errors of z' = -20 z grow by e^20 over a unit of time."""
    z0 = torch.ones(1, 2, dtype=torch.float64, requires_grad=True)
    found = neural.solve(
        lambda _t, z: -20 * z, z0, 2 * TIMES[:2], gradient="adjoint", checkpoints=0, rtol=1e-6, atol=1e-8
    )
    found.values.sum().backward()
    assert found.stats.drift > 1e2 * 1e-6


def test_a_solution_is_shown_in_a_line():
    found = neural.solve(lambda _t, z: -z, torch.ones(3, 1).double(), TIMES)
    assert repr(found) == f"<Solution: 3 finished. {found.message}>"


def test_the_native_engine_names_the_networks_it_is_for():
    with pytest.raises(ValueError, match=r"neural\.MLP"):
        neural.solve(lambda _t, z: -z, torch.ones(3, 1).double(), TIMES, engine="native")


@pytest.mark.parametrize("per_sample", [False, True])
def test_the_way_back_has_settings_of_its_own(per_sample):
    settings = {"adjoint_rtol": 1e-3, "adjoint_atol": 1e-5, "adjoint_method": "bosh3", "adjoint_options": {}}
    torch.manual_seed(0)
    net, start = neural.MLP([2, 8, 2]).double(), torch.tensor([[1.0, -0.5]]).double()
    found = []
    for solved in (
        lambda y0: neural.solve(net, y0, TIMES, gradient="adjoint", per_sample=per_sample, **settings).values,
        lambda y0: neural.odeint_adjoint(net, y0, TIMES, **settings),
        lambda y0: neural.odeint_adjoint(net, y0, TIMES),
    ):
        y0 = start.clone().requires_grad_()
        solved(y0).square().sum().backward()
        found.append(y0.grad)
    torch.testing.assert_close(found[0], found[1], rtol=1e-12, atol=0.0)
    assert not torch.allclose(found[0], found[2], rtol=1e-8)
