"""Tables of measurements (CSV, TSV and the like) as samples of trajectories. Nothing in a file is evaluated."""

from odeplayground.storage.tables.guess import guess
from odeplayground.storage.tables.parse import at_once, parse
from odeplayground.storage.tables.places import CellProblem
from odeplayground.storage.tables.reading import Reading, read, units_of
from odeplayground.storage.tables.table import Column, Table
from odeplayground.storage.tables.text import SIZE_LIMIT, load

__all__ = [
    "SIZE_LIMIT",
    "CellProblem",
    "Column",
    "Reading",
    "Table",
    "at_once",
    "guess",
    "load",
    "parse",
    "read",
    "units_of",
]
