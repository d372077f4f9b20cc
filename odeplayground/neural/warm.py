"""Pay the price of torch's first use before anybody waits for it."""

from __future__ import annotations

import torch

from odeplayground.neural.adam import Adam
from odeplayground.neural.adjoint import odeint_adjoint
from odeplayground.neural.models import seeded_net
from odeplayground.neural.native_engine import native_solve


def warm_up() -> None:
    """Tiny solves, gradients and an optimiser step; later ones start at full speed. Changes nothing.

    The native engine is compiled for both precisions, unless its machine code was kept: about a second.
    """
    net = seeded_net([2, 4, 2], "tanh", seed=0)
    parameters, t = list(net.parameters()), torch.tensor([0.0, 0.1])
    y = odeint_adjoint(net, torch.zeros(1, 2), t, method="rk4")
    Adam(parameters).step(torch.autograd.grad(y.square().sum(), parameters), 1e-3)
    for dtype in (torch.float32, torch.float64):
        values, _, _ = native_solve(net.to(dtype), torch.zeros(1, 2, dtype=dtype), t)
        values.sum().backward()  # type: ignore[no-untyped-call]
