"""What is written to the terminal: JSON lines and tables."""

from __future__ import annotations

import sys
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text


def write_json(kind: str, event: Any) -> None:
    """Print one event as one line. Numbers that JSON cannot write, such as NaN, become null."""
    fields = event if isinstance(event, dict) else msgspec.structs.asdict(event)
    line = msgspec.json.encode({"type": kind} | fields)
    sys.stdout.write(line.decode() + "\n")
    sys.stdout.flush()


def terminal() -> Console:
    """Where tables go."""
    return Console(highlight=False, soft_wrap=False)


def table(*columns: str, numbers: tuple[str, ...] = ()) -> Table:
    """An open table; the columns named in ``numbers`` are aligned to the right."""
    built = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for column in columns:
        built.add_column(column, justify="right" if column in numbers else "left")
    return built


def add(built: Table, *cells: str, style: str = "") -> None:
    """Add a row of plain text; brackets in it mean nothing special."""
    built.add_row(*(Text(cell) for cell in cells), style=style)
