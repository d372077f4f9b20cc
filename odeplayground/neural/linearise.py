"""Derivatives of a field at many points: by the state, and summed products with those by the parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from odeplayground.neural.models import BENDS, MLP, ScaledField, written_out

MOST_NUMBERS = 4_000_000
"""Numbers in the full derivatives by the parameters that are held at a time."""


class Linearisation(Protocol):
    """The derivatives of a field at the points where it was made. ``jacobian`` is (m, n, n)."""

    @property
    def jacobian(self) -> Tensor:
        """The derivatives by the state."""
        ...

    def gather(self, factors: Tensor) -> Tensor:
        """Sums of ``factors[b, s] @ df/dp`` over s, (b, r, n_parameters), for factors (b, s, r, n) with b * s = m."""
        ...


class LinearField(Protocol):
    """A field that can give its derivatives at times (m,) and states (m, n)."""

    def linearise(self, t: Tensor, y: Tensor) -> Linearisation:
        """At these points."""
        ...


class DenseLinearisation:
    """For ``spread * net(u(y)) + known * y``: written-out derivatives.

    A layer's part of a Jacobian row is an outer product of what comes back and what went in, so that sums of rows
    are matrix products and no full derivative is ever formed.

    Args:
        net: the network.
        u: its inputs, (m, n_inputs).
        spread: (n, n_outputs), from outputs to derivatives.
        inward: (m, n_inputs, n) or (n_inputs, n), the derivative of the inputs; ``None``: the identity.
        known: (n, n), the derivative of what is known beside the network; ``None``: nothing is.
    """

    def __init__(
        self, net: MLP, u: Tensor, spread: Tensor, inward: Tensor | None = None, known: Tensor | None = None
    ) -> None:
        self._net, self._spread = net, spread
        self._weights = [(w.detach(), b.detach()) for w, b in net.weights()]
        bend = BENDS[net.activation]
        self._inputs, self._slopes = [u], []
        for w, b in self._weights[:-1]:
            x = torch.addmm(b, self._inputs[-1], w.T)
            value = bend.value(x)
            self._inputs.append(value)
            self._slopes.append(bend.pull(torch.ones_like(x), x, value))
        back = spread.expand(len(u), *spread.shape)
        for (w, _), slope in zip(self._weights[:0:-1], self._slopes[::-1], strict=True):
            back = (back @ w) * slope[:, None]
        back = back @ self._weights[0][0]
        jacobian = back if inward is None else back @ inward
        self.jacobian = jacobian if known is None else jacobian + known

    def gather(self, factors: Tensor) -> Tensor:
        b, s, r, _ = factors.shape
        back = (factors @ self._spread).reshape(b * s, r, -1)
        parts = []
        for level in range(len(self._weights) - 1, -1, -1):
            units = back.shape[-1]
            columns = back.reshape(b, s, r * units)
            went_in = self._inputs[level].reshape(b, s, -1)
            parts += [columns.sum(dim=1).reshape(b, r, units)]
            parts += [(columns.transpose(1, 2) @ went_in).reshape(b, r, -1)]
            if level:
                back = (back @ self._weights[level][0]) * self._slopes[level - 1][:, None]
        return torch.cat(parts[::-1], dim=-1)


@dataclass(frozen=True, eq=False)
class FullLinearisation:
    """Any field: the derivatives by the parameters are (m, n, n_parameters)."""

    jacobian: Tensor
    by_parameters: Tensor

    def gather(self, factors: Tensor) -> Tensor:
        b, s, r, n = factors.shape
        full = self.by_parameters.reshape(b, s * n, -1)
        return factors.transpose(1, 2).reshape(b, r, s * n) @ full


def linearise(field: nn.Module, t: Tensor, y: Tensor) -> Linearisation:
    """The quickest way for this field, at times (m,) and states (m, n)."""
    if isinstance(field, ScaledField) and written_out(field):
        return DenseLinearisation(field.net, y, torch.diag(field.rate))
    own = getattr(field, "linearise", None)
    if own is not None:
        made: Linearisation = own(t, y)
        return made
    return by_autograd(field, t, y)


def by_autograd(field: nn.Module, t: Tensor, y: Tensor) -> FullLinearisation:
    """For fields that have nothing of their own: backward passes, vectorised over the points."""
    names = [name for name, _ in field.named_parameters()]
    values = {name: p.detach() for name, p in field.named_parameters()}

    def one(at: Tensor, state: Tensor, weights: dict[str, Tensor]) -> Tensor:
        value: Tensor = torch.func.functional_call(field, weights, (at, state))
        return value

    both = torch.func.vmap(torch.func.jacrev(one, argnums=(1, 2)), in_dims=(0, 0, None))
    chunk = max(1, MOST_NUMBERS // (y.shape[1] * max(1, sum(v.numel() for v in values.values()))))
    states, weights = [], []
    for first in range(0, len(y), chunk):
        piece = slice(first, first + chunk)
        by_state, by_weights = both(t[piece], y[piece], values)
        states.append(by_state)
        weights.append(torch.cat([by_weights[name].flatten(start_dim=2) for name in names], dim=-1))
    return FullLinearisation(torch.cat(states).detach(), torch.cat(weights).detach())
