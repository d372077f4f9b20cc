"""Equations found for something learned, from few terms to many."""

from __future__ import annotations

import msgspec

from odeplayground.spec.system import System

HIGHEST_DEGREE = 8
MOST_EXTRA = 40


class LibrarySettings(msgspec.Struct, frozen=True):
    """Which terms equations are looked for with."""

    degree: int = 3
    """Of the products of powers of the states, from 0 to 8."""
    extra: tuple[str, ...] = ()
    """Further terms, as in equations."""

    def __post_init__(self) -> None:
        if not 0 <= self.degree <= HIGHEST_DEGREE:
            raise ValueError(f"The degree of the polynomials has to be between 0 and {HIGHEST_DEGREE}.")
        if len(self.extra) > MOST_EXTRA:
            raise ValueError(f"There may be at most {MOST_EXTRA} further terms.")


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
