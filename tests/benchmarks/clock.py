"""Timing that treats the two sides alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

Action = Callable[[], Any]


def seconds(action: Action) -> float:
    """Wall time of one call."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def medians(actions: Sequence[Action], repeats: int) -> list[float]:
    """Median wall time of each action. They take turns, so that a slow moment of the machine meets them all."""
    for action in actions:
        action()
    gc.collect()
    rounds = [[seconds(action) for action in actions] for _ in range(repeats)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def best(actions: Sequence[Action], repeats: int) -> list[float]:
    """Shortest wall time of each action. They take turns, so that a slow moment of the machine meets them all."""
    for action in actions:
        action()
    gc.collect()
    rounds = [[seconds(action) for action in actions] for _ in range(repeats)]
    return [min(times) for times in zip(*rounds, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
