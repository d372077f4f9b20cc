"""The accepted steps of a solve, kept in bounded memory for the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from odeplayground.neural.batching import CHUNK
from odeplayground.neural.schemes import Scheme
from odeplayground.neural.stepping import Step, Watcher

LIMIT = 512 * 2**20
"""Bytes of stage states that are kept; beyond that only some states are, and steps are repeated from them."""


@dataclass(frozen=True)
class Stretch:
    """Steps in a row, oldest first: where they begin, their sizes and ends, stage states (steps, stages, *state).

    ``first`` is the index of the first one in the whole solve.
    """

    first: int
    t: list[float]
    h: list[float]
    end: list[float]
    states: Tensor


class Tape(Watcher):
    """Keeps all stages while they fit into ``limit`` bytes, and after that every so-manieth state alone."""

    def __init__(self, scheme: Scheme, inner: Watcher, limit: int = LIMIT) -> None:
        self._scheme, self._inner = scheme, inner
        self.t: list[float] = []
        self.h: list[float] = []
        self.end: list[float] = []
        self._broken: list[bool] = []
        y = scheme.y
        self._per_step = y.numel() * y.element_size() * scheme.tableau.stages
        self._rows = max(1, y.numel() // (y.shape[-1] if y.ndim else 1)) * scheme.tableau.stages
        self._limit = limit
        self._stages: dict[int, Tensor] = {}
        self._marks: dict[int, Tensor] = {}
        self._every = 1
        self._thin = False

    def __len__(self) -> int:
        return len(self.t)

    def begun(self, t: float, y: Tensor, h: float) -> None:
        self._inner.begun(t, y, h)

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        self._inner.rejected(t, y, h)

    def accepted(self, step: Step) -> None:
        self._inner.accepted(step)
        n = len(self.t)
        self.t.append(step.t)
        self.h.append(step.h)
        self.end.append(step.end)
        self._broken.append(step.broken)
        if not self._thin:
            self._stages[n] = step.states.clone()
            if len(self._stages) * self._per_step > self._limit:
                self._forget_stages()
        elif n % self._every == 0:
            self._marks[n] = step.states[0].clone()
            if len(self._marks) * self._per_step > 0.5 * self._limit * self._scheme.tableau.stages:
                self._every *= 2
                self._marks = {i: y for i, y in self._marks.items() if i % self._every == 0}

    def _forget_stages(self) -> None:
        self._thin = True
        # As many marks as a stretch has steps: the repeated stretch is as large as what is kept.
        self._every = max(2, len(self._stages) // 8)
        self._marks = {i: z[0].clone() for i, z in self._stages.items() if i % self._every == 0}
        self._stages.clear()

    def backwards(self) -> Iterator[Stretch]:
        """Stretches from the last to the first; none goes on over a jump of the field."""
        size = max(1, CHUNK // self._rows)
        stop = len(self.t)
        starts = sorted(self._marks) if self._thin else [0]
        for start in reversed(starts):
            if start >= stop:
                continue
            stages = self._repeat(start, stop) if self._thin else self._stages
            high = stop
            while high > start:
                low = max(start, high - size)
                for i in range(high - 1, low, -1):
                    if self._broken[i - 1]:
                        low = i
                        break
                states = torch.stack([stages[i] for i in range(low, high)])
                yield Stretch(low, self.t[low:high], self.h[low:high], self.end[low:high], states)
                high = low
            stop = start

    @torch.no_grad()
    def _repeat(self, start: int, stop: int) -> dict[int, Tensor]:
        """Stages of some steps, taken once more from a kept state."""
        scheme = self._scheme
        scheme.reset(self._marks[start])
        stages = {}
        for i in range(start, stop):
            if i == start or not scheme.tableau.adaptive or self._broken[i - 1]:
                scheme.begin(self.t[i])
            scheme.attempt(self.t[i], self.h[i])
            stages[i] = scheme.states.clone()
            scheme.accept()
        return stages
