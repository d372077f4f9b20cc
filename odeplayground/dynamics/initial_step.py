"""A first step size from the size of the slope and of its change."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.task import Task


def initial_step(task: Task, slope: Floats, order: int) -> Floats:
    """First steps (m,), positive, for a method of that order (Hairer, Norsett, Wanner, Solving ODEs I, II.4).

    The slope (n_states, m) is that at the start, with its sign turned if time runs backwards.
    """
    span = abs(task.t1 - task.t0)
    scale = task.atol + task.rtol * np.abs(task.y0)
    size, rate = _norm(task.y0 / scale), _norm(slope / scale)
    small = (size < 1e-5) | (rate < 1e-5)
    h = np.minimum(np.where(small, 1e-6, 0.01 * size / rate), span)
    ahead = task.field.rhs(task.t0 + task.direction * h, task.y0 + h * slope) * task.direction
    change = _norm((ahead - slope) / scale) / h
    largest = np.fmax(rate, change)
    by_change = np.where(largest <= 1e-15, np.maximum(1e-6, 1e-3 * h), (0.01 / largest) ** (1 / order))
    result: Floats = np.fmin(np.fmin(100 * h, by_change), span)
    return result


def _norm(values: Floats) -> Floats:
    result: Floats = np.maximum.reduce(np.abs(values), axis=0)
    return result
