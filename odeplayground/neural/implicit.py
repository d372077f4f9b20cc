"""Stages of a diagonally implicit method, by Newton's method with one Jacobian per step."""

from __future__ import annotations

import torch
from torch import Tensor

from odeplayground.neural.jacobian import jacobian
from odeplayground.neural.schemes import Traced
from odeplayground.neural.stepping import Clock, Field, Weight
from odeplayground.neural.tableaus import Tableau

ITERATIONS = 10
CONVERGED = 1e-3
"""How small the last correction must be, in units of the tolerance."""


class Implicit(Traced):
    """Explicit first stage, then stages with the same diagonal weight.

    ``jacobian`` is that of each row at the start of the latest attempt, shape (rows, n, n).
    """

    def __init__(
        self,
        f: Field,
        tableau: Tableau,
        clock: Clock,
        y: Tensor,
        rows: int,
        scale: tuple[float | Tensor, float | Tensor],
    ) -> None:
        super().__init__(f, tableau, clock, y)
        self._rows, (self._rtol, self._atol) = rows, scale
        self._lu: tuple[Tensor, Tensor] | None = None
        self.jacobian = y.new_zeros(0)

    def attempt(self, time: Weight, h: Weight, start: int = 0, end: int = 0) -> None:
        with torch.no_grad():
            weight = float(h) * self.tableau.gamma
            self.jacobian = self._factorise(self.clock.at(time).detach(), self._y.detach(), weight)
        super().attempt(time, h, start, end)

    def _factorise(self, now: Tensor, y: Tensor, weight: float) -> Tensor:
        slopes = jacobian(self.f, now, y, self._rows)
        matrix = torch.eye(slopes.shape[-1], dtype=slopes.dtype, device=slopes.device) - weight * slopes
        usable = bool(torch.isfinite(matrix).all())
        self._lu = torch.linalg.lu_factor_ex(matrix)[:2] if usable else None
        return slopes

    def _stage(self, moment: Tensor, base: Tensor, h: Weight) -> tuple[Tensor, Tensor]:
        weight = h * self.tableau.gamma
        with torch.no_grad():
            z = self._newton(moment.detach(), base.detach(), float(weight))
        if torch.is_grad_enabled():
            # One more correction carries the derivatives: those of the implicit function theorem.
            residual = z - base - weight * self.f(moment, z)
            with torch.no_grad():
                self._factorise(moment.detach(), z, float(weight))
            z = z - self._solve(residual)
        k = self.f(moment, z)
        self.evaluations += 1
        return z, k

    def _newton(self, moment: Tensor, base: Tensor, weight: float) -> Tensor:
        z = self._y.detach().clone()
        for _ in range(ITERATIONS):
            step = self._solve(z - base - weight * self.f(moment, z))
            self.evaluations += 1
            z = z - step
            scale = self._atol + self._rtol * z.abs()
            size = float((step / scale).abs().max())
            if not size > CONVERGED:
                return z
        return torch.full_like(z, float("nan"))

    def _solve(self, residual: Tensor) -> Tensor:
        if self._lu is None:
            return torch.full_like(residual, float("nan"))
        columns = residual.reshape(*self._lu[0].shape[:-1], 1)
        solution: Tensor = torch.linalg.lu_solve(*self._lu, columns)
        return solution.view(residual.shape)
