"""Whether a trained field is what the solver of the training saw, or its steps were part of the fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from torch import Tensor, nn

from odeplayground import dynamics
from odeplayground.neural.errors import SolveError
from odeplayground.neural.preparation import Preparation
from odeplayground.neural.segments import steps_for
from odeplayground.neural.sensitivity import record as record_small_steps
from odeplayground.spec import AnySystem

MOST_RUNS = 8
TOLERANCE = 1e-8
MOST_STEPS = 20_000
"""Of the exact solution of a trajectory; one that needs more is no better known than one that diverges."""


class Recorded(Protocol):
    """A solution, (k, m, n)."""

    @property
    def y(self) -> Tensor:
        """The states."""
        ...


Recorder = Callable[[nn.Module, Tensor, Tensor, int, Callable[[], None]], Recorded]
"""Of a field, starts, times, steps per interval, and what is called now and then."""


def solver_share(
    field: nn.Module,
    system: AnySystem,
    parts: Preparation,
    substeps: int,
    poll: Callable[[], None] = lambda: None,
    record: Recorder = record_small_steps,
) -> float:
    """What solving at a tolerance of 1e-8 changes along the data's trajectories, in deviations of the data.

    Root mean square; infinite if either solution diverges. ``poll`` is called now and then, and may raise. ``record``
    solves as the training did.
    """
    squares = count = 0.0
    left = MOST_RUNS
    for batch in parts.segments(0):
        start, times = batch.start[:left], batch.times[:, :left]
        left -= len(start)
        if not len(start):
            break
        try:
            rough = record(field, start, times, steps_for(batch, substeps), poll).y.double().numpy()
        except SolveError:
            return float("inf")
        begin = parts.scaling.mean + parts.scaling.scale_in * start.double().numpy()
        for j, one in enumerate(begin):
            poll()
            t = times[:, j].numpy()
            solved = dynamics.simulate_many(
                system,
                one[None],
                None,
                (float(t[0]), float(t[-1])),
                t,
                rtol=TOLERANCE,
                atol=1e-2 * TOLERANCE,
                max_steps=MOST_STEPS,
            )
            exact = (solved.y[0].T - parts.scaling.mean) / parts.scaling.scale_in
            squares += float(np.sum((exact - rough[:, j]) ** 2))
            count += exact.size
    share = float(np.sqrt(squares / max(count, 1.0)))
    return share if np.isfinite(share) else float("inf")


def sentence(share: float) -> str:
    """For people."""
    if not np.isfinite(share):
        return "Solved at a tolerance of 1e-8, some of its trajectories diverge."
    return f"Solving at a tolerance of 1e-8 changes its trajectories by {100 * share:.2g} %."
