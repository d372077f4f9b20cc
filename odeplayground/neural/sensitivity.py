"""Solutions with their derivatives by the starts and the parameters: forward sensitivities of Runge-Kutta steps.

The derivatives are those of the discrete solution, exact for the steps that were taken (Hairer, Nørsett, Wanner 1993,
section I.14). Each interval between samples is one linear map, made of small matrices; the parameters enter at the
end, in one product per layer of a network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from odeplayground.neural.linearise import linearise


@dataclass(frozen=True, eq=False)
class Tape:
    """A solution by the classic Runge-Kutta method, the same number of steps in each interval.

    ``y`` (k, m, n) at the sample times; ``t`` (j, m, s) and ``stages`` (j, m, s, n) where the field was evaluated,
    for j = k - 1 intervals with s = 4 * steps stages; ``h`` (j, m) the steps.
    """

    y: Tensor
    t: Tensor
    stages: Tensor
    h: Tensor

    @property
    def evaluations(self) -> int:
        """Of the field, for all windows together."""
        return self.t.shape[0] * self.t.shape[2]


@torch.no_grad()
def record(field: nn.Module, start: Tensor, t: Tensor, steps: int, poll: Callable[[], None] = lambda: None) -> Tape:
    """Solve from starts (m, n) over times (k, m), each window with its own. ``poll`` is called in each interval."""
    h = (t.diff(dim=0) / steps).to(start.dtype)
    y, values, times, stages = start, [start], [], []
    for j in range(len(t) - 1):
        poll()
        step = h[j][:, None]
        for i in range(steps):
            begin = t[j] + i * h[j]
            a = field(begin, y)
            two = torch.addcmul(y, step, a, value=0.5)
            b = field(begin + 0.5 * h[j], two)
            three = torch.addcmul(y, step, b, value=0.5)
            c = field(begin + 0.5 * h[j], three)
            four = torch.addcmul(y, step, c)
            d = field(begin + h[j], four)
            stages += [y, two, three, four]
            times += [begin, begin + 0.5 * h[j], begin + 0.5 * h[j], begin + h[j]]
            y = y + step / 6 * (a + 2 * (b + c) + d)
        values.append(y)
    j, s = len(t) - 1, 4 * steps
    n = start.shape[1]
    return Tape(
        torch.stack(values),
        torch.stack(times).reshape(j, s, -1).transpose(1, 2),
        torch.stack(stages).reshape(j, s, -1, n).transpose(1, 2),
        h,
    )


@torch.no_grad()
def sensitivities(field: nn.Module, tape: Tape) -> tuple[Tensor, Tensor]:
    """Derivatives of the samples by the parameters, (k, m, n, p), and by the starts, (k, m, n, n)."""
    j, m, s, n = tape.stages.shape
    points = linearise(field, tape.t.reshape(-1), tape.stages.reshape(-1, n))
    factors, maps = _interval(points.jacobian.reshape(j * m, s, n, n), tape.h.reshape(-1, 1, 1))
    pushes = points.gather(factors).reshape(j, m, n, -1)
    by_parameters = torch.zeros(j + 1, *pushes.shape[1:], dtype=pushes.dtype)
    by_start = torch.eye(n, dtype=pushes.dtype).repeat(j + 1, m, 1, 1)
    for i, step in enumerate(maps.reshape(j, m, n, n)):
        torch.baddbmm(pushes[i], step, by_parameters[i], out=by_parameters[i + 1])
        by_start[i + 1] = step @ by_start[i]
    return by_parameters, by_start


def _interval(jacobian: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """What each stage's evaluation and the start of an interval change at its end: (b, s, n, n) and (b, n, n)."""
    n = jacobian.shape[-1]
    one = torch.eye(n, dtype=jacobian.dtype)
    after = one.expand(len(jacobian), n, n)
    factors = torch.empty_like(jacobian)
    for first in range(jacobian.shape[1] - 4, -1, -4):
        ja, jb, jc, jd = jacobian[:, first : first + 4].unbind(dim=1)
        d = h / 6 * one
        c = h / 3 * one + h * (d @ jd)
        b = h / 3 * one + 0.5 * h * (c @ jc)
        a = h / 6 * one + 0.5 * h * (b @ jb)
        factors[:, first : first + 4] = after[:, None] @ torch.stack([a, b, c, d.expand_as(a)], dim=1)
        after = after @ (one + a @ ja + b @ jb + c @ jc + d @ jd)
    return factors, after
