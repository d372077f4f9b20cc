"""Fixed steps that land on every output."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from odeplayground.neural.stepping import Clock, Control, Field, Watcher, Weight, combine, stopped
from odeplayground.neural.tableaus import Tableau
from odeplayground.spec import Status


def _stages(f: Field, clock: Clock, tableau: Tableau, t: Weight, y: Tensor, k1: Tensor, h: Weight) -> list[Tensor]:
    """All stage derivatives of one step."""
    ks = [k1]
    for c, row in zip(tableau.c[1:], tableau.a[1:], strict=True):
        ks.append(f(clock.at(t + c * h), combine(y, ks, row, h)))
    return ks


def solve_fixed(f: Field, tableau: Tableau, y: Tensor, t: Tensor, control: Control, watcher: Watcher) -> Tensor:
    """Values at the times ``t``, shape (len(t),) + y.shape; steps of equal size land on every output."""
    clock = Clock(t)
    outputs, taken = [y], 0
    times: list[float] = t.tolist()
    marks: list[Weight] = list(t.unbind()) if clock.tracked else list(times)
    for i in range(1, len(times)):
        span = times[i] - times[i - 1]
        n = 1 if control.step is None else max(1, math.ceil(abs(span / control.step) * (1 - 1e-9)))
        taken += n
        if taken > control.max_steps:
            raise stopped(Status.STEP_LIMIT, times[i - 1], outputs, f"More than {control.max_steps} steps were needed.")
        h = (marks[i] - marks[i - 1]) / n
        for j in range(n):
            start = marks[i - 1] + j * h
            y = combine(y, _stages(f, clock, tableau, start, y, f(clock.at(start), y), h), tableau.b, h)
            watcher.accepted(times[i] if j == n - 1 else times[i - 1] + (j + 1) * span / n, y, span / n)
        if not math.isfinite(y.detach().sum().item()):
            raise stopped(Status.DIVERGED, times[i], outputs, "The state became infinite or undefined.")
        outputs.append(y)
    return torch.stack(outputs)
