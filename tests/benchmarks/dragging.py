"""From a moved slider to the new curves in the real window, and to their finished painting."""

from __future__ import annotations

from tests.benchmarks.child import measure
from tests.benchmarks.in_window import DRAGS
from tests.benchmarks.row import Row
from tests.benchmarks.window import CODE


def run() -> list[Row]:
    found = measure(CODE.format("dragging"))
    condition = f"pendulum, {found['curves']:.0f} starts, median of {DRAGS} slider values, offscreen"
    note = f"95 %: {found['slow']:.0f} ms"
    painted = f"95 %: {found['painted_slow']:.0f} ms"
    return [
        Row("drag to new scene", found["median"], "ms", condition, found["scipy"], "solve_ivp, RK45", note=note),
        Row("drag to painted portrait", found["painted"], "ms", condition, note=painted),
    ]
