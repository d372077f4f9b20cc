"""Systems that are solved by all sides: as text for the editor, and as a function for the peers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from odeplayground import expr
from odeplayground.spec import System

Field = Callable[..., Sequence[Any]]
"""From a sine and the states to the right-hand sides, in whatever numbers or symbols the sine takes."""


@dataclass(frozen=True)
class Problem:
    name: str
    text: str
    field: Field
    low: tuple[float, ...]
    high: tuple[float, ...]
    """Where the starting points are drawn from."""
    end: float

    @property
    def system(self) -> System:
        return parsed(self.text)

    def starts(self, count: int) -> np.ndarray:
        """Starting points (count, n_states), the same at every call."""
        return np.random.default_rng(0).uniform(self.low, self.high, (count, len(self.low)))


def parsed(text: str) -> System:
    system = expr.parse(text).system
    assert system is not None
    return system


PENDULUM = Problem(
    "pendulum",
    "theta' = omega\nomega' = -0.25*omega - 5*sin(theta)\n",
    lambda sin, theta, omega: (omega, -0.25 * omega - 5.0 * sin(theta)),
    (-3.0, -5.0),
    (3.0, 5.0),
    10.0,
)
LORENZ = Problem(
    "Lorenz",
    "x' = 10*(y - x)\ny' = x*(28 - z) - y\nz' = x*y - 8/3*z\n",
    lambda _sin, x, y, z: (10.0 * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z),
    (-15.0, -15.0, 5.0),
    (15.0, 15.0, 40.0),
    10.0,
)
VAN_DER_POL = Problem(
    "Van der Pol, mu = 1000",
    "x' = v\nv' = 1000*(1 - x^2)*v - x\n",
    lambda _sin, x, v: (v, 1000.0 * (1.0 - x * x) * v - x),
    (-2.5, -1.0),
    (2.5, 1.0),
    3000.0,
)
BLOW_UP = Problem("blow-up", "x' = x^2 + 0.1\n", lambda _sin, x: (x * x + 0.1,), (-2.0,), (2.0,), 10.0)
