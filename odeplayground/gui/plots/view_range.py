"""Arithmetic of visible ranges, and telling an echo of the view's own change from a change made elsewhere."""

from __future__ import annotations

import math
from collections import deque

Range = tuple[float, float]

_SMALLEST = 1e-9
_LARGEST = 1e12


def shifted(values: Range, by: float) -> Range:
    """The range moved by a distance."""
    return values[0] + by, values[1] + by


def scaled(values: Range, around: float, factor: float) -> Range:
    """The range zoomed around a value, unless it would become too narrow or too wide to compute with."""
    low, high = (around + (value - around) * factor for value in values)
    width = high - low
    if not math.isfinite(width) or not _SMALLEST * max(abs(low), abs(high), 1e-3) < width < _LARGEST:
        return values
    return low, high


class Echoes:
    """Remembers the ranges a view has asked for, until the document answers with them.

    While somebody pans, answers to older requests arrive late; following them would make the picture jump back.
    """

    def __init__(self) -> None:
        self._asked: deque[tuple[Range, Range]] = deque(maxlen=500)
        self._settled: tuple[Range, Range] | None = None

    def ask(self, ranges: tuple[Range, Range]) -> None:
        """The view went there by itself."""
        self._asked.append(ranges)

    def is_news(self, ranges: tuple[Range, Range]) -> bool:
        """Whether an answer tells the view to go somewhere else than where it went by itself."""
        if ranges in self._asked:
            while self._asked.popleft() != ranges:
                pass
            self._settled = ranges
            return False
        if ranges == self._settled and self._asked:
            return False
        self._asked.clear()
        self._settled = ranges
        return True
