"""A field and a^T df/dz at one state."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from odeplayground.neural.models import written_out
from odeplayground.neural.stepping import Field

Pullback = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
"""Of time, state and cotangent: the value and the pulled cotangent."""


def make_pullback(func: object, f: Field) -> Pullback:
    """The quickest way for this right-hand side; ``f`` is ``func`` for joined states."""
    if written_out(func):
        own = func.pullback  # type: ignore[attr-defined]
        return lambda _t, z, a: own(z, a)
    return lambda t, z, a: _by_autograd(f, t, z, a)


def _by_autograd(f: Field, t: Tensor, z: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
    leaf = z.detach().requires_grad_()
    with torch.enable_grad():
        value = f(t, leaf)
    if not value.requires_grad:
        return value, torch.zeros_like(a)
    (pulled,) = torch.autograd.grad(value, leaf, a, allow_unused=True)
    return value.detach(), torch.zeros_like(a) if pulled is None else pulled
