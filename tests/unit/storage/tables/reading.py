"""Tables from texts, for the tests."""

from __future__ import annotations

from odeplayground.storage import tables
from odeplayground.storage.tables import Reading, Table


def table(text: str) -> Table:
    """Read to the end."""
    steps = tables.parse(text)
    while True:
        try:
            assert 0.0 <= next(steps) <= 1.0
        except StopIteration as end:
            return end.value


def guessed(text: str, *, without_faults: bool = False) -> Reading:
    """The samples that nobody had to choose anything for."""
    found = table(text)
    return tables.read(found, tables.guess(found), "f.csv", without_faults=without_faults)
