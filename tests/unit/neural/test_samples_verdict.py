"""Reports on systems whose true field is not known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from odeplayground import expr, neural
from odeplayground.neural.samples_verdict import compare_with_samples
from odeplayground.spec import System

TRUE = "x' = y\ny' = -2*x\nx(0) = 1\nt in [0, 12]"


def typed(text: str) -> System:
    system = expr.parse(text).system
    assert system is not None
    return system


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_the_true_system_is_off_by_the_noise(noise: float) -> None:
    data = neural.sample(typed(TRUE), n_trajectories=6, n_points=100, noise=noise)
    report = compare_with_samples(typed(TRUE), data)
    assert report.trajectory_error == pytest.approx(noise, rel=0.1, abs=1e-5)
    assert report.good
    assert math.isnan(report.field_error)


def test_a_wrong_frequency_is_not_good() -> None:
    data = neural.sample(typed(TRUE), n_trajectories=3, n_points=60)
    report = compare_with_samples(typed(TRUE.replace("-2", "-3")), data)
    # Far apart, two oscillations differ by the root of the sum of their squares.
    assert 0.5 < report.trajectory_error < 2
    assert not report.good


def test_what_diverges_is_told() -> None:
    data = neural.sample(typed(TRUE), n_trajectories=2, n_points=40)
    report = compare_with_samples(typed("x' = y\ny' = 5 + x^2 + y^2"), data)
    assert report.trajectory_error == np.inf
    assert "diverge" in report.verdict
    assert not report.good


def test_a_system_with_unknown_terms_is_no_truth() -> None:
    data = neural.sample(typed(TRUE), n_trajectories=2, n_points=40)
    report = neural.compare(typed("x' = y\ny' = [?](x)"), typed(TRUE), data)
    assert report == compare_with_samples(typed(TRUE), data) or math.isnan(report.field_error)
    assert report.good


def test_a_stable_cycle_is_told_with_its_period() -> None:
    cycling = typed("x' = y\ny' = (1 - x^2)*y - x\nx(0) = 2\nt in [0, 14]")
    report = compare_with_samples(cycling, neural.sample(cycling, n_trajectories=2, n_points=60))
    period = next(score.value for score in report.scores if score.name == "Period")
    assert period == pytest.approx(6.66329, rel=1e-4)  # Van der Pol's at mu = 1
    assert "period of 6.66" in report.verdict
    turning = compare_with_samples(typed(TRUE), neural.sample(typed(TRUE), n_trajectories=2, n_points=60))
    assert all(score.name != "Period" for score in turning.scores)  # a centre has no stable cycle
