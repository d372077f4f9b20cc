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
from odeplayground.dynamics.dense_shape import DenseShape, Reals
from odeplayground.dynamics.dense_solver import DenseSolver
from odeplayground.dynamics.endings import Ending
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
    field: nn.Module,
    start: Tensor,
    t: Tensor,
    steps: int,
    poll: Callable[[], None] = lambda: None,
    control: DenseControl = CONTROL,
) -> NativeTape:
    """Solve from starts (m, n) over increasing times (k, m), each window with its own; ``steps`` is not used.

    The field is one that ``native_engine.supports`` knows. ``poll`` is called now and then.
    """
    poll()
    native = NativeField(field)
    since = (t - t[0]).T.double().numpy()
    rows = start.detach().numpy().astype(native.shape.dtype, copy=False)
    run = DenseSolver(native.shape, control).solve(native.flat(), rows, since, keep=False)
    evaluations = 1 + STAGES * int(run.stats.tried.max())
    return NativeTape(torch.from_numpy(run.values).to(start.dtype), t, evaluations, poll)


@torch.no_grad()
def sensitivities(field: nn.Module, tape: NativeTape) -> tuple[Tensor, Tensor]:
    """Derivatives of the samples by the parameters, (k, m, n, p), and by the starts, (k, m, n, n).

    Raises:
        FloatingPointError: a sample that was reached has no derivatives, since its way took too many steps.
    """
    native = NativeField(field)
    k, m, n = tape.y.shape
    dtype = native.shape.dtype
    starts = tape.y[:-1].reshape(-1, n).numpy().astype(dtype, copy=False)
    spans = tape.t.diff(dim=0).reshape(-1).double().numpy()
    found = _linear_solver(native.shape).solve(native.flat(), starts, spans, tape.poll)
    reached = np.isfinite(tape.y[1:].reshape(-1, n).numpy()).all(axis=1)
    if (reached & (found.endings != Ending.FINISHED)).any():
        raise FloatingPointError("The derivatives of some samples could not be found.")
    factors = native.folded(np.ones(native.shape.count, dtype))
    pushes = (found.by_weights * factors).reshape(k - 1, m, n, -1)
    chain = torch.from_numpy(chained(pushes, found.by_start.reshape(k - 1, m, n, n))).to(tape.y.dtype)
    return chain[..., :-n], chain[..., -n:]


@lru_cache(maxsize=8)
def _linear_solver(shape: DenseShape) -> SensitivitySolver:
    return SensitivitySolver(shape, CONTROL)


def chained(pushes: Reals, maps: Reals) -> Reals:
    """Derivatives by the parameters, then by the starts, (j + 1, m, n, p + n), from those of each interval."""
    j, m, n, p = pushes.shape
    chain = np.zeros((j + 1, m, n, p + n), pushes.dtype)
    chain[0, ..., p:] = np.eye(n)
    for i in range(j):
        np.matmul(maps[i], chain[i], out=chain[i + 1])
        chain[i + 1, ..., :p] += pushes[i]
    return chain
