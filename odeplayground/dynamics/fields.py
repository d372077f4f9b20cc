"""Systems compiled to functions of whole batches of states.

States are (n_states, m) arrays, one column per trajectory; times are one number or an (m,) array; parameters are (k,)
or, one set per trajectory, (k, m). Fields hold no working memory, so that threads can share them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from odeplayground import expr
from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.dynamics.kernels.evaluate import Called
from odeplayground.dynamics.kernels.program import Kernel
from odeplayground.dynamics.kernels.tableaus.form import Tableau
from odeplayground.dynamics.network import NetworkField, is_plain
from odeplayground.dynamics.tape import TapeField
from odeplayground.expr.known import learned_model
from odeplayground.spec import AnySystem, System


class BoundField(Protocol):
    """The right-hand side with its parameters filled in."""

    @property
    def autonomous(self) -> bool:
        """Whether time does not occur in the right-hand side."""

    @property
    def parameters(self) -> Floats:
        """The parameters, (k,) or (k, m)."""

    def kernel(self, tableau: Tableau) -> Kernel:
        """Native code that solves with this method. It depends on the equations only."""

    def rhs(self, t: float | Floats, y: Floats) -> Floats:
        """dx/dt, of the shape of y. A new array."""

    def called(self, t: float, columns: int) -> Called:
        """The right-hand side at a time for machine code to call with so many columns, by one thread at a time."""

    def jacobian(self, t: float | Floats, y: Floats) -> Floats:
        """The derivatives d rhs_i / d state_j, of shape (n_states, n_states, m)."""

    def definition(self, name: str, t: float | Floats, y: Floats) -> Floats:
        """The values (m,) of a named sub-expression."""

    def take(self, lanes: Integers) -> BoundField:
        """The same for a selection of the trajectories."""


class Field(Protocol):
    """A compiled system."""

    @property
    def definitions(self) -> tuple[str, ...]:
        """Names of the sub-expressions."""

    def bind(self, parameters: Floats) -> BoundField:
        """Fill in parameter values, (k,) or (k, m)."""


@lru_cache(maxsize=32)
def field_of(system: AnySystem) -> Field:
    """The compiled field of a system. Cached, since neither sliders nor starting points change the equations."""
    if isinstance(system, System):
        return TapeField(expr.model(system), [term for term in system.terms if term is not None])
    if is_plain(system):
        return NetworkField(system)
    return TapeField(learned_model(system), [system])
