"""Delay embedding: one signal against its own past shows the attractor it comes from.

F. Takens, Detecting strange attractors in turbulence, Lecture Notes in Mathematics 898 (1981), 366–381.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics.arrays import Floats

FEWEST = 16
_LONGEST = 0.5
"""The autocorrelation is looked at up to this share of the signal; beyond, too little of it overlaps."""
_NOTHING_FOUND = 0.1


def autocorrelation(signal: ArrayLike) -> Floats:
    """Correlation (n,) of a signal (n,) with itself, delayed by 0, 1, ... samples; 1 at delay 0.

    Each value is divided by the number of samples that overlap, so that a lasting oscillation does not seem to fade.
    That of a constant is 0 everywhere but at 0.

    Raises:
        ValueError: fewer than 16 samples, or a number that is not finite.
    """
    values = np.asarray(signal, dtype=np.float64)
    n = values.size
    if values.ndim != 1 or n < FEWEST:
        raise ValueError(f"An autocorrelation needs a row of at least {FEWEST} samples.")
    if not np.isfinite(values).all():
        raise ValueError("An autocorrelation needs finite numbers.")
    size = float(np.abs(values).max())
    centred = values / size if size > 0 else values.copy()
    centred -= centred.mean()
    spectrum = np.fft.rfft(centred, 2 * n)  # zeros behind, or the end would meet the beginning
    result: Floats = np.fft.irfft(spectrum * spectrum.conj(), 2 * n)[:n] / np.arange(n, 0, -1)
    if result[0] < 1e-18:
        result = np.zeros(n)
        result[0] = 1.0
        return result
    result /= result[0]
    return result


def suggested_delay(signal: ArrayLike) -> int:
    """A delay in samples at which a signal (n,) says most that is new about itself.

    It is the first zero of the autocorrelation (a quarter of the period of a sine, which so becomes a circle) or its
    first minimum, whichever comes first; else a tenth of the signal. Kantz and Schreiber, Nonlinear Time Series
    Analysis, 2nd ed., section 9.2.

    Raises:
        ValueError: fewer than 16 samples, or a number that is not finite.
    """
    correlation = autocorrelation(signal)
    seen = correlation[: max(3, math.ceil(_LONGEST * correlation.size))]
    zero = np.flatnonzero(seen <= 0)
    lowest = np.flatnonzero((seen[1:-1] < seen[:-2]) & (seen[1:-1] <= seen[2:])) + 1
    found = [int(places[0]) for places in (zero, lowest) if places.size]
    return max(1, min(found, default=round(_NOTHING_FOUND * correlation.size)))


def embedded(signal: ArrayLike, step: float, delay: float) -> Floats:
    """Points (k, 2) of x(t) and x(t - delay), for a signal (n,) sampled every ``step`` units of time.

    Between two samples the signal is a straight line.

    Raises:
        ValueError: the delay is negative or longer than the signal.
    """
    values = np.asarray(signal, dtype=np.float64)
    length = step * (values.size - 1)
    if not 0 <= delay <= length:
        raise ValueError(f"The delay must lie between 0 and {length:g}, the length of the signal.")
    times = step * np.arange(values.size)
    later = times >= delay * (1 - 1e-12)
    return np.stack([values[later], np.interp(times[later] - delay, times, values)], axis=-1)
