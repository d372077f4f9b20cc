"""A table as it was read: numbers, and the texts that stand among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from odeplayground.storage.tables.places import CellProblem

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Column:
    """One column. ``values`` (n_rows,) is NaN where there is no number; ``texts`` are other entries, by their row.

    Dates are numbers in ``unit`` from the first of them on.
    """

    title: str
    unit: str
    values: Floats
    texts: Mapping[int, str]
    since: str = ""
    """The first date, of a column of dates."""

    def cell(self, row: int) -> str:
        """What stands in a row; empty if the value is missing."""
        if row in self.texts:
            return self.texts[row]
        value = float(self.values[row])
        return "" if np.isnan(value) else f"{value:.10g}"

    @property
    def n_known(self) -> int:
        """How many numbers there are."""
        return int(np.isfinite(self.values).sum())


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of the same length. ``lines`` (n_rows,) are the lines of the file, from 1."""

    columns: tuple[Column, ...]
    lines: NDArray[np.int64]
    problems: tuple[CellProblem, ...] = ()
    """Lines that are no rows, because their number of cells is another."""
    headed: bool = True
    """Whether the titles stand in the file."""

    @property
    def n_rows(self) -> int:
        """How many rows there are below the titles."""
        return len(self.lines)
