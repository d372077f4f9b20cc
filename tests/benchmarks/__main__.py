"""Run the named measurements, or all of them, and print one table."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from tests.benchmarks.row import Row
from tests.benchmarks.table import show

NAMES = (
    "first_paint",
    "parsing",
    "editing",
    "solving",
    "portraits",
    "continuation",
    "ensembles",
    "growth",
    "gradients",
    "native_gradients",
    "learning",
    "window",
    "dragging",
    "frames",
)


def main(names: Sequence[str]) -> int:
    """Exit code 1 if a promised budget is missed, 2 if a name is unknown."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"There is no measurement {', '.join(unknown)}; there are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in names or NAMES:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"tests.benchmarks.{name}").run()
    show(rows)
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
