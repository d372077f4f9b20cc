"""Ensembles that grow: time in proportion, and no memory but for the result."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from tests.benchmarks.child import measure
from tests.benchmarks.clock import best, seconds
from tests.benchmarks.problems import PENDULUM
from tests.benchmarks.ready import many, settle
from tests.benchmarks.row import Row

FEW, MANY = 10_000, 1_000_000
RTOL = 1e-6
_PEAK_RESET = Path("/proc/self/clear_refs")
CODE = "import json\nfrom tests.benchmarks import growth\nprint(json.dumps(growth.measured()))\n"


def run() -> list[Row]:
    found = measure(CODE)
    condition = f"{FEW} to {MANY} pendulums, T = 10, end states: {found['few']:.3g} and {found['many']:.4g} ms"
    note = f"the result takes {found['result']:.0f} bytes each"
    return [
        Row("time per trajectory", found["time"], "times", condition, budget=1.2),
        Row("memory per trajectory", found["memory"], "bytes", condition, budget=1.1 * found["result"], note=note),
    ]


def measured() -> dict[str, float]:
    """In a process of its own, since memory is given back late."""
    few, starts = PENDULUM.starts(FEW), PENDULUM.starts(MANY)
    settle(lambda: many(PENDULUM, few, None, RTOL))
    _PEAK_RESET.write_text("5")
    before = _peak()
    solved = many(PENDULUM, starts, None, RTOL)
    after = _peak()
    rows = solved.y_stop.base
    assert rows is not None
    times = [1e3 * time for time in (best([lambda: many(PENDULUM, few, None, RTOL)], 30)[0], _long(starts))]
    return {
        "few": times[0],
        "many": times[1],
        "time": times[1] / times[0] * FEW / MANY,
        "memory": (after - before) / MANY,
        "result": rows.nbytes / MANY,
    }


def _long(starts: np.ndarray) -> float:
    return min(seconds(lambda: many(PENDULUM, starts, None, RTOL)) for _ in range(3))


def _peak() -> float:
    """The most memory that this process had since the last reset, in bytes. Linux only, like the reset."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return 1024.0 * int(found[1])
