"""What nature keeps, solved presets keep; and where an answer is known, they reach it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from odeplayground import dynamics, expr
from odeplayground.storage import presets

NAMES = presets.presets()
LAWS = [(name, law) for name in NAMES for law in presets.load(name).laws]


@pytest.mark.parametrize("name", NAMES)
def test_every_starting_point_runs_to_the_end(name):
    experiment = presets.load(name).experiment
    for start in experiment.starts:
        solution = dynamics.simulate(experiment.system, initial=start)
        assert str(solution.status) == "finished", solution.message
        assert solution.t[-1] == experiment.system.t_span[1]
        assert np.all(np.isfinite(solution.y))


@pytest.mark.parametrize(("name", "law"), LAWS, ids=[f"{name}-{law.name}" for name, law in LAWS])
def test_what_is_conserved_stays(name, law):
    """Relative drift stays near the tolerance of the solver; for linear invariants near rounding."""
    preset = presets.load(name)
    system = expr.parse(f"{preset.text}\nkept_by_law = {law.expression}").system
    for start in preset.experiment.starts:
        solution = dynamics.simulate(system, initial=start, parameters=law.when, rtol=1e-9, atol=1e-12)
        kept = solution["kept_by_law"]
        scale = max(1.0, np.abs(kept).max())
        assert np.ptp(kept) < 1e-6 * scale


@pytest.mark.parametrize(("name", "law"), [pair for pair in LAWS if pair[1].when], ids=lambda item: str(item)[:20])
def test_conditions_of_laws_are_needed(name, law):
    preset = presets.load(name)
    system = expr.parse(f"{preset.text}\nkept_by_law = {law.expression}").system
    kept = dynamics.simulate(system, rtol=1e-8)["kept_by_law"]
    assert np.ptp(kept) > 1e-2


def test_cooling_is_an_exponential():
    solution = dynamics.simulate(presets.preset("cooling"), rtol=1e-9)
    assert np.allclose(solution["T"], 20 + 70 * np.exp(-0.1 * solution.t), rtol=1e-7)


def test_reaction_chain_is_batemans_solution():
    solution = dynamics.simulate(presets.preset("reaction-chain"), rtol=1e-9, atol=1e-12)
    a, b = np.exp(-solution.t), 1.0 / (0.5 - 1.0) * (np.exp(-solution.t) - np.exp(-0.5 * solution.t))
    assert np.allclose(solution.y, [a, b, 1 - a - b], atol=1e-8)


def test_reversible_reaction_ends_where_both_rates_are_equal():
    """With A + 2 B = 1 and kf/kr = 4: 8 A^2 + A - 1 = 0."""
    end = dynamics.simulate(presets.preset("reversible-reaction"), t_span=(0, 60), rtol=1e-9).y[:, -1]
    assert end[0] == pytest.approx((-1 + math.sqrt(33)) / 16, abs=1e-6)
    assert end[1] == pytest.approx(4 * end[0] ** 2, abs=1e-6)


def test_pendulum_comes_to_rest_and_swings_with_the_elliptic_period():
    """Undamped, the period is 4 K(sin(theta0/2)) / sqrt(c), K the complete elliptic integral (AGM)."""
    system = presets.preset("pendulum")
    assert np.allclose(dynamics.simulate(system, t_span=(0, 100)).y[:, -1], 0.0, atol=1e-4)
    theta0 = system.initial[0]
    a, g = 1.0, math.cos(theta0 / 2)
    while abs(a - g) > 1e-15:
        a, g = (a + g) / 2, math.sqrt(a * g)
    period = 2 * math.pi / a / math.sqrt(5.0)
    swung = dynamics.simulate(system, t_span=(0, period), parameters={"b": 0.0}, rtol=1e-10, atol=1e-12)
    assert np.allclose(swung.y[:, -1], system.initial, atol=1e-5)


def test_oscillators_forget_where_they_began():
    for name, last in {"van-der-pol": 40, "brusselator": 80, "fitzhugh-nagumo": 300}.items():
        experiment = presets.load(name).experiment
        peaks = [
            np.ptp(
                dynamics.simulate(experiment.system, (0, last), start, t_eval=np.linspace(last / 2, last, 4000)).y, 1
            )
            for start in experiment.starts
        ]
        assert np.allclose(peaks, peaks[0], rtol=5e-3)


def test_lorenz_stays_on_its_attractor_and_forgets_a_thousandth():
    experiment = presets.load("lorenz").experiment
    one, two = (dynamics.simulate(experiment.system, initial=start, rtol=1e-9) for start in experiment.starts)
    times = np.linspace(0, 30, 3000)
    gap = np.abs(one(times) - two(times)).max(axis=0)
    assert gap[times < 3].max() < 1.0
    assert gap.max() > 10.0
    assert np.abs(one.y).max() < 60


def test_the_flu_peaks_within_the_week_and_spares_some():
    solution = dynamics.simulate(presets.preset("sir"), t_span=(0, 200), rtol=1e-9)
    ill = solution["I"]
    assert 4 < solution.t[np.argmax(ill)] < 8
    # Kermack and McKendrick: log(S_end / S_0) = (beta/gamma) (S_end - N) / N, with I_end = 0
    left = solution["S"][-1]
    assert math.log(left / 762) == pytest.approx(1.66 / 0.44 * (left - 763) / 763, rel=1e-5)
    assert 0 < left < 50


def test_robertson_reaches_the_reference():
    """Values at t = 40: CVODE documentation, example cvRoberts_dns; relative accuracy of the table 1e-4."""
    end = dynamics.simulate(presets.preset("robertson"), rtol=1e-8, atol=1e-14).y[:, -1]
    assert np.allclose(end, [7.158e-01, 9.185e-06, 2.842e-01], rtol=2e-4)
