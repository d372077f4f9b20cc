"""From text to a table: separator, comments, titles and units are found out."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from odeplayground.storage.errors import FileProblem
from odeplayground.storage.tables.cells import is_missing, is_number, number
from odeplayground.storage.tables.dates import as_dates
from odeplayground.storage.tables.places import MOST_PROBLEMS, CellProblem
from odeplayground.storage.tables.separators import Format, format_of
from odeplayground.storage.tables.table import Column, Table
from odeplayground.storage.tables.text import comment_text, is_comment, lines_of
from odeplayground.storage.tables.titles import are_units, title_and_unit

MOST_COLUMNS = 200
MOST_CELLS = 5_000_000
_LOOKED_AT = 100
"""Lines that the format is found from."""
_BATCH = 4096
"""Lines between two reports."""

_Line = tuple[int, str]
"""A line of the file and its number from 1."""


def parse(text: str, name: str = "table") -> Generator[float, None, Table]:
    """Read a table; yields the share that is done, and returns the table.

    Lines that begin with ``#`` or ``%`` and empty lines are passed over. The first line with an entry that is no
    number holds the titles, or else the last comment before the numbers if it has as many entries. Entries such as
    ``NA``, ``nan`` and none at all are missing values. Decimal commas are read where commas separate nothing.

    Raises:
        FileProblem: there are no rows, or too many cells.
    """
    all_lines = lines_of(text)
    lines = [(i, line) for i, line in enumerate(all_lines, 1) if line.strip() and not is_comment(line)]
    if not lines:
        raise FileProblem(name, ["There are no numbers in the file."])
    found = format_of([line for _, line in lines[:_LOOKED_AT]])
    head, units, rows = _head(lines, found)
    width = _width(rows, found)
    if not head:
        head = _commented_head(all_lines[: lines[0][0] - 1], found, width)
    width = len(head) or width
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        limit = f"{MOST_COLUMNS} columns" if width > MOST_COLUMNS else f"{MOST_CELLS:,} cells"
        raise FileProblem(name, [f"The table has more than {limit}. Keep what is needed of it."])
    if not rows:
        raise FileProblem(name, ["There are no rows below the titles."])
    table = yield from _filled(rows, found, width, head, units)
    return table


def at_once(text: str, name: str = "table") -> Table:
    """Read a table to its end.

    Raises:
        FileProblem: as :func:`parse`.
    """
    steps = parse(text, name)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            table: Table = end.value
            return table


def _head(lines: Sequence[_Line], found: Format) -> tuple[list[str], list[str], Sequence[_Line]]:
    """Titles and units, none where there are none, and the lines below them."""
    first = found.cells(lines[0][1])
    if all(is_missing(cell) or is_number(cell, found.decimal_comma) for cell in first):
        return [], [], lines
    if len(lines) > 1 and are_units(second := found.cells(lines[1][1])):
        return first, [title_and_unit(f"x {cell}")[1] for cell in second], lines[2:]
    return first, [], lines[1:]


def _width(rows: Sequence[_Line], found: Format) -> int:
    """The number of cells that most of the first rows have."""
    counts = [len(found.cells(line)) for _, line in rows[:_LOOKED_AT]]
    return max(set(counts), key=counts.count, default=0)


def _commented_head(comments: Sequence[str], found: Format, width: int) -> list[str]:
    """The titles in the last comment before the numbers, as some programs write them."""
    for line in reversed(comments):
        if is_comment(line):
            cells = found.cells(comment_text(line))
            worded = not any(is_number(cell) for cell in cells)
            return cells if len(cells) == width and worded and width > 1 else []
    return []


def _filled(
    rows: Sequence[_Line], found: Format, width: int, head: list[str], units: list[str]
) -> Generator[float, None, Table]:
    numbers = np.full((width, len(rows)), np.nan)
    texts: list[dict[int, str]] = [{} for _ in range(width)]
    lines, n_rows = np.zeros(len(rows), dtype=np.int64), 0
    problems: list[CellProblem] = []
    for done, (line, text) in enumerate(rows):
        if done % _BATCH == 0:
            yield done / len(rows)
        cells = found.cells(text)
        if len(cells) == width + 1 and not cells[-1]:  # a separator at the end of the line
            cells.pop()
        if len(cells) != width:
            if len(problems) < MOST_PROBLEMS:
                problems.append(CellProblem(line, _ragged(len(cells), width)))
            continue
        for column, cell in enumerate(cells):
            value = number(cell, found.decimal_comma)
            if value is not None:
                numbers[column, n_rows] = value
            elif not is_missing(cell):
                texts[column][n_rows] = cell
        lines[n_rows] = line
        n_rows += 1
    columns = []
    for i in range(width):
        title, unit = title_and_unit(head[i]) if head else ("", "")
        own = units[i] if i < len(units) and units[i] else unit
        columns.append(as_dates(Column(title, own, numbers[i, :n_rows].copy(), texts[i])))
    return Table(_without_empty_end(columns), lines[:n_rows], tuple(problems), bool(head))


def _without_empty_end(columns: list[Column]) -> tuple[Column, ...]:
    """Without a last column that has neither a title nor an entry: the titles end with a separator."""
    last = columns[-1]
    empty = len(columns) > 1 and not last.title and not last.n_known and not last.texts
    return tuple(columns[:-1] if empty else columns)


def _ragged(count: int, width: int) -> str:
    cells = "1 cell" if count == 1 else f"{count} cells"
    return f"This line has {cells}, the table has {width} columns."
