"""Residual networks beside the flow that they approximate.

N equal blocks z <- z + h f(z), with h = T / N, are Euler's method with N steps; its global error falls as 1 / N
(Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, section II.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from odeplayground.neural.data import Floats
from odeplayground.neural.lab.subject import Subject
from odeplayground.neural.odeint import odeint

MOST_BLOCKS = 64
_SMOOTH = 121
_TIGHT = 1e-9
_WAY = 2.4
"""How far the points go on average, in states of size one."""


@dataclass(frozen=True, eq=False)
class ResidualStudy:
    """Points (m, d) on their way through depth.

    ``flow`` (n, m, d) at depths ``t`` (n,) is the solution; ``blocks[N - 1]``, (N + 1, m, d), the way through N blocks;
    ``distance[N - 1]`` the root mean square distance at the end, relative to the way that the points went.
    """

    t: Floats
    flow: Floats
    blocks: tuple[Floats, ...]
    distance: Floats

    def depths(self, count: int) -> Floats:
        """Where the states between ``count`` blocks are, (count + 1,)."""
        return np.linspace(self.t[0], self.t[-1], count + 1)


def residual_study(subject: Subject, most: int = MOST_BLOCKS) -> ResidualStudy:
    """From one block to ``most``, with the points of the subject.

    Raises:
        SolveError: the flow cannot be solved.
    """
    points = torch.tensor(subject.points)
    t = torch.linspace(subject.times[0], _depth(subject, points), _SMOOTH, dtype=torch.float64)
    with torch.no_grad():
        flow = odeint(subject.field, points, t, rtol=_TIGHT, atol=1e-2 * _TIGHT)
    span = (float(t[0]), float(t[-1]))
    blocks = tuple(through_blocks(subject.field, points, span, count).numpy() for count in range(1, most + 1))
    ends = np.stack([path[-1] for path in blocks])
    way = _rms((flow[-1] - flow[0]).numpy()[None])[0]
    return ResidualStudy(t.numpy(), flow.numpy(), blocks, _rms(ends - flow[-1].numpy()) / max(way, 1e-300))


@torch.no_grad()
def through_blocks(field: nn.Module, points: Tensor, span: tuple[float, float], count: int) -> Tensor:
    """States before, between and behind ``count`` residual blocks, (count + 1, m, d), of points (m, d)."""
    h = (span[1] - span[0]) / count
    states = [points]
    for k in range(count):
        t = torch.tensor(span[0] + k * h, dtype=points.dtype)
        states.append(states[-1] + h * field(t, states[-1]))
    return torch.stack(states)


@torch.no_grad()
def _depth(subject: Subject, points: Tensor) -> float:
    """Where the points have gone far enough to see something, at their first pace."""
    begin, end = float(subject.times[0]), float(subject.times[-1])
    pace = float(subject.field(torch.tensor(begin, dtype=points.dtype), points).norm(dim=1).square().mean().sqrt())
    return min(end, begin + _WAY / max(pace, 1e-12))


def _rms(differences: Floats) -> Floats:
    """Of (c, m, d): the root mean square length over the points, (c,)."""
    found: Floats = np.sqrt(np.mean(np.sum(differences**2, axis=2), axis=1))
    return found
