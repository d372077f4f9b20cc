"""What a method consists of."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[float, ...]


@dataclass(frozen=True)
class Explicit:
    """An explicit Runge-Kutta method of s stages.

    ``k_i = f(t + c_i h, y + h sum_j a_ij k_j)`` and ``y_new = y + h sum_i b_i k_i``. After the stages comes the slope
    at the end, ``k_s = f(t + h, y_new)``, which is the first stage of the next step, and then the extra stages.
    """

    name: str
    order: int
    a: tuple[Row, ...]
    """Row i holds the weights of the stages before stage i + 1."""
    b: Row
    c: Row
    error: tuple[Row, ...] = ()
    """Weights of the stages and the end slope whose sum times h estimates the error. None: a fixed step. Of two, the
    second is a rougher estimate that damps the first (Hairer's DOP853)."""
    dense: tuple[Row, ...] = ()
    """Weights of all stages in the coefficients p_4, p_5, ... of the continuous extension."""
    extra_a: tuple[Row, ...] = ()
    """Weights for further stages that only the continuous extension needs."""
    extra_c: Row = ()
    stability: float = 0.0
    """How far the method is stable on the negative real axis, about, for the stiffness test; 0 for no test."""

    @property
    def adaptive(self) -> bool:
        """Whether it estimates its error."""
        return bool(self.error)

    @property
    def pieces(self) -> int:
        """How many coefficients the continuous extension has."""
        return 4 + len(self.dense)

    @property
    def evaluations(self) -> int:
        """Of the right-hand side, per step."""
        return len(self.b)


@dataclass(frozen=True)
class Rosenbrock:
    """A stiffly accurate Rosenbrock method (Hairer, Wanner, Solving ODEs II, 2nd ed., IV.7, in the form (7.25)).

    ``(I/(gamma h) - J) k_i = f(t + c_i h, y + sum_j a_ij k_j) + sum_j (g_ij / h) k_j + h d_i df/dt``. The new state is
    the argument of the last stage plus its k, and that k is the error estimate.
    """

    name: str
    order: int
    gamma: float
    a: tuple[Row, ...]
    """Row i holds the weights of the stages before stage i + 1."""
    g: tuple[Row, ...]
    c: Row
    d: Row
    dense: tuple[Row, ...]
    """Weights of the stages in the coefficients p_2, p_3, ... of the continuous extension."""

    adaptive = True
    stability = 0.0

    @property
    def pieces(self) -> int:
        """How many coefficients the continuous extension has."""
        return 2 + len(self.dense)

    @property
    def evaluations(self) -> int:
        """Of the right-hand side, per step."""
        return len(self.c)


Tableau = Explicit | Rosenbrock
