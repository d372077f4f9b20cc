"""Jacobians of a field whose state is a stack of independent rows, or one row."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from odeplayground.neural.stepping import Field

WIDEST = 16
"""States with more components than this take products with the Jacobian instead of the whole of it."""
_known: WeakKeyDictionary[object, dict[tuple[object, ...], int]] = WeakKeyDictionary()


def independent_rows(f: Field, t: Tensor, y: Tensor, owner: object = None) -> int:
    """How many rows of ``y`` do not influence each other: all that its last axis separates, or one.

    Found by comparing a product with the row-wise Jacobian to the true one. What was found is remembered for
    ``owner``, per shape.
    """
    if y.ndim < 2 or y.numel() == y.shape[-1]:
        return 1
    rows = y.numel() // y.shape[-1]
    key = (tuple(y.shape), y.dtype)
    try:
        known = _known.setdefault(owner, {}) if owner is not None else {}
    except TypeError:  # not every callable can be remembered
        known = {}
    if key not in known:
        known[key] = rows if y.shape[-1] <= 4 * WIDEST and _independent(f, t, y, rows) else 1
    return known[key]


def _independent(f: Field, t: Tensor, y: Tensor, rows: int) -> bool:
    numbers = torch.Generator().manual_seed(0)
    cotangent = torch.randn(y.shape, generator=numbers, dtype=torch.float64).to(y)
    # Away from y itself: at a special point, such as an equilibrium, derivatives may vanish by accident.
    point = y.detach() + 1e-2 * (1 + y.detach().abs()) * torch.randn(
        y.shape, generator=numbers, dtype=torch.float64
    ).to(y)
    with torch.enable_grad():
        point.requires_grad_()
        value = f(t, point)
        if not value.requires_grad:
            return True
        (true,) = torch.autograd.grad(value, point, cotangent, retain_graph=True, allow_unused=True)
    if true is None:
        return True
    blocks = jacobian_of(value, point, rows)
    found = (cotangent.reshape(rows, 1, -1) @ blocks).reshape(y.shape)
    difference = float((found - true).norm())
    return difference <= 1e3 * torch.finfo(y.dtype).eps * (float(true.norm()) + float(found.norm()))


def jacobian(f: Field, t: Tensor, y: Tensor, rows: int) -> Tensor:
    """df/dy of each row, shape (rows, n, n)."""
    with torch.enable_grad():
        point = y.detach().requires_grad_()
        value = f(t, point)
    return jacobian_of(value, point, rows)


def jacobian_of(value: Tensor, point: Tensor, rows: int) -> Tensor:
    """The same from a value already computed with autograd; the graph stays."""
    n = point.numel() // rows
    if not value.requires_grad:
        return point.new_zeros(rows, n, n)
    with torch.enable_grad():
        columns = value.reshape(rows, n).sum(0).unbind()
    parts = []
    for i in range(n):
        (part,) = torch.autograd.grad(columns[i], point, retain_graph=True, allow_unused=True)
        parts.append(torch.zeros_like(point) if part is None else part)
    return torch.stack([part.reshape(rows, n) for part in parts], dim=1)
