"""Ensembles solved with heyoka's Taylor methods, in batches, on all processors; also the reference for errors.

heyoka's own ``ensemble_propagate_until_batch`` copies the integrator for every batch, which takes most of its time: a
loop over batches in a thread per processor is many times faster, and is what is measured.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import heyoka
import numpy as np

from tests.benchmarks.problems import Problem

BATCHES = (8, 16, 32)
Ends = Callable[[], np.ndarray]


def equations(problem: Problem) -> list[Any]:
    """The system in heyoka's symbols."""
    states = heyoka.make_vars(*(f"x{i}" for i in range(len(problem.low))))
    states = states if isinstance(states, list) else [states]
    return list(zip(states, problem.field(heyoka.sin, *states), strict=True))


def prepared(problem: Problem, starts: np.ndarray, tol: float, batch: int, *, accurate: bool = False) -> Ends:
    """A compiled integrator as a function from nothing to the end states (m, n_states); m is a multiple of batch."""
    m, n = starts.shape
    zeros = np.zeros((n, batch))
    first = heyoka.taylor_adaptive_batch(equations(problem), zeros, tol=tol, high_accuracy=accurate)
    integrators = [first, *(copy.copy(first) for _ in range((os.cpu_count() or 1) - 1))]
    blocks = np.ascontiguousarray(starts.reshape(-1, batch, n).transpose(0, 2, 1))
    ends = np.empty_like(blocks)

    def work(integrator: Any, numbers: np.ndarray) -> None:
        for i in numbers:
            integrator.state[:] = blocks[i]
            integrator.set_time(0.0)
            integrator.propagate_until(problem.end)
            ends[i] = integrator.state

    def solve() -> np.ndarray:
        with ThreadPoolExecutor(len(integrators)) as pool:
            list(pool.map(work, integrators, np.array_split(np.arange(len(blocks)), len(integrators))))
        return ends.transpose(0, 2, 1).reshape(m, n)

    return solve


def reference(problem: Problem, starts: np.ndarray) -> np.ndarray:
    """End states (m, n_states) as exact as double precision allows."""
    return prepared(problem, starts, 1e-18, 8, accurate=True)()


def one(problem: Problem, start: tuple[float, ...], times: np.ndarray) -> Callable[[float], Callable[[], np.ndarray]]:
    """From a tolerance to a compiled integrator of one trajectory, a function from nothing to states (n_states, n)."""

    def compiled(tol: float) -> Callable[[], np.ndarray]:
        integrator = heyoka.taylor_adaptive(equations(problem), start, tol=tol)

        def solve() -> np.ndarray:
            integrator.state[:] = start
            integrator.time = times[0]
            return integrator.propagate_grid(times)[-1].T

        return solve

    return compiled
