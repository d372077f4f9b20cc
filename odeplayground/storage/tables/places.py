"""What is wrong in a table, and where."""

from __future__ import annotations

import msgspec

MOST_PROBLEMS = 100
"""More are counted by nobody."""


class CellProblem(msgspec.Struct, frozen=True):
    """A sentence about a cell. ``line`` counts the lines of the file from 1."""

    line: int
    message: str
    row: int = -1
    """The row of the table, from 0; -1: none, the line is no row of it."""
    column: int = -1
    """The column of the table, from 0; -1: it is about the whole line."""
