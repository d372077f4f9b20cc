"""Pendulums solved by Tsit5 for plain numbers, compiled by numba, on all processors: what a careful user would write.

Coefficients: Ch. Tsitouras, Computers & Mathematics with Applications 62 (2011).
"""

from __future__ import annotations

import math

import numba
import numpy as np

from odeplayground.dynamics.kernels.tableaus.tsit5 import TSIT5

STAGES = 7
A = np.array([[*row, *[0.0] * (STAGES - len(row))] for row in ((), *TSIT5.a, TSIT5.b)])
ERROR = np.array(TSIT5.error[0])


@numba.njit(inline="always")
def _pendulum(y: np.ndarray, slope: np.ndarray) -> None:
    slope[0] = y[1]
    slope[1] = -0.25 * y[1] - 5.0 * math.sin(y[0])


@numba.njit(parallel=True)
def pendulums(starts: np.ndarray, end: float, rtol: float, atol: float) -> np.ndarray:
    """End states (m, 2)."""
    ends = np.empty_like(starts)
    for lane in numba.prange(starts.shape[0]):
        k = np.empty((STAGES, 2))
        y, stage = starts[lane].copy(), np.empty(2)
        t, h = 0.0, 0.01
        _pendulum(y, k[0])
        while t < end:
            h = min(h, end - t)
            for s in range(1, STAGES):
                for i in range(2):
                    total = 0.0
                    for j in range(s):
                        total += A[s, j] * k[j, i]
                    stage[i] = y[i] + h * total
                _pendulum(stage, k[s])
            norm = 0.0
            for i in range(2):
                difference = 0.0
                for s in range(STAGES):
                    difference += ERROR[s] * k[s, i]
                scaled = h * difference / (atol + rtol * max(abs(y[i]), abs(stage[i])))
                norm += scaled * scaled
            norm = math.sqrt(0.5 * norm)
            if norm <= 1.0:
                t = t + h if h < end - t else end
                for i in range(2):
                    y[i] = stage[i]
                    k[0, i] = k[STAGES - 1, i]
            h *= min(10.0, max(0.2, 0.9 * max(norm, 1e-10) ** -0.2))
        ends[lane] = y
    return ends
