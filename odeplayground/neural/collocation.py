"""The start of training: fit the field to the slopes of smoothed data, without solving anything.

Varah 1982, SIAM J. Sci. Stat. Comput. 3, spline least squares; called a two-stage or collocation method.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from odeplayground.neural.adam import Adam
from odeplayground.neural.improver import State, loaded, stored
from odeplayground.neural.preparation import Slopes

STEPS = 10
"""Steps of Adam per epoch."""


class Collocation:
    """Mean squares of the field minus the slopes, in units of ``rate`` (n_states,)."""

    steps = (0, 0)

    def __init__(self, field: nn.Module, points: Slopes, rate: Tensor) -> None:
        self._field, self._points, self._rate = field, points, rate
        self._parameters = list(field.parameters())
        self._adam = Adam(self._parameters)
        self.evaluations = self.backward = STEPS
        self.converged = False

    def epoch(self, rate: float) -> tuple[float, float]:
        """A few steps; returns the last loss and the norm of its gradient."""
        points = self._points
        for _ in range(STEPS):
            off = (self._field(points.t, points.states) - points.slopes) / self._rate
            loss = off.square().mean()
            gradients = torch.autograd.grad(loss, self._parameters, materialize_grads=True)
            self._adam.step(gradients, rate)
        return loss.item(), torch.stack([g.square().sum() for g in gradients]).sum().sqrt().item()

    def forget(self) -> None:
        """Begin the optimiser anew."""
        self._adam = Adam(self._parameters)

    def state(self) -> State:
        """As :class:`improver.Improver`."""
        return stored(self._adam.state())

    def restore(self, state: State) -> None:
        """As :class:`improver.Improver`."""
        self._adam.restore(loaded(state))
