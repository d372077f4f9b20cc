"""Integrals of a^T df/dp over accepted steps, in a few large products."""

from __future__ import annotations

import torch
from torch import Tensor

from odeplayground.neural.batching import CHUNK, evaluate_many
from odeplayground.neural.stepping import Field

MOST_NUMBERS = 500_000
"""Numbers in the states that are gathered: memory does not grow with the steps, however wide the state."""


class Quadrature:
    """Gathers nodes of a quadrature: times, states and weighted cotangents."""

    def __init__(self, f: Field, parameters: tuple[Tensor, ...], state: Tensor) -> None:
        self._f, self._parameters = f, parameters
        self.sums = [torch.zeros_like(p) for p in parameters]
        self._times: list[float] = []
        self._weights: list[float] = []
        self._nodes: list[Tensor] = []
        rows = max(1, state.numel() // max(1, state.shape[-1] if state.ndim else 1))
        self._share = max(rows / CHUNK, state.numel() / MOST_NUMBERS)

    def add(self, times: list[float], weights: list[float], nodes: Tensor) -> None:
        """Nodes of shape (n, 2, *state): states and cotangents, the latter yet without their weights."""
        if not self._parameters:
            return
        self._times += times
        self._weights += weights
        self._nodes.append(nodes)
        if len(self._times) * self._share >= 1:
            self.flush()

    def flush(self) -> None:
        """Add what was gathered to the sums."""
        if not self._nodes:
            return
        nodes = torch.cat(self._nodes)
        times, weights = (nodes.new_tensor(numbers) for numbers in (self._times, self._weights))
        self._times, self._weights, self._nodes = [], [], []
        with torch.enable_grad():
            values = evaluate_many(self._f, times, nodes[:, 0])
        if not values.requires_grad:
            return
        cotangents = nodes[:, 1] * weights.view(-1, *[1] * (values.ndim - 1))
        parts = torch.autograd.grad(values, self._parameters, cotangents, allow_unused=True)
        for total, part in zip(self.sums, parts, strict=True):
            if part is not None:
                total.add_(part)
