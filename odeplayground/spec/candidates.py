"""Equations found for something learned, from few terms to many."""

from __future__ import annotations

import msgspec

from odeplayground.spec.system import System


class Candidate(msgspec.Struct, frozen=True):
    """One system of equations for what was learned."""

    size: int
    """How many terms were found, all equations together."""
    error: float
    """Root mean square of the difference to what was learned, relative to that, at points that the coefficients were
    not fitted to. Each component is divided by its standard deviation."""
    system: System
    """The equations with the coefficients as numbers."""
    text: str
    """The same for the editor, with the coefficients as named parameters."""
    parts: tuple[tuple[str, str], ...]
    """What each expression stands for, such as ``x'`` or ``[?](x, y)``, and the expression."""


class Candidates(msgspec.Struct, frozen=True):
    """All candidates by size; more terms are always more exact."""

    all: tuple[Candidate, ...]
    chosen: int
    """Number of the one after which more terms help little."""
    n_columns: tuple[int, ...]
    """Among how many terms each expression was chosen."""

    @property
    def best(self) -> Candidate:
        """The chosen one."""
        return self.all[self.chosen]
