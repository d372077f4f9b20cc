"""A field at many times and states in one call, whatever the shape of its state."""

from __future__ import annotations

from weakref import WeakSet

import torch
from torch import Tensor

from odeplayground.neural.stepping import Field

CHUNK = 8192
"""Rows of states that go into one call."""
_refused: WeakSet[Field] = WeakSet()


def evaluate_many(f: Field, times: Tensor, states: Tensor) -> Tensor:
    """Values at ``times`` (n,) and ``states`` (n, *state), same shape as ``states``; autograd follows if it is on.

    Fields that cannot be vectorised, such as those whose branches depend on the values, are called n times.
    """
    if not refused(f):
        try:
            # A module has no name, and vmap would write down the whole of it each time; a function has one.
            value: Tensor = torch.func.vmap(lambda t, y: f(t, y))(times, states)
            return value
        except (RuntimeError, ValueError, TypeError):
            _refuse(f)
    return torch.stack([f(t, y) for t, y in zip(times, states, strict=True)])


def refused(f: Field) -> bool:
    """Whether the field turned out to be one that is called n times."""
    try:
        return f in _refused
    except TypeError:
        return False


def _refuse(f: Field) -> None:
    try:
        _refused.add(f)
    except TypeError:  # not every callable can be remembered
        return
