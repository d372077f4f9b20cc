"""The vertical range of a time series."""

from __future__ import annotations

import math

import numpy as np

from odeplayground.gui.plots.screen import Floats
from odeplayground.gui.plots.ticks import nice_step

_RUNAWAY = 20.0
"""A range this many times wider than that of the middle nine tenths is an explosion, and is cut off."""
_ROOM = 0.08
_HUGE = 1e100


def value_range(*values: Floats) -> tuple[float, float]:
    """A range for all finite values, with some room, rounded outwards so that it is calm while one drags."""
    parts = [part[np.isfinite(part)] for part in map(np.ravel, values)]
    finite = np.clip(np.concatenate(parts), -_HUGE, _HUGE) if parts else np.empty(0)
    if not finite.size:
        return -1.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    inner_low, inner_high = (float(value) for value in np.quantile(finite, [0.05, 0.95]))
    inner = inner_high - inner_low
    if inner > 0 and high - low > _RUNAWAY * inner:
        low, high = max(low, inner_low - inner), min(high, inner_high + inner)
    if not high - low > 1e-12 * max(abs(low), abs(high)):
        half = max(abs(low) * 0.1, 1.0 if low == 0 else 0.0, 1e-9)
        return low - half, high + half
    room = _ROOM * (high - low)
    step = nice_step(high - low, 20.0, 1.0)
    lower, upper = math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step
    # Quantities that are never negative, such as concentrations, should not get a negative axis.
    return (max(lower, -step / 2) if low >= 0 else lower), upper


def log_range(*values: Floats) -> tuple[float, float]:
    """A range for decimal logarithms: whole decades around those that are numbers, at least one."""
    finite = np.concatenate([part[np.isfinite(part)] for part in map(np.ravel, values)] or [np.empty(0)])
    if not finite.size:
        return -1.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    room = _ROOM * max(high - low, 0.5)
    low, high = math.floor(2 * (low - room)) / 2, math.ceil(2 * (high + room)) / 2
    middle = 0.5 * (low + high)
    return min(low, middle - 0.5), max(high, middle + 0.5)
