"""Butcher tableaus as data, and the methods with fixed steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tableau:
    """Butcher tableau; ``a[i]`` are the weights of the earlier stages in stage i, and ``gamma`` that of stage i itself.

    ``gamma`` is zero for explicit methods; otherwise every stage but the first is implicit. ``error`` (adaptive
    methods) gives the difference to the embedded method, ``dense[j]`` the coefficients of theta, theta^2, ... in the
    weight of stage j for the state at t + theta h; without it a cubic through both ends serves. The last stage of an
    adaptive method is the derivative at the new state, and so the first stage of the next step.
    """

    order: int
    c: tuple[float, ...]
    a: tuple[tuple[float, ...], ...]
    b: tuple[float, ...]
    error: tuple[float, ...] = ()
    dense: tuple[tuple[float, ...], ...] = ()
    gamma: float = 0.0

    @property
    def adaptive(self) -> bool:
        """Whether the method estimates its own error."""
        return bool(self.error)

    @property
    def stages(self) -> int:
        """Number of stages, that of the next step included for adaptive methods."""
        return len(self.c)

    @property
    def polynomials(self) -> tuple[tuple[float, ...], ...]:
        """``dense``, or the cubic Hermite polynomial between both ends of an adaptive step."""
        if self.dense:
            return self.dense
        last = self.stages - 1
        rows = []
        for j, b in enumerate(self.b):
            start, end = float(j == 0), float(j == last)
            rows.append((start, 3 * b - 2 * start - end, -2 * b + start + end))
        return tuple(rows)


EULER = Tableau(1, c=(0.0,), a=((),), b=(1.0,))
MIDPOINT = Tableau(2, c=(0.0, 1 / 2), a=((), (1 / 2,)), b=(0.0, 1.0))
HEUN2 = Tableau(2, c=(0.0, 1.0), a=((), (1.0,)), b=(1 / 2, 1 / 2))
HEUN3 = Tableau(3, c=(0.0, 1 / 3, 2 / 3), a=((), (1 / 3,), (0.0, 2 / 3)), b=(1 / 4, 0.0, 3 / 4))
# The 3/8 rule: Kutta (1901). torchdiffeq's "rk4" is this one too.
RK4 = Tableau(
    4,
    c=(0.0, 1 / 3, 2 / 3, 1.0),
    a=((), (1 / 3,), (-1 / 3, 1.0), (1.0, -1.0, 1.0)),
    b=(1 / 8, 3 / 8, 3 / 8, 1 / 8),
)
FIXED = {"euler": EULER, "midpoint": MIDPOINT, "heun2": HEUN2, "heun3": HEUN3, "rk4": RK4}
