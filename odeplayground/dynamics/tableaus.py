"""Coefficients of the explicit Runge-Kutta methods, as data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from odeplayground.dynamics.arrays import Floats

Row = tuple[float, ...]


def _column(row: Row) -> Floats:
    """Coefficients shaped to multiply stages of shape (s, n_states, m)."""
    return np.array(row).reshape(-1, 1, 1)


@dataclass(frozen=True, eq=False)
class Tableau:
    """An explicit Runge-Kutta method: k_i = f(t + c_i h, y + h sum_j a_ij k_j), y_new = y + h sum_i b_i k_i."""

    name: str
    order: int
    a: tuple[Floats, ...]
    """Row i holds the weights of the stages before stage i + 1, each of shape (i + 1, 1, 1)."""
    b: Floats
    c: Row

    @classmethod
    def of(cls, name: str, order: int, a: tuple[Row, ...], b: Row, c: Row) -> Tableau:
        return cls(name, order, tuple(_column(row) for row in a), _column(b), c)


@dataclass(frozen=True, eq=False)
class EmbeddedPair:
    """A first-same-as-last pair with an error estimate h sum_i e_i k_i and a continuous extension."""

    tableau: Tableau
    error: Floats
    dense: Floats
    """Weights d_i of the fifth coefficient of the dense output."""
    stability: float
    """Where the method stops being stable on the negative real axis, slightly shortened, for the stiffness test."""


EULER = Tableau.of("euler", 1, (), (1.0,), (0.0,))

MIDPOINT = Tableau.of("midpoint", 2, ((1 / 2,),), (0.0, 1.0), (0.0, 1 / 2))

RK4 = Tableau.of(
    "rk4",
    4,
    ((1 / 2,), (0.0, 1 / 2), (0.0, 0.0, 1.0)),
    (1 / 6, 1 / 3, 1 / 3, 1 / 6),
    (0.0, 1 / 2, 1 / 2, 1.0),
)

_DOPRI5_B = (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84)

# Dormand and Prince (1980); Hairer, Norsett, Wanner, Solving ODEs I, 2nd ed., table II.5.2.
# The dense weights d_i (Shampine 1986) and the stability bound 3.25 are those of Hairer's code DOPRI5.
DOPRI5 = EmbeddedPair(
    tableau=Tableau.of(
        "dopri5",
        5,
        (
            (1 / 5,),
            (3 / 40, 9 / 40),
            (44 / 45, -56 / 15, 32 / 9),
            (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
            (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
        ),
        _DOPRI5_B,
        (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0),
    ),
    error=_column((71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)),
    dense=_column(
        (
            -12715105075 / 11282082432,
            0.0,
            87487479700 / 32700410799,
            -10690763975 / 1880347072,
            701980252875 / 199316789632,
            -1453857185 / 822651844,
            69997945 / 29380423,
        )
    ),
    stability=3.25,
)

FIXED_STEP = {tableau.name: tableau for tableau in (EULER, MIDPOINT, RK4)}
