"""Frames while a slider of each preset is dragged in the real window, with a mouse that moves all the time."""

from __future__ import annotations

from tests.benchmarks.child import measure
from tests.benchmarks.in_frames import EVERY, SECONDS, SIZE
from tests.benchmarks.row import Row
from tests.benchmarks.screen import screens

FRAME, BLOCK = 33.0, 50.0
"""Milliseconds between two pictures that 95 % keep, and that the window's thread sees no event at most."""
CODE = "import json\nfrom tests.benchmarks import in_frames\nprint(json.dumps(in_frames.dragged()))\n"


def run() -> list[Row]:
    with screens() as found:
        screen, environment = list(found.items())[-1]
        presets = measure(CODE, environment, 900.0)
    return [row for name, preset in presets.items() for row in _rows(name, preset, screen)]


def _rows(name: str, found: dict[str, float], screen: str) -> list[Row]:
    hand = f"{screen}, {SIZE[0]} x {SIZE[1]}, one pixel every {EVERY} ms for {SECONDS:g} s"
    pictures = f"95 % of {found['pictures']:.0f} pictures with new curves, {hand}"
    work = f"the thread itself worked for {found['work']:.0f} ms at most"
    return [
        Row(f"{name}: frame", found["gap"], "ms", pictures, budget=FRAME),
        Row(f"{name}: longest block", found["block"], "ms", screen, budget=BLOCK, note=work),
    ]
