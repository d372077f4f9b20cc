"""Spectra and delays of signals whose periods are known."""

import numpy as np
import pytest

from odeplayground.dynamics.delay import autocorrelation, embedded, suggested_delay
from odeplayground.dynamics.spectrum import spectrum


@pytest.mark.parametrize("cycles", [3.0, 7.3, 19.5, 40.81])
def test_the_peak_of_a_sine_is_its_frequency_and_amplitude(cycles):
    n, step = 2048, 0.01
    t = step * np.arange(n)
    frequency = cycles / (n * step)
    found = spectrum(5.0 + 2.5 * np.sin(2 * np.pi * frequency * t + 0.4), step)
    (peak,) = found.peaks
    # The mean is not exactly that of whole cycles, and few cycles feel their mirror image.
    assert abs(peak.frequency - frequency) < 0.05 * found.resolution / cycles**2 + 1e-4 * found.resolution
    assert peak.amplitude == pytest.approx(2.5, rel=0.03)
    assert peak.period == pytest.approx(1 / frequency, rel=0.01)


def test_the_resolution_is_one_over_the_length():
    found = spectrum(np.sin(np.arange(400)), 0.5)
    assert found.resolution == pytest.approx(1 / 200)
    assert found.frequency[-1] == pytest.approx(1.0)  # half the sampling rate


def test_a_weak_sine_beside_a_strong_one_is_seen():
    t = np.arange(4096) / 4096
    values = np.sin(2 * np.pi * 100.5 * t) + 1e-4 * np.sin(2 * np.pi * 300 * t)
    found = spectrum(values, 1 / 4096)
    assert found.amplitude[0, 300] == pytest.approx(1e-4, rel=0.05)
    assert found.amplitude[0, 300] > 20 * found.amplitude[0, 260]


def test_scaling_a_signal_scales_its_spectrum_and_a_shift_changes_nothing():
    signal = np.sin(0.3 * np.arange(500)) + 0.2 * np.cos(1.1 * np.arange(500))
    one, other = spectrum(signal, 1.0), spectrum(np.stack([1e200 * signal, signal + 7]), 1.0)
    assert np.allclose(other.amplitude[0] / 1e200, one.amplitude[0], rtol=1e-10, atol=1e-15)
    assert np.allclose(other.amplitude[1], one.amplitude[0], atol=1e-14)


@pytest.mark.parametrize("signal", [np.full(100, 3.3), np.zeros(100), np.arange(100.0), np.exp(-np.arange(100) / 30)])
def test_what_does_not_oscillate_has_no_peak(signal):
    assert spectrum(signal, 0.1).peaks == (None,)


@pytest.mark.parametrize("bad", [(np.zeros(5), 1.0), (np.full(50, np.nan), 1.0), (np.zeros(50), 0.0)])
def test_what_has_no_spectrum_is_refused(bad):
    with pytest.raises(ValueError, match=r"spectrum|step"):
        spectrum(*bad)


def test_the_autocorrelation_of_a_sine_is_its_cosine():
    n, period = 4000, 100
    found = autocorrelation(3 + 2 * np.sin(2 * np.pi * np.arange(n) / period))
    assert found[0] == pytest.approx(1)
    lags = np.arange(1000)
    assert np.abs(found[:1000] - np.cos(2 * np.pi * lags / period)).max() < 0.02


def test_a_sine_is_best_seen_a_quarter_period_later_and_becomes_a_circle():
    signal = np.sin(2 * np.pi * np.arange(4000) / 160)
    delay = suggested_delay(signal)
    assert abs(delay - 40) <= 1
    points = embedded(signal, 0.1, 4.0)
    assert np.abs(np.hypot(*points.T) - 1).max() < 1e-3
    assert len(points) == 4000 - 40


def test_where_a_minimum_comes_before_a_zero_it_is_suggested():
    n = 1000
    wave = 0.1 * np.cos(2 * np.pi * np.arange(n) / 50)
    drift = np.linspace(0, 3, n) ** 2
    assert 20 <= suggested_delay(drift + 15 * wave) <= 30


def test_nothing_that_changes_still_gets_a_delay():
    assert suggested_delay(np.ones(100)) >= 1


def test_a_delay_of_zero_is_the_diagonal_and_one_too_long_is_refused():
    signal = np.random.default_rng(0).normal(size=50)
    points = embedded(signal, 0.5, 0.0)
    assert np.array_equal(points[:, 0], points[:, 1])
    with pytest.raises(ValueError, match="length of the signal"):
        embedded(signal, 0.5, 100.0)
