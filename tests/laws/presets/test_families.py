"""What is known of the presets in closed form, from their sources, or from other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.continuation import continue_equilibria
from odeplayground.spec import Bifurcation
from odeplayground.storage import presets


def solved(name, span=None, initial=None, parameters=None, **options):
    system = presets.preset(name)
    return dynamics.simulate(system, span, initial, parameters, **{"rtol": 1e-9, "atol": 1e-12, **options})


def special(name, parameter, bounds, kind, **options):
    found = continue_equilibria(presets.preset(name), parameter, bounds, **options)
    return [point.parameter for point in found.of(kind)]


def test_the_large_pendulum_has_the_elliptic_period():
    a, b = 1.0, math.cos(1.25)  # 4 K(sin(theta0 / 2)) sqrt(L / g) by the arithmetic-geometric mean
    while abs(a - b) > 1e-15:
        a, b = (a + b) / 2, math.sqrt(a * b)
    period = 2 * math.pi / a / math.sqrt(9.81)
    assert np.allclose(solved("large-angle-pendulum", (0, period)).y[:, -1], [2.5, 0.0], atol=1e-6)


def test_the_double_pendulum_has_the_known_small_beats():
    """Equal rods and weights: omega^2 = (2 -+ sqrt 2) g / L, with the lower angle +- sqrt 2 times the upper."""
    for sign in (1, -1):
        period = 2 * math.pi / math.sqrt((2 - sign * math.sqrt(2)) * 9.81)
        start = [1e-4, sign * math.sqrt(2) * 1e-4, 0, 0]
        assert np.allclose(solved("double-pendulum", (0, period), start).y[:, -1], start, atol=1e-10)


def test_the_driven_pendulum_is_chaotic_at_1_15_and_not_at_0_9():
    system = presets.preset("driven-pendulum")
    times = np.linspace(0, 300, 3000)
    gaps = {}
    for g in (0.9, 1.15):
        one, two = (
            dynamics.simulate(system, (0, 300), [theta, 0], {"g": g}, times, rtol=1e-10, atol=1e-12)
            for theta in (0.2, 0.2 + 1e-6)
        )
        gaps[g] = np.abs(np.sin((one.y - two.y) / 2)).max(axis=0)[-500:].max()
    assert gaps[0.9] < 1e-6
    assert gaps[1.15] > 1e-2


def test_cooling_outdoors_lags_as_the_closed_solution_says():
    k, w = 0.2, 2 * math.pi / 24
    late = solved("cooling-outdoors", (0, 240), t_eval=np.linspace(200, 240, 50))
    expected = 12 + 8 * k / math.hypot(k, w) * np.cos(w * (late.t - 15) - math.atan2(w, k))
    assert np.allclose(late["T"], expected, atol=1e-6)


def test_two_bodies_end_at_the_mixture():
    end = solved("two-bodies", (0, 60)).y[:, -1]
    assert np.allclose(end, (1 * 90 + 3 * 10) / 4, atol=1e-8)
    middle = solved("two-bodies", (0, 2)).y[:, -1]
    assert middle[0] - middle[1] == pytest.approx(80 * math.exp(-0.4 * (1 + 1 / 3) * 2), rel=1e-8)


def test_reactions_have_their_closed_solutions():
    assert solved("first-order-reaction", (0, math.log(2) / 0.7)).y[0, -1] == pytest.approx(0.5, abs=1e-9)
    second = solved("second-order-reaction", (0, 3)).y[:, -1]
    # ln(B0 A / (A0 B)) = (A0 - B0) k t
    assert math.log(0.6 * second[0] / second[1]) == pytest.approx(0.4 * 3, rel=1e-7)
    logistic = solved("autocatalysis", (0, 5))["B"][-1]
    assert logistic == pytest.approx(1 / (1 + 99 * math.exp(-5)), rel=1e-7)


def test_michaelis_menten_runs_at_the_quasi_steady_pace():
    """With little enzyme P' = k2 E0 S / (K + S), K = (k_1 + k2) / k1, up to E0 / (K + S0) (Segel and Slemrod 1989)."""
    few = {"E0": 1e-3}
    solution = solved("michaelis-menten", (0, 5), parameters=few)
    pace = 2 * solution["C"][-1]
    assert pace == pytest.approx(2 * 1e-3 * solution["S"][-1] / (0.3 + solution["S"][-1]), rel=2e-3)


def test_belousov_zhabotinsky_reaches_the_reference():
    """The problem OREGO of the test set for initial value problem solvers (Mazzia and Magherini 2008), at t = 360."""
    end = solved("belousov-zhabotinsky", (0, 360), method="rodas4", rtol=1e-9, atol=1e-12).y[:, -1]
    assert np.allclose(end, [1.000814870318523, 1.228178521549917e3, 1.320554942846706e2], rtol=1e-5)


def test_the_oregonator_beats_for_ever_the_same():
    times = np.linspace(50, 150, 20_001)
    z = solved("oregonator", (0, 150), t_eval=times, rtol=1e-7)["z"]
    peaks = times[1:-1][(z[1:-1] > z[:-2]) & (z[1:-1] >= z[2:]) & (z[1:-1] > 0.1)]
    beats = np.diff(peaks)
    assert beats.size >= 3
    assert np.ptp(beats) < 0.02


def test_enrichment_makes_the_balance_swing():
    """The Hopf point is where the peak of the prey's nullcline, at (K - 1 / (a h)) / 2, is on the predators' one."""
    x = 0.5 / (1 * (1 - 0.5))  # the prey that feeds the predators, m / (a (c - m h))
    points = special("rosenzweig-macarthur", "K", (1.5, 5), Bifurcation.HOPF, start=[1.0, 1.0])
    assert points == pytest.approx([2 * x + 1], rel=1e-9)


def test_rabbits_and_sheep_meet_at_a_saddle():
    found = dynamics.equilibria(presets.preset("competition"), {"x": (-0.5, 4), "y": (-0.5, 4)})
    kinds = {tuple(np.round(point.state, 9)): str(point.kind) for point in found}
    assert kinds == {(0, 0): "unstable node", (0, 2): "stable node", (1, 1): "saddle", (3, 0): "stable node"}


def test_the_budworm_has_the_folds_of_the_source():
    """Strogatz, equations (3.7.7): r = 2 x^3 / (1 + x^2)^2 where k = 2 x^3 / (x^2 - 1)."""
    found = special("spruce-budworm", "r", (0.05, 0.9), Bifurcation.FOLD, start=[0.7])
    roots = np.roots([2, -10, 0, 10])  # 2 x^3 = 10 (x^2 - 1)
    x = roots[roots > 1].real
    assert sorted(found) == pytest.approx(sorted(2 * x**3 / (1 + x**2) ** 2), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "time", "low", "high"),
    [("food-chain", 20_000, 0.002, 0.03), ("roessler", 2000, 0.05, 0.09), ("chua", 1000, 0.2, 0.5)],
)
def test_chaos_has_a_positive_exponent_of_the_known_size(name, time, low, high):
    """About 0.013 (Hastings and Powell), 0.0714 (Wolf et al. 1985: 0.09 in other units), and 0.3 (Matsumoto et al.)."""
    found = dynamics.lyapunov(presets.preset(name), time=time)
    assert low < found.exponents[0] < high


def test_the_labyrinth_is_calm_above_its_hopf_point_only():
    """Thomas: the origin is stable for b > 1; below, fixed points x = y = z = b^-1 sin(x) lose theirs at b = 0.3290."""
    points = special("thomas", "b", (0.25, 0.9), Bifurcation.HOPF, start=[2.2, 2.2, 2.2], parameters={"b": 0.35})
    assert points == pytest.approx([0.32899], abs=2e-5)


def test_epidemics_end_where_they_must():
    left = solved("seir", (0, 400))["S"][-1]
    # The final size does not depend on the days before one falls ill.
    assert math.log(left / 762) == pytest.approx(1.66 / 0.44 * (left - 763) / 763, rel=1e-5)
    assert solved("sis", (0, 200))["I"][-1] == pytest.approx(1 - 0.2 / 0.5, abs=1e-8)


def test_nerves_fire_between_the_published_currents():
    squid = special("hodgkin-huxley", "I", (0, 200), Bifurcation.HOPF)
    assert squid == pytest.approx([9.78, 154.5], abs=0.03)  # Rinzel and Miller (1980), with the leak adjusted
    barnacle = special("morris-lecar", "I", (0, 300), Bifurcation.HOPF, start=[-60, 0.01], parameters={"I": 10})
    assert barnacle == pytest.approx([93.86, 212.0], abs=0.1)  # Ermentrout and Terman, section 3.2


def test_hindmarsh_and_rose_make_bursts():
    x = solved("hindmarsh-rose", (0, 2000), t_eval=np.linspace(1000, 2000, 40_001), rtol=1e-7)["x"]
    spikes = np.flatnonzero((x[1:-1] > x[:-2]) & (x[1:-1] >= x[2:]) & (x[1:-1] > 1))
    pauses = np.diff(spikes) * 0.025
    assert pauses.max() > 3 * np.median(pauses)
    assert spikes.size > 12


def test_normal_forms_bifurcate_at_zero():
    assert special("saddle-node", "r", (-1, 0.5), Bifurcation.FOLD, start=[-0.7, 0]) == pytest.approx([0], abs=1e-9)
    for name in ("transcritical", "pitchfork"):
        points = special(name, "r", (-1, 1), Bifurcation.BRANCH_POINT, start=[0, 0])
        assert points == pytest.approx([0], abs=1e-9)
    assert special("hopf", "mu", (-1, 1), Bifurcation.HOPF) == pytest.approx([0], abs=1e-9)


def test_takens_bogdanov_has_hopf_points_on_the_known_curve():
    """x = (-b2 - root(b2^2 - 4 b1)) / 2 has the trace -x, so that the Hopf point is at x = 0: b1 = 0 for b2 < 0."""
    points = special("takens-bogdanov", "b1", (-1, 0.5), Bifurcation.HOPF, start=[-0.5, 0])
    assert points == pytest.approx([0], abs=1e-9)
    folds = special("takens-bogdanov", "b1", (-1, 0.5), Bifurcation.FOLD, start=[-0.5, 0])
    assert folds == pytest.approx([0.8**2 / 4], rel=1e-9)


def test_the_toggle_switch_remembers_from_a_threshold_on():
    """Symmetric, with sharpness 2: the state u = v forks at u = 1, where alpha = 2."""
    system = presets.preset("toggle-switch")
    found = dynamics.equilibria(system, {"u": (0, 4), "v": (0, 4)})
    assert [str(point.kind) for point in found] == ["stable node", "saddle", "stable node"]
    (alone,) = dynamics.equilibria(system, {"u": (0, 4), "v": (0, 4)}, {"alpha1": 1.9, "alpha2": 1.9})
    assert str(alone.kind).startswith("stable")


def test_the_repressilator_takes_turns():
    times = np.linspace(300, 600, 6001)
    proteins = solved("repressilator", (0, 600), t_eval=times, rtol=1e-7).y[3:]
    first = times[np.argmax(proteins[:, :1500], axis=1)]
    assert np.ptp(first) > 3
    assert np.allclose(proteins.max(axis=1), proteins.max(), rtol=1e-2)


def test_the_laser_lights_up_at_its_threshold():
    points = special("laser", "p", (0, 2), Bifurcation.BRANCH_POINT, start=[0, 2])
    assert points == pytest.approx([1 * 0.3 / 1], rel=1e-9)
    assert np.allclose(solved("laser", (0, 200)).y[:, -1], [0.6 / 1 - 0.3 / 1, 1.0], atol=1e-6)


def test_kepler_closes_after_the_third_law():
    a = 1 / (2 - 0.7**2)
    assert np.allclose(solved("kepler", (0, 2 * math.pi * a**1.5)).y[:, -1], [1, 0, 0, 0.7], atol=1e-6)


def test_the_loop_around_earth_and_moon_closes():
    end = solved("three-body", method="dop853", rtol=1e-13, atol=1e-15).y[:2, -1]
    assert np.allclose(end, [0.994, 0.0], atol=1e-4)
