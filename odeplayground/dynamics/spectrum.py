"""Amplitude spectra of evenly sampled signals: which periods are in a solution, and how strongly."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from odeplayground.dynamics.arrays import Floats

FEWEST = 16
"""Samples; of fewer there is no spectrum to speak of."""
_FLAT = 1e-9
"""A signal that moves by less than this share of its size is constant but for rounding."""
_LOWEST_BIN = 2
"""Below it the window's main lobe still covers the mean: a period must fit in twice to be seen."""


class Peak(msgspec.Struct, frozen=True):
    """The strongest sine of a signal."""

    frequency: float
    """Cycles per unit of time."""
    amplitude: float
    """Of the sine, in the unit of the signal."""

    @property
    def period(self) -> float:
        """Time of one cycle."""
        return 1.0 / self.frequency


class Spectrum(msgspec.Struct, frozen=True, eq=False):
    """Amplitudes over frequencies.

    ``frequency`` is (k,) in cycles per unit of time, from 0 to half the sampling rate in steps of ``resolution``;
    ``amplitude`` is (n_signals, k), in the unit of each signal. There is one peak per signal, ``None`` where nothing
    oscillates.
    """

    frequency: Floats
    amplitude: Floats
    peaks: tuple[Peak | None, ...]

    @property
    def resolution(self) -> float:
        """1 / T: frequencies closer than about twice this cannot be told apart, whatever the number of samples."""
        return float(self.frequency[1])


def spectrum(values: ArrayLike, step: float) -> Spectrum:
    """The amplitude spectrum of signals (n_signals, n) or (n,), sampled every ``step`` units of time.

    The mean is taken off and a Hann window put on, scaled so that a sine of amplitude A shows a peak of height A (less
    by up to 15 % where its frequency lies between two bins; the peak's own amplitude is corrected for that). The
    window keeps strong sines from covering weak ones, and makes each two bins wide: Harris, On the use of windows for
    harmonic analysis with the discrete Fourier transform, Proc. IEEE 66 (1978), 51–83.

    Raises:
        ValueError: fewer than 16 samples, a number that is not finite, or a step that is not positive.
    """
    signals = np.atleast_2d(np.asarray(values, dtype=np.float64))
    n = signals.shape[1]
    if n < FEWEST:
        raise ValueError(f"A spectrum needs at least {FEWEST} samples; there are {n}.")
    if not np.isfinite(signals).all():
        raise ValueError("A spectrum needs finite numbers.")
    if not (math.isfinite(step) and step > 0):
        raise ValueError("The step between two samples must be positive.")
    size = np.abs(signals).max(axis=1, keepdims=True)
    size[size == 0] = 1.0
    centred = signals / size  # huge numbers must not overflow
    centred -= centred.mean(axis=1, keepdims=True)
    centred[np.abs(centred).max(axis=1) < _FLAT] = 0.0
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    raw = np.abs(np.fft.rfft(centred * window, axis=1)) * (2.0 / window.sum())
    frequency = np.asarray(np.fft.rfftfreq(n, step), dtype=np.float64)
    peaks = tuple(_peak(row, frequency[1], float(scale)) for row, scale in zip(raw, size[:, 0], strict=True))
    return Spectrum(frequency, raw * size, peaks)


def _peak(raw: Floats, resolution: float, scale: float) -> Peak | None:
    """Between the bins: T. Grandke, Interpolation algorithms for discrete Fourier transforms of weighted signals,
    IEEE Trans. Instrum. Meas. 32 (1983), 350–355, for the Hann window.
    """
    inner = raw[_LOWEST_BIN:-1]
    k = int(inner.argmax()) + _LOWEST_BIN
    if raw[k] <= 0 or raw[k] < raw[k - 1] or raw[k] < raw[k + 1]:
        return None  # nothing but a drift, which is strongest at the lowest frequency
    left = raw[k - 1] > raw[k + 1]
    ratio = float((raw[k - 1] if left else raw[k + 1]) / raw[k])
    offset = (2 * ratio - 1) / (ratio + 1)
    lobe = np.sinc(offset) / (1 - offset**2)
    bins = k - offset if left else k + offset
    return Peak(float(bins * resolution), float(raw[k] * scale / lobe))
