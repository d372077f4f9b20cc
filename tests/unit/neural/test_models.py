from __future__ import annotations

import copy

import pytest
import torch

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
