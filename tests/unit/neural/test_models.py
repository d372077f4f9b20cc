from __future__ import annotations

import copy

import pytest
import torch

from odeplayground import neural
from odeplayground.neural import MLP
from odeplayground.neural.models import ScaledField, seeded_net


@pytest.mark.parametrize("activation", ["tanh", "silu", "softplus"])
@pytest.mark.parametrize("scaled", [False, True])
def test_pullback_is_what_autograd_says(activation, scaled):
    torch.manual_seed(1)
    net = MLP([3, 7, 5, 3], activation).double()
    field = ScaledField(net, torch.tensor([0.5, 2.0, 3.0], dtype=torch.float64)) if scaled else net
    y = torch.randn(6, 3, dtype=torch.float64, requires_grad=True)
    a = torch.randn(6, 3, dtype=torch.float64)
    expected = field(None, y)
    (gradient,) = torch.autograd.grad(expected, y, a)
    value, pulled = field.pullback(y.detach(), a)
    assert torch.allclose(value, expected, rtol=1e-12)
    assert torch.allclose(pulled, gradient, rtol=1e-11)


def test_is_a_module_like_any_other():
    net = MLP([2, 16, 2])
    assert net.sizes == (2, 16, 2)
    assert net(torch.tensor(0.0), torch.zeros(4, 5, 2)).shape == (4, 5, 2)
    assert sum(p.numel() for p in net.parameters()) == 3 * 16 + 17 * 2
    twin = copy.deepcopy(net)
    twin.load_state_dict(net.state_dict())
    assert torch.equal(twin(None, torch.ones(2)), net(None, torch.ones(2)))


@pytest.mark.parametrize(("sizes", "activation"), [([2], "tanh"), ([2, 0, 2], "tanh"), ([2, 2], "relu")])
def test_refuses_what_is_no_network(sizes, activation):
    with pytest.raises(ValueError, match=r"network|activation"):
        MLP(sizes, activation)


def test_first_weights_depend_on_the_seed_only():
    before = torch.get_rng_state()
    nets = [seeded_net([2, 8, 2], "tanh", seed) for seed in (0, 0, 1)]
    assert torch.equal(before, torch.get_rng_state())
    y = torch.randn(5, 2)
    assert torch.equal(nets[0](None, y), nets[1](None, y))
    assert not torch.equal(nets[0](None, y), nets[2](None, y))


@pytest.mark.parametrize("gradient", ["discrete", "adjoint", "interpolating", "direct"])
@pytest.mark.parametrize("engine", ["auto", "torch"])
def test_what_is_hung_on_a_layer_has_its_say_in_values_and_gradients(gradient, engine):
    torch.manual_seed(0)
    hung, doubled = MLP([2, 5, 2]).double(), MLP([2, 5, 2]).double()
    doubled.load_state_dict(hung.state_dict())
    with torch.no_grad():
        for p in doubled.layers[1].parameters():
            p.mul_(2)
    hung.layers[1].register_forward_hook(lambda _module, _inputs, value: 2 * value)
    t = torch.linspace(0, 1, 4, dtype=torch.float64)
    found = []
    for net in (hung, doubled):
        y0 = torch.tensor([[0.3, -0.4]], dtype=torch.float64, requires_grad=True)
        solved = neural.solve(net, y0, t, gradient=gradient, engine=engine, rtol=1e-10, atol=1e-12)
        solved.values.square().sum().backward()
        found.append((solved.values.detach(), y0.grad, net.layers[0].weight.grad))
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-9)


def test_a_layer_in_the_place_of_another_is_used():
    net = MLP([2, 4, 2])
    net.layers[1] = torch.nn.Sequential(torch.nn.Linear(4, 2), torch.nn.Tanh())
    assert net(None, 100 * torch.ones(1, 2)).abs().max() <= 1
