"""Ensembles that grow: time in proportion, and no memory but for the result."""

from __future__ import annotations

import re
from pathlib import Path

from odeplayground.dynamics.kernels.batch import WHOLE
from tests.benchmarks.child import measure
from tests.benchmarks.clock import seconds
from tests.benchmarks.problems import PENDULUM
from tests.benchmarks.ready import many, settle
from tests.benchmarks.row import Row

FEW, MANY = 10_000, 1_000_000
RTOL = 1e-6
REPEATED, ROUNDS = 25, 3
"""The few are solved several times in a row, so that the moods of the machine even out."""
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
    spent = [
        (
            seconds(lambda: [many(PENDULUM, few, None, RTOL) for _ in range(REPEATED)]),
            seconds(lambda: many(PENDULUM, starts, None, RTOL)),
        )
        for _ in range(ROUNDS)
    ]
    short, long = (1e3 * min(times) for times in zip(*spent, strict=True))
    return {
        "few": short / REPEATED,
        "many": long,
        "time": long / short * REPEATED * FEW / MANY,
        "memory": (after - before) / MANY,
        "result": _result(len(solved.names)),
    }


def _result(n_states: int) -> float:
    """Bytes that are kept of a trajectory: its last state and time, the next step and the counts."""
    return 8.0 * (n_states + 2 + WHOLE)


def _peak() -> float:
    """The most memory that this process had since the last reset, in bytes. Linux only, like the reset."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return 1024.0 * int(found[1])
