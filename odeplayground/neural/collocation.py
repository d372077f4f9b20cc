"""The start of training: fit the network to the slopes of smoothed data, without solving anything.

Varah 1982, SIAM J. Sci. Stat. Comput. 3, spline least squares; called a two-stage or collocation method.
"""

from __future__ import annotations

import torch
from torch import Tensor

from odeplayground.neural.adam import Adam
from odeplayground.neural.models import MLP

STEPS = 10
"""Steps of Adam per epoch."""


class Collocation:
    """Mean squares of ``net(states) - slopes``, both of shape (k, n_states)."""

    def __init__(self, net: MLP, states: Tensor, slopes: Tensor) -> None:
        self._net = net
        self._states, self._slopes = states, slopes
        self._parameters = list(net.parameters())
        self._adam = Adam(self._parameters)

    def epoch(self, rate: float) -> float:
        """A few steps; returns the norm of the last gradient."""
        for _ in range(STEPS):
            loss = (self._net(None, self._states) - self._slopes).square().mean()
            gradients = torch.autograd.grad(loss, self._parameters)
            self._adam.step(gradients, rate)
        return torch.stack([g.square().sum() for g in gradients]).sum().sqrt().item()
