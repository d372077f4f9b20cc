"""The table of all measurements."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.benchmarks.row import Row

PIPE_WIDTH = 220


def show(rows: Sequence[Row]) -> None:
    """Print one table: what, ours, peer, ratio, condition."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("what", "ours", "peer", "ratio", "condition"):
        table.add_column(name, justify="right" if name in ("ours", "ratio") else "left", no_wrap=name != "condition")
    for row in rows:
        table.add_row(*(Text(cell) for cell in _cells(row)), style="bold red" if row.missed else "")
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    console.print(table)


def _cells(row: Row) -> tuple[str, ...]:
    peer = "" if row.peer is None else f"{row.peer:.3g} {row.unit}: {row.peer_name}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2g}"
    condition = row.condition
    verdict = "MISSED" if row.missed else "kept"
    if row.budget is not None:
        condition += f"; budget {row.budget:g} {row.unit} {verdict}"
    if row.goal is not None:
        condition += f"; goal {row.goal:g} times {verdict}"
    if row.note:
        condition += f"; {row.note}"
    return row.what, f"{row.ours:.3g} {row.unit}", peer, ratio, condition
