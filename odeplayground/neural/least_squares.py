"""Levenberg-Marquardt: sums of squares made small with the exact Jacobian.

Levenberg 1944, Marquardt 1963; the rule for the damping as in Nielsen 1999, section 3 (fixed factors).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from odeplayground.neural.errors import SolveError

TRIES = 8
EASE, HARDEN = 5.0, 4.0
LEAST, MOST = 1e-10, 1e10


class Residuals(Protocol):
    """What is to be made small, |r(x)|^2 + ridge * |x|^2, at any unknowns x (p,)."""

    @property
    def ridge(self) -> Tensor:
        """Per unknown, (p,)."""
        ...

    def residuals(self, x: Tensor) -> Tensor:
        """r(x), (m,); not finite or a ``SolveError`` where it is undefined."""
        ...

    def jacobian(self) -> Tensor:
        """dr/dx, (m, p), where ``residuals`` was called last."""
        ...


@dataclass
class Marquardt:
    """The unknowns ``x`` (p,) and the damping, improved step by step."""

    x: Tensor
    damping: float = 1e-2

    def step(self, problem: Residuals) -> Step:
        """One accepted step, or none where even tiny ones do not help."""
        r = problem.residuals(self.x)
        cost = _cost(r, problem.ridge, self.x)
        if not math.isfinite(cost):
            raise FloatingPointError("The residuals are not finite.")
        jacobian = problem.jacobian()
        gradient = r @ jacobian + problem.ridge * self.x
        norm = 2 * gradient.norm().item() / max(1, len(r))
        if not math.isfinite(norm):
            raise FloatingPointError("The Jacobian is not finite.")
        system = _Damped(jacobian, gradient, problem.ridge)
        for _ in range(TRIES):
            x = self.x + system.solve(self.damping)
            after = _try(problem, x)
            if after < cost:
                self.x, self.damping = x, max(self.damping / EASE, LEAST)
                return Step(cost, after, norm)
            self.damping = min(self.damping * HARDEN, MOST)
        return Step(cost, cost, norm)


@dataclass(frozen=True)
class Step:
    """The sum before and after; the norm of the gradient of its mean before."""

    before: float
    after: float
    norm: float

    @property
    def gain(self) -> float:
        """Share of the sum that the step saved; 0 if none was found."""
        return (self.before - self.after) / self.before if self.before > 0 else 0.0


class _Damped:
    """The normal equations, in the smaller of the two spaces: of the unknowns or of the residuals.

    What does not depend on the damping is computed once. Of the products of residuals, that is one matrix for
    neighbours with the same ridge.
    """

    def __init__(self, jacobian: Tensor, gradient: Tensor, ridge: Tensor) -> None:
        self._gradient, self._ridge = gradient, ridge
        self._jacobian = jacobian
        m, p = jacobian.shape
        self._wide = m < p
        self._square = None if self._wide else jacobian.T @ jacobian
        self._kinds, counts = torch.unique_consecutive(ridge, return_counts=True)
        parts = torch.split(jacobian, counts.tolist(), dim=1) if self._wide else ()
        self._products = [part @ part.T for part in parts]

    def solve(self, damping: float) -> Tensor:
        """The step with this damping, (p,). By the Woodbury identity where there are fewer residuals."""
        diagonal = self._ridge + damping
        if self._square is not None:
            return -_positive_solve(self._square + torch.diag(diagonal), self._gradient)
        inner = torch.eye(len(self._jacobian), dtype=diagonal.dtype)
        for kind, product in zip(self._kinds.tolist(), self._products, strict=True):
            inner.add_(product, alpha=1 / (kind + damping))
        light = self._gradient / diagonal
        return (_positive_solve(inner, self._jacobian @ light) @ self._jacobian) / diagonal - light


def _positive_solve(matrix: Tensor, right: Tensor) -> Tensor:
    factor, failed = torch.linalg.cholesky_ex(matrix)
    if failed.item():
        any_way: Tensor = torch.linalg.lstsq(matrix, right[:, None]).solution
        return any_way[:, 0]
    return torch.cholesky_solve(right[:, None], factor)[:, 0]


def _try(problem: Residuals, x: Tensor) -> float:
    try:
        cost = _cost(problem.residuals(x), problem.ridge, x)
    except SolveError:
        return math.inf
    return cost if math.isfinite(cost) else math.inf


def _cost(r: Tensor, ridge: Tensor, x: Tensor) -> float:
    return float(r @ r) + float(ridge @ (x * x))
