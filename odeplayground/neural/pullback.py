"""Vector-Jacobian products of a right-hand side along the way back, and the parameter gradient they add up to."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from odeplayground.neural.models import MLP, ScaledField
from odeplayground.neural.stepping import Field

CHUNK = 8192
"""Rows of stage states that are gathered before one batched product."""


class Pullback(ABC):
    """At each stage: f and a^T df/dz. Over accepted steps: the quadrature of a^T df/dp.

    The stages of the current step are remembered by order of evaluation until :meth:`accept` or :meth:`reject`.
    """

    @abstractmethod
    def evaluate(self, t: Tensor, z: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        """Return f and a^T df/dz at one stage."""

    @abstractmethod
    def accept(self, weights: list[float]) -> None:
        """Add the remembered stages with these quadrature weights; stages beyond them begin the next step."""

    @abstractmethod
    def reject(self) -> None:
        """Forget all remembered stages but the first."""

    @abstractmethod
    def restart(self) -> None:
        """Forget all remembered stages."""

    @abstractmethod
    def gradients(self) -> list[Tensor]:
        """The integral of a^T df/dp so far, per parameter."""


class AutogradPullback(Pullback):
    """For any right-hand side, by autograd."""

    def __init__(self, f: Field, parameters: tuple[Tensor, ...]) -> None:
        self._f = f
        self._parameters = parameters
        self._sums = [torch.zeros_like(p) for p in parameters]
        self._stages: list[tuple[Tensor, Tensor]] = []

    def evaluate(self, t: Tensor, z: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        with torch.enable_grad():
            leaf = z.detach().requires_grad_()
            value = self._f(t, leaf)
        self._stages.append((value, a))
        if not value.requires_grad:
            return value, torch.zeros_like(a)
        keep = bool(self._parameters)
        (pulled,) = torch.autograd.grad(value, leaf, a, retain_graph=keep, allow_unused=True)
        return value.detach(), torch.zeros_like(a) if pulled is None else pulled

    def accept(self, weights: list[float]) -> None:
        used = [(f, a, w) for (f, a), w in zip(self._stages, weights, strict=False) if w and f.requires_grad]
        self._stages = self._stages[len(weights) :]
        if not self._parameters or not used:
            return
        values, cotangents = [f for f, _, _ in used], [w * a for _, a, w in used]
        # The first stage of a step with the FSAL property is the last one of the step before: its graph must stay.
        for total, part in zip(
            self._sums,
            torch.autograd.grad(values, self._parameters, cotangents, retain_graph=True, allow_unused=True),
            strict=True,
        ):
            if part is not None:
                total.add_(part)

    def reject(self) -> None:
        del self._stages[1:]

    def restart(self) -> None:
        self._stages.clear()

    def gradients(self) -> list[Tensor]:
        return self._sums


class DensePullback(Pullback):
    """For dense networks: written-out derivatives, and the parameter gradient in a few batched products."""

    def __init__(self, field: MLP | ScaledField, parameters: tuple[Tensor, ...]) -> None:
        self._field = field
        self._parameters = parameters
        self._sums = [torch.zeros_like(p) for p in parameters]
        self._stages: list[tuple[Tensor, Tensor]] = []
        self._gathered: list[tuple[Tensor, Tensor]] = []
        self._rows = 0

    def evaluate(self, t: Tensor, z: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        self._stages.append((z, a))
        return self._field.pullback(z, a)

    def accept(self, weights: list[float]) -> None:
        for (z, a), w in zip(self._stages, weights, strict=False):
            if w:
                self._gathered.append((z.reshape(-1, z.shape[-1]), (w * a).reshape(-1, a.shape[-1])))
                self._rows += self._gathered[-1][0].shape[0]
        self._stages = self._stages[len(weights) :]
        if self._rows >= CHUNK:
            self._flush()

    def reject(self) -> None:
        del self._stages[1:]

    def restart(self) -> None:
        self._stages.clear()

    def gradients(self) -> list[Tensor]:
        self._flush()
        return self._sums

    def _flush(self) -> None:
        if self._gathered and self._parameters:
            with torch.enable_grad():
                value = self._field(None, torch.cat([z for z, _ in self._gathered]))
            cotangent = torch.cat([a for _, a in self._gathered])
            parts = torch.autograd.grad(value, self._parameters, cotangent, allow_unused=True)
            for total, part in zip(self._sums, parts, strict=True):
                if part is not None:
                    total.add_(part)
        self._gathered, self._rows = [], 0


def make_pullback(func: object, f: Field, parameters: tuple[Tensor, ...]) -> Pullback:
    """The quickest way for this right-hand side; ``f`` is ``func`` for joined states."""
    own = {id(p) for p in func.parameters()} if isinstance(func, MLP | ScaledField) else set()
    if isinstance(func, MLP | ScaledField) and all(id(p) in own for p in parameters):
        return DensePullback(func, parameters)
    return AutogradPullback(f, parameters)
