"""What a solve cost."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from odeplayground.neural.stepping import Step, Watcher


@dataclass
class Counters:
    """Work of a solve and of its way back."""

    evaluations: int = 0
    accepted: int = 0
    rejected: int = 0
    backward_evaluations: int = 0
    drift: float = 0.0

    @property
    def watcher(self) -> Watcher:
        """Counts steps."""
        return _Counting(self)


@dataclass
class Drift:
    """How far the backward reconstruction was from stored states, relative to their size; and the steps it took."""

    largest: float = 0.0
    accepted: int = 0
    rejected: int = 0
    evaluations: int = 0

    def add(self, other: Drift) -> None:
        """Join with what another part of the way back counted."""
        self.largest = max(self.largest, other.largest)
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.evaluations += other.evaluations


class _Counting(Watcher):
    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def accepted(self, step: Step) -> None:
        self._counters.accepted += 1

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        self._counters.rejected += 1
