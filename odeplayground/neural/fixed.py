"""Fixed steps that land on every output."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterator

import torch
from torch import Tensor

from odeplayground.neural.schemes import Scheme
from odeplayground.neural.stepping import Control, Step, Watcher, Weight, stopped
from odeplayground.spec import Status

MANY = 1e15
"""Steps: as many as infinitely many, and still a whole number."""


def substeps(times: list[float], i: int, control: Control) -> tuple[int, Iterator[tuple[float, float]]]:
    """How many steps go from output i - 1 to output i; where they begin and end, as fractions of the way."""
    first, last = times[i - 1], times[i]
    if control.grid:
        low, high = min(first, last), max(first, last)
        inner = control.grid[bisect.bisect_right(control.grid, low) : bisect.bisect_left(control.grid, high)]
        marks = [first, *(inner if last > first else reversed(inner)), last]
        pairs = itertools.pairwise(marks)
        return len(marks) - 1, (((a - first) / (last - first), (b - first) / (last - first)) for a, b in pairs)
    ratio = 1.0 if control.step is None else min(MANY, abs((last - first) / control.step))
    n = max(1, math.ceil(ratio * (1 - 1e-9)))
    return n, ((j / n, (j + 1) / n) for j in range(n))


def solve_fixed(scheme: Scheme, times: list[float], control: Control, watcher: Watcher) -> Tensor:
    """Values at ``times``, shape (len(times),) + y.shape; steps of equal size land on every output.

    Raises:
        SolveError: the solution diverged, or there were too many steps.
    """
    outputs, taken = [scheme.y.clone()], 0
    clock = scheme.clock
    marks: list[Weight] = list(clock.t.unbind()) if clock.tracked else list(times)
    for i in range(1, len(times)):
        count, pieces = substeps(times, i, control)
        taken += count
        if taken > control.max_steps:
            sentence = f"More than {control.max_steps} steps were needed."
            raise stopped(Status.STEP_LIMIT, times[i - 1], torch.stack(outputs), sentence)
        for t, h, (start, size, end) in _steps(marks, times, i, pieces):
            side = int(math.copysign(1, size)) if control.perturb else 0
            watcher.begun(start, scheme.y, size)
            scheme.begin(t, side)
            scheme.attempt(t, h, side, -side)
            watcher.accepted(Step(start, size, end, scheme.states, scheme.slopes, scheme.new))
            scheme.accept()
        if not math.isfinite(scheme.y.detach().sum().item()):
            sentence = "The state became infinite or undefined."
            raise stopped(Status.DIVERGED, times[i], torch.stack(outputs), sentence)
        outputs.append(scheme.y.clone())
    return torch.stack(outputs)


def _steps(
    marks: list[Weight], times: list[float], i: int, pieces: Iterator[tuple[float, float]]
) -> Iterator[tuple[Weight, Weight, tuple[float, float, float]]]:
    """Start and size of each step, perhaps tracked, and its start, size and end as numbers."""
    span, length = marks[i] - marks[i - 1], times[i] - times[i - 1]
    for a, b in pieces:
        start = times[i - 1] + a * length
        end = times[i] if b == 1 else times[i - 1] + b * length
        yield marks[i - 1] + a * span, (b - a) * span, (start, (b - a) * length, end)
