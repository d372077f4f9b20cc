"""The window stays awake: a 16 ms timer in the real window while a training runs, and how soon it obeys."""

from __future__ import annotations

from tests.benchmarks.child import measure
from tests.benchmarks.in_window import SECONDS
from tests.benchmarks.row import Row
from tests.benchmarks.screen import screens

GAP = 30.0
LATENCY = 250.0
CODE = "import json\nfrom tests.benchmarks import in_window\nprint(json.dumps(in_window.{}()))\n"


def run() -> list[Row]:
    with screens() as found:
        return [row for name, environment in found.items() for row in _rows(name, environment)]


def _rows(screen: str, environment: dict[str, str]) -> list[Row]:
    still = measure(CODE.format("playing"), environment)
    ours = measure(CODE.format("training"), environment)
    peer = measure(CODE.format("bare_training"), environment)
    condition = f"{screen}, 16 ms timer, 95 % over {SECONDS:g} s of training"
    worst = (
        f"worst {ours['worst']:.0f} ms, while torch loads {ours['start_up']:.0f} ms, peer's worst {peer['worst']:.0f}"
    )
    name = "bare window, torchdiffeq in a thread"
    frames = f"{screen}, processor time of the window's thread, mean of {still['frames']:.0f} frames"
    return [
        Row("frame of the playback", still["frame"], "ms", frames),
        Row("timer gap", ours["gap"], "ms", condition, peer["gap"], name, GAP, worst),
        Row("pause training", ours["pause"], "ms", f"{screen}, until the last event", budget=LATENCY),
        Row("stop training", ours["stop"], "ms", f"{screen}, until the last event", budget=LATENCY),
    ]
