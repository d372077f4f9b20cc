"""A bounded number of states along a solve, evenly thinned."""

from __future__ import annotations

from torch import Tensor

from odeplayground.neural.stepping import Step, Watcher

DEFAULT_CHECKPOINTS = 128


class Checkpoints(Watcher):
    """Keeps the state after every step; when full, every other one goes and from then on half as many come."""

    def __init__(self, limit: int, inner: Watcher | None = None) -> None:
        self._limit = limit
        self._inner = inner or Watcher()
        self._every = 1
        self._count = 0
        self._kept: list[tuple[float, Tensor]] = []
        self._way = 0.0

    @property
    def mean_step(self) -> float:
        """Mean size of the steps, zero if there were none."""
        return self._way / max(1, self._count)

    def begun(self, t: float, y: Tensor, h: float) -> None:
        self._inner.begun(t, y, h)

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        self._inner.rejected(t, y, h)

    def accepted(self, step: Step) -> None:
        """Keep this state if it is its turn."""
        self._inner.accepted(step)
        self._count += 1
        self._way += abs(step.h)
        if self._limit <= 0 or self._count % self._every:
            return
        self._kept.append((step.end, step.new.detach().clone()))
        if len(self._kept) > self._limit:
            self._kept = self._kept[1::2]
            self._every *= 2

    def between(self, first: float, last: float) -> list[tuple[float, Tensor]]:
        """What was kept strictly between two times, in the order of the solve."""
        low, high = min(first, last), max(first, last)
        return [(t, y) for t, y in self._kept if low < t < high]
