"""Solutions of dense networks with their derivatives by the starts and the parameters, by native code.

The same two functions as ``sensitivity``, with steps by tolerance instead of a number of steps per interval. The
derivatives are exact for steps that end on every sample; those of the solution itself go over the samples, so that
the two differ by about the tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.dynamics.dense_sensitivities import SensitivitySolver
from odeplayground.dynamics.dense_shape import DenseShape
from odeplayground.dynamics.dense_solver import DenseSolver
from odeplayground.neural.native_engine import STAGES, NativeField

CONTROL = DenseControl(rtol=1e-7, atol=1e-8, capped=False)
"""For normalised states. Samples are seldom as exact, but a search that converges compares costs."""


@dataclass(frozen=True, eq=False)
class NativeTape:
    """``y`` (k, m, n) at the sample times ``t`` (k, m), NaN from where a window ended early."""

    y: Tensor
    t: Tensor
    evaluations: int
    """Of the field, by the window that needed most."""
    poll: Callable[[], None]


def record(
    field: nn.Module, start: Tensor, t: Tensor, steps: int, poll: Callable[[], None] = lambda: None
) -> NativeTape:
    """Solve from starts (m, n) over increasing times (k, m), each window with its own; ``steps`` is not used.

    The field is one that ``native_engine.supports`` knows. ``poll`` is called now and then.
    """
    poll()
    native = NativeField(field)
    since = (t - t[0]).T.double().numpy()
    rows = start.detach().numpy().astype(native.shape.dtype, copy=False)
    run = _solver(native.shape).solve(native.flat(), rows, since, keep=False)
    evaluations = 1 + STAGES * int(run.stats.tried.max())
    return NativeTape(torch.from_numpy(run.values).to(start.dtype), t, evaluations, poll)


@torch.no_grad()
def sensitivities(field: nn.Module, tape: NativeTape) -> tuple[Tensor, Tensor]:
    """Derivatives of the samples by the parameters, (k, m, n, p), and by the starts, (k, m, n, n)."""
    native = NativeField(field)
    k, m, n = tape.y.shape
    dtype = native.shape.dtype
    starts = tape.y[:-1].reshape(-1, n).numpy().astype(dtype, copy=False)
    spans = tape.t.diff(dim=0).reshape(-1).double().numpy()
    found = _linear_solver(native.shape).solve(native.flat(), starts, spans, tape.poll)
    factors = native.folded(np.ones(native.shape.count, dtype))
    pushes = torch.from_numpy(found.by_weights * factors).to(tape.y.dtype).reshape(k - 1, m, n, -1)
    maps = torch.from_numpy(found.by_start).to(tape.y.dtype).reshape(k - 1, m, n, n)
    return chained(pushes, maps)


@lru_cache(maxsize=8)
def _solver(shape: DenseShape) -> DenseSolver:
    """Solvers keep their memory from call to call."""
    return DenseSolver(shape, CONTROL)


@lru_cache(maxsize=8)
def _linear_solver(shape: DenseShape) -> SensitivitySolver:
    return SensitivitySolver(shape, CONTROL)


def chained(pushes: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
    """Derivatives by the parameters and the starts from those of each interval, (j, m, n, p) and (j, m, n, n)."""
    j, m, n, p = pushes.shape
    by_parameters = torch.zeros(j + 1, m, n, p, dtype=pushes.dtype)
    by_start = torch.eye(n, dtype=pushes.dtype).repeat(j + 1, m, 1, 1)
    for i, step in enumerate(maps):
        torch.baddbmm(pushes[i], step, by_parameters[i], out=by_parameters[i + 1])
        by_start[i + 1] = step @ by_start[i]
    return by_parameters, by_start
