"""The state forwards, and state and adjoint backwards: algorithm 1 of Chen et al. 2018, to be looked at.

The loss is that of the subject. a(t) = dL/dz(t) obeys da/dt = -a^T df/dz and jumps by dL/dz(t_i) at every time of the
loss on the way back. Nothing of z is stored but what is asked for: the rest is solved backwards, and drifts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from odeplayground.neural.data import Floats
from odeplayground.neural.errors import SolveError
from odeplayground.neural.flatten import TreeField
from odeplayground.neural.lab.subject import Subject
from odeplayground.neural.odeint import odeint
from odeplayground.neural.pullback import Pullback, make_pullback

PIECES = 24
"""Points between two times of the loss."""
_TIGHT = 1e-11
_EVERY = 4
"""Points of the grid from one stored state to the next where errors must not grow."""

Places = NDArray[np.int64]
Solver = Callable[[TreeField, Tensor, Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class BothWays:
    """A solve and its way back.

    Forwards: times ``t`` (n,), states ``z`` (n, d), and where among them the times of the loss are, ``samples`` (k,).
    Backwards, from the last time to the first, the times of the loss twice, before and after the jump: times ``t_back``
    (m,), states as solved backwards ``back`` (m, d), adjoint ``a`` (m, d), and ``drift`` (m,), the distance of ``back``
    from z relative to the largest z. NaN where the way back could not be solved any more.
    """

    tolerance: float
    t: Floats
    z: Floats
    samples: Places
    t_back: Floats
    back: Floats
    a: Floats
    drift: Floats

    @property
    def last_drift(self) -> float:
        """Of the start as it was found again; infinite where it was not."""
        return float(self.drift[-1]) if np.isfinite(self.drift[-1]) else np.inf


def both_ways(subject: Subject, tolerance: float, *, restored: bool = False) -> BothWays:
    """Solve forwards, and back again.

    Args:
        subject: what is solved.
        tolerance: relative one, of both ways; the absolute one is a hundredth.
        restored: whether z is set to its stored value at the times of the loss, as implementations do; otherwise the
            one state that is kept is the last.

    Raises:
        SolveError: the way forwards cannot be solved.
    """
    grid, samples = _grid(subject.times)
    solver = partial(odeint, rtol=tolerance, atol=1e-2 * tolerance)
    return _both(subject, tolerance, solver, grid, samples, frozenset(samples.tolist() if restored else ()))


def exact(subject: Subject) -> BothWays:
    """The same as nearly without error as can be: z is restored again and again.

    Raises:
        SolveError: the way forwards cannot be solved.
    """
    grid, samples = _grid(subject.times)
    solver = partial(odeint, rtol=_TIGHT, atol=1e-2 * _TIGHT, method="dopri8")
    return _both(subject, _TIGHT, solver, grid, samples, frozenset(range(0, len(grid), _EVERY)))


def _grid(times: Floats) -> tuple[Floats, Places]:
    parts = [np.linspace(a, b, PIECES, endpoint=False) for a, b in pairwise(times)]
    return np.concatenate([*parts, times[-1:]]), PIECES * np.arange(len(times))


@torch.no_grad()
def _both(
    subject: Subject, tolerance: float, solver: Solver, grid: Floats, samples: Places, kept: frozenset[int]
) -> BothWays:
    times = torch.tensor(grid)
    z = solver(subject.field, torch.tensor(subject.start), times)
    places, states = _back(subject, solver, times, z, samples, kept)
    forwards, both = z.numpy(), states.numpy()
    away = np.linalg.norm(both[:, 0] - forwards[places], axis=1)
    drift = away / max(float(np.linalg.norm(forwards, axis=1).max()), 1e-300)
    return BothWays(tolerance, grid, forwards, samples, grid[places], both[:, 0], both[:, 1], drift)


def _back(
    subject: Subject, solver: Solver, grid: Tensor, z: Tensor, samples: Places, kept: frozenset[int]
) -> tuple[Places, Tensor]:
    """Places in the grid, from the last to the first, and z and a there, (m, 2, d)."""
    jumps = dict(zip(samples.tolist(), subject.pulls(z[samples]), strict=True))
    size = max(float(g.abs().max()) for g in jumps.values()) or 1.0  # a is linear in it: see Adjoint.backward
    derivative = partial(_derivative, make_pullback(subject.field, subject.field))
    stops = sorted(jumps.keys() | kept, reverse=True)
    places, parts = [np.array([stops[0]])], [torch.stack([z[-1], torch.zeros_like(z[-1])])[None]]
    state, a = z[-1], jumps[stops[0]] / size
    for begin, end in pairwise(stops):
        way = np.arange(begin, end - 1, -1)
        both = torch.stack([state, a])
        found = _solved(partial(solver, derivative), both, grid[way.copy()])
        jumped = begin in jumps
        places.append(way if jumped else way[1:])
        parts.append(found if jumped else found[1:])
        state, a = (z[end] if end in kept else found[-1, 0]), found[-1, 1]
        if end in jumps:
            a = a + jumps[end] / size
    states = torch.cat(parts)
    states[:, 1] *= size
    return np.concatenate(places), states


def _derivative(pullback: Pullback, t: Tensor, both: Tensor) -> Tensor:
    f, pulled = pullback(t, both[0], both[1])
    return torch.stack([f, -pulled])


def _solved(solver: Callable[[Tensor, Tensor], Tensor], both: Tensor, times: Tensor) -> Tensor:
    """NaN from where it cannot be solved."""
    values = both.new_full((len(times), *both.shape), float("nan"))
    if not bool(both.isfinite().all()):
        return values
    try:
        values = solver(both, times)
    except SolveError as error:
        reached = cast("Tensor", error.partial)
        values[: len(reached)] = reached
    return values
