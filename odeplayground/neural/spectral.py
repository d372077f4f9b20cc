"""How fast perturbations of a trajectory evolve, and the step that still resolves them.

An adaptive step is chosen by the error of the trajectory. A trajectory that rests at an equilibrium has none, so
the step grows without bound; the states stay right, but the gradient through such steps is wrong by orders of
magnitude. Where gradients flow through the steps, the spectral radius of the Jacobian bounds the step as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor


class SpectralRadius:
    """Nonlinear power method, one evaluation per step (Sommeijer, Shampine, Verwer 1998, RKC, section 3)."""

    def __init__(self) -> None:
        self._direction: Tensor | None = None
        self._warm_up = 10

    @torch.no_grad()
    def estimate(self, f: Callable[[Tensor], Tensor], y: Tensor, fy: Tensor) -> float:
        """Spectral radius of df/dy at ``y``, in 1 / time, where ``f(y)`` is ``fy``."""
        if self._direction is None:
            numbers = torch.Generator().manual_seed(0)
            self._direction = torch.randn(y.shape, generator=numbers, dtype=torch.float64).to(y)
        rates = [self._iterate(f, y, fy) for _ in range(self._warm_up)]
        self._warm_up = 1
        return max(rate for rate in [0.0, *rates] if math.isfinite(rate))

    def _iterate(self, f: Callable[[Tensor], Tensor], y: Tensor, fy: Tensor) -> float:
        direction = self._direction
        assert direction is not None
        root = math.sqrt(torch.finfo(y.dtype).eps)
        size = root * (float(y.norm()) or 1.0)
        change = f(torch.add(y, direction, alpha=size / float(direction.norm()))) - fy
        growth = float(change.norm())
        if growth > 0 and math.isfinite(growth):
            self._direction = change / growth
        return growth / size


def linear_step_limit(rtol: float) -> float:
    """Largest h |lambda| for which dopri5 keeps the relative error of x' = lambda x, per unit of lambda t, below rtol.

    The stability polynomial is off from exp(z) by z^6 / 3600 (z^6 / 600 instead of z^6 / 720).
    """
    return min(1.0, math.pow(3600 * max(rtol, 1e-14), 0.2))
