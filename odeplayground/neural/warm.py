"""Pay the price of torch's first use before anybody waits for it."""

from __future__ import annotations

import torch

from odeplayground.neural.adam import Adam
from odeplayground.neural.adjoint import odeint_adjoint
from odeplayground.neural.models import seeded_net


def warm_up() -> None:
    """One tiny solve, gradient and optimiser step; later ones start at full speed. Changes nothing."""
    net = seeded_net([2, 4, 2], "tanh", seed=0)
    parameters = list(net.parameters())
    y = odeint_adjoint(net, torch.zeros(1, 2), torch.tensor([0.0, 0.1]), method="rk4")
    Adam(parameters).step(torch.autograd.grad(y.square().sum(), parameters), 1e-3)
