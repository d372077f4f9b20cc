"""Whether steps of an implicit method resolve perturbations of a state that rests.

A bound on h times the spectral radius would make an implicit method explicit again. Instead a full set of
perturbations is carried along from the moment the state comes to rest, by the method applied to dV/dt = J V, and its
error is held to the tolerance: what decays quickly costs small steps only until it is gone.
"""

from __future__ import annotations

import torch
from torch import Tensor

from odeplayground.neural.tableaus import Tableau

GONE = 1e-6
"""Size at which a perturbation no longer counts, relative to where it began."""


class Tangent:
    """Perturbations V of a state, shape (rows, n, n), each column with its own beginning."""

    def __init__(self, tableau: Tableau, rtol: float) -> None:
        self._tableau, self._rtol = tableau, max(rtol, 1e-14)
        self._now: Tensor | None = None
        self._next: Tensor | None = None

    def forget(self) -> None:
        """The state moves again."""
        self._now = None

    @torch.no_grad()
    def attempt(self, jacobian: Tensor, h: float) -> float:
        """Error of a step of size ``h``, relative to the tolerance; ``jacobian`` has shape (rows, n, n)."""
        eye = torch.eye(jacobian.shape[-1], dtype=jacobian.dtype, device=jacobian.device).expand_as(jacobian)
        v = eye if self._now is None else self._now
        tableau = self._tableau
        factors = torch.linalg.lu_factor_ex(eye - h * tableau.gamma * jacobian)[:2]
        ks = [jacobian @ v]
        for row in tableau.a[1:]:
            base = v + h * sum(a * k for a, k in zip(row, ks, strict=True))
            ks.append(torch.linalg.lu_solve(*factors, jacobian @ base))
        self._next = v + h * sum(b * k for b, k in zip(tableau.b, ks, strict=True))
        error = h * sum(e * k for e, k in zip(tableau.error, ks, strict=True))
        size = torch.maximum(v.norm(dim=-2), self._next.norm(dim=-2)).clamp_min(GONE)
        return float((torch.as_tensor(error).norm(dim=-2) / size).max()) / self._rtol

    def accept(self) -> None:
        """The step was taken."""
        self._now = self._next
