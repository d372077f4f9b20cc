"""From a moved slider to the new curves in the real window, and to their finished painting."""

from __future__ import annotations

from tests.benchmarks.child import measure
from tests.benchmarks.in_window import CURVES, DRAGS, VIEW
from tests.benchmarks.row import Row
from tests.benchmarks.window import CODE

BUDGETS = {"dragging_few": 16.0, "dragging_many": 33.0}
"""Milliseconds to the finished painting that 95 % of the moves keep, with 60 and with 400 starting points."""


def run() -> list[Row]:
    return [*_preset(), *(_crowded(name, budget) for name, budget in BUDGETS.items())]


def _preset() -> list[Row]:
    found = measure(CODE.format("dragging"))
    condition = f"pendulum, {found['curves']:.0f} starts, median of {DRAGS} slider values, offscreen"
    note = f"95 %: {found['slow']:.0f} ms"
    painted = f"95 %: {found['painted_slow']:.0f} ms"
    return [
        Row("drag to new scene", found["median"], "ms", condition, found["scipy"], "solve_ivp, RK45", note=note),
        Row("drag to painted portrait", found["painted"], "ms", condition, note=painted),
    ]


def _crowded(name: str, budget: float) -> Row:
    found = measure(CODE.format(name))
    size = f"{found['curves']:.0f} x {found['points']:.0f} and as many curves backwards, {VIEW[0]} x {VIEW[1]}"
    condition = f"pendulum, {size}, 95 % of {DRAGS} slider values, offscreen"
    note = f"median {found['painted']:.0f} ms, of which {found['median']:.0f} to the scene"
    peer = f"solve_ivp, RK45, from {CURVES}: the curves alone"
    return Row("drag to painted portrait", found["painted_slow"], "ms", condition, found["scipy"], peer, budget, note)
