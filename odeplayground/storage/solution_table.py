"""Several solutions in one file: a table of comma-separated values, or arrays in numpy's format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from odeplayground.dynamics import Solution

About = dict[str, Any]
"""What the solutions are: strings, numbers, and lists and dicts of them."""


def csv_bytes(solutions: Sequence[Solution], numbers: Sequence[int], about: About | None) -> bytes:
    """A header line and then one line per trajectory and time; ``about`` goes before it, in lines that begin with #.

    ``numbers`` name the trajectories in the first column; with a single one there is no such column.
    """
    buffer = io.StringIO()
    for key, value in (about or {}).items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for line in str(text).splitlines():
            buffer.write(f"# {key}: {line}\n")
    writer = csv.writer(buffer, lineterminator="\n")
    names = (*solutions[0].names, *solutions[0].definitions)
    alone = len(solutions) == 1
    writer.writerow(["t", *names] if alone else ["trajectory", "t", *names])
    for number, solution in zip(numbers, solutions, strict=True):
        table = np.column_stack([solution.t, *(solution[name] for name in names)]).tolist()
        writer.writerows(table if alone else ([number, *row] for row in table))
    return buffer.getvalue().encode()


def npz_bytes(solutions: Sequence[Solution], numbers: Sequence[int], about: About | None) -> bytes:
    """Arrays ``t1`` (n,), ``y1`` (n_states, n) and so on, ``names`` of the rows, and ``about`` as JSON text.

    ``numpy.load`` reads it without ``allow_pickle``.
    """
    names = (*solutions[0].names, *solutions[0].definitions)
    arrays: dict[str, np.ndarray] = {"names": np.array(names)}
    for number, solution in zip(numbers, solutions, strict=True):
        arrays[f"t{number}"] = solution.t
        arrays[f"y{number}"] = np.stack([solution[name] for name in names])
    if about is not None:
        arrays["about"] = np.array(json.dumps(about, ensure_ascii=False))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()
