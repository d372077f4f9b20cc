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


class _Counting(Watcher):
    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def accepted(self, step: Step) -> None:
        self._counters.accepted += 1

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        self._counters.rejected += 1
