"""Solutions as comma-separated values: one header line, then one line per time."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from odeplayground.dynamics import Solution
from odeplayground.storage.files import write_bytes


def write_solution(target: Path | str | TextIO, solution: Solution, names: Sequence[str] | None = None) -> None:
    """Write time and states to a path or an open text file.

    ``names`` chooses the columns after ``t``: states and sub-expressions; ``None`` means all states. Numbers are
    written with as many digits as it takes to read back the very same ones.

    Raises:
        FileProblem: the file could not be written.
    """
    columns = tuple(solution.names if names is None else names)
    table = np.column_stack([solution.t, *(solution[name] for name in columns)])
    text = _text(("t", *columns), table)
    if isinstance(target, Path | str):
        write_bytes(Path(target), text.encode())
    else:
        target.write(text)


def _text(header: Sequence[str], table: np.ndarray) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(table.tolist())
    return buffer.getvalue()
