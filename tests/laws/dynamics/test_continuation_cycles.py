"""Branches of cycles, and orbit diagrams, against closed forms, other methods of ours and published numbers."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.continuation import continue_cycles, continue_equilibria, orbit_diagram
from odeplayground.spec import Bifurcation
from odeplayground.storage import presets
from tests.unit.dynamics.systems import BRUSSELATOR, LORENZ, typed

VAN_DER_POL = typed("x' = y\ny' = mu*(1-x^2)*y - x\nmu = 1\nx(0) = 2")
ROESSLER = typed("x' = -y - z\ny' = x + a*y\nz' = b + z*(x-c)\na = 0.2\nb = 0.2\nc = 2.5\nx(0) = 1\nt in [0, 100]")
BAUTIN = typed(
    "x' = m*x - y + x*(x^2+y^2) - x*(x^2+y^2)^2\ny' = x + m*y + y*(x^2+y^2) - y*(x^2+y^2)^2\nm = -0.6\nx(0) = 0.01"
)
DUFFING = typed("x' = v\nv' = -d*v + x - x^3 + g*cos(w*t)\nd = 0.3\ng = 0.2\nw = 1.2\nx(0) = 1\nt in [0, 60]")


def hopf(system, name, bounds, **options):
    return continue_equilibria(system, name, bounds, **options).of(Bifurcation.HOPF)


def test_a_branch_through_a_fold_has_the_closed_form():
    """r^2 = (1 +- sqrt(1 + 4 m)) / 2: a fold at m = -1/4, where r^2 = 1/2; the period is 2 pi."""
    (point,) = hopf(BAUTIN, "m", (-0.6, 0.4))
    branch = continue_cycles(BAUTIN, "m", (-0.6, 0.4), point)
    radius = branch.highest[0] ** 2
    assert np.allclose(radius**2 - radius, branch.parameter, atol=1e-4)  # nodes miss the maximum a little
    assert np.allclose(branch.period, 2 * np.pi, rtol=1e-9)
    (fold,) = branch.of(Bifurcation.CYCLE_FOLD)
    assert fold.parameter == pytest.approx(-0.25, abs=1e-9)
    away = np.abs(radius - 0.5) > 1e-3
    assert (branch.stable == (radius > 0.5))[away].all()
    assert branch.parameter[-1] == pytest.approx(0.4)
    # Floquet: d/dr of r (m + r^2 - r^4) over one period
    slope = branch.parameter + 3 * radius - 5 * radius**2
    assert np.allclose(branch.multipliers[1].real, np.exp(2 * np.pi * slope), rtol=5e-2, atol=1e-6)


def test_cycles_of_the_brusselator_are_those_of_shooting():
    (point,) = hopf(BRUSSELATOR, "B", (0, 3), parameters={"B": 0.5})
    branch = continue_cycles(BRUSSELATOR, "B", (0, 3), point)
    assert branch.endings == ("A Hopf point.", "The range of the parameter ends.")
    (known,) = dynamics.limit_cycles(BRUSSELATOR, {"x": (0.0, 6.0), "y": (0.0, 6.0)}, {"B": 3.0})
    assert branch.parameter[-1] == 3
    assert branch.period[-1] == pytest.approx(known.period, rel=1e-9)
    assert branch.multipliers[1, -1].real == pytest.approx(known.multipliers[1], rel=1e-5)
    assert branch.stable.all()
    t, y = branch.orbits[-1]
    assert known.distance(y, np.ones(2)).max() < 1e-3  # that one is a polygon of 400 points
    flow = dynamics.simulate(BRUSSELATOR, (0, t[-1]), y[:, 0], {"B": 3.0}, rtol=1e-11, atol=1e-12)
    assert np.allclose(flow(t), y, atol=1e-5)


def test_the_van_der_pol_period_from_harmonic_to_relaxation():
    (start,) = dynamics.limit_cycles(VAN_DER_POL, {"x": (-4.0, 4.0), "y": (-5.0, 5.0)})
    branch = continue_cycles(VAN_DER_POL, "mu", (0.1, 10), start)
    assert branch.period[np.argmin(np.abs(branch.parameter - 1))] == pytest.approx(6.6632868593, rel=1e-7)
    ends = dict(zip(branch.parameter[[0, -1]].round(9), branch.period[[0, -1]], strict=True))
    assert ends[10] == pytest.approx(19.0783695669, rel=1e-8)
    # Andersen and Geer (1982)
    assert ends[0.1] == pytest.approx(2 * np.pi * (1 + 0.1**2 / 16 - 5 * 0.1**4 / 3072), rel=1e-7)
    assert branch.stable.all()


def test_the_subcritical_cycles_of_lorenz_end_in_the_homoclinic_orbit():
    """Sparrow (1982), appendix D: r = 13.926; the cycles are unstable and shrink onto the Hopf point."""
    point = hopf(LORENZ, "r", (0, 30), parameters={"r": 0.5}, start=[0, 0, 0])[0]
    branch = continue_cycles(LORENZ, "r", (0, 30), point)
    assert "homoclinic" in branch.endings[1]
    assert branch.parameter[-1] == pytest.approx(13.9265, abs=2e-4)
    assert (branch.unstable == 1).all()
    # Liouville: the product of all multipliers is exp(-(s + 1 + b) T).
    few = branch.period < 2
    product = branch.multipliers[:, few].prod(axis=0).real
    assert np.allclose(np.log(product), -(41 / 3) * branch.period[few], rtol=1e-4)


def test_the_squid_has_the_folds_and_doublings_of_the_literature():
    """Rinzel and Miller (1980), Guckenheimer and Oliva (2002): knees near 6.26, 7.85 and 7.92, doublings between."""
    system = presets.preset("hodgkin-huxley")
    first, second = hopf(system, "I", (0, 200))
    branch = continue_cycles(system, "I", (0, 200), first)
    folds = sorted(point.parameter for point in branch.of(Bifurcation.CYCLE_FOLD))
    assert folds == pytest.approx([6.264, 7.846, 7.922], abs=2e-3)
    doublings = sorted(point.parameter for point in branch.of(Bifurcation.PERIOD_DOUBLING))
    assert doublings == pytest.approx([7.849, 7.9217], abs=2e-3)
    assert branch.endings[1] == "It shrinks to a point, at a Hopf point."
    assert branch.period[-1] == pytest.approx(second.period, rel=1e-3)


def test_the_first_doubling_of_roessler():
    """Known at c = 2.8 to 2.9 for a = b = 0.2; there the stable cycle of the orbit diagram splits in two."""
    (start,) = (cycle for cycle in dynamics.limit_cycles(
        ROESSLER, {"x": (-10.0, 10.0), "y": (-10.0, 10.0), "z": (-1.0, 20.0)}
    ) if str(cycle.kind) == "stable cycle")  # fmt: skip
    branch = continue_cycles(ROESSLER, "c", (2.2, 3.4), start)
    (doubling,) = branch.of(Bifurcation.PERIOD_DOUBLING)
    assert 2.8 < doubling.parameter < 2.9
    c = doubling.parameter
    diagram = orbit_diagram(ROESSLER, "c", (c - 0.05, c + 0.05), "x", columns=2, transient=3000, time=200)
    counts = [np.unique(diagram.column(value).round(3)).size for value in (c - 0.05, c + 0.05)]
    assert counts == [1, 2]


def test_the_doublings_of_roessler_in_the_orbit_diagram():
    diagram = orbit_diagram(ROESSLER, "c", (2.5, 5.5), "x", columns=7)
    counts = {c: np.unique(diagram.column(c).round(3)).size for c in (2.5, 3.5, 4.0, 5.5)}
    assert (counts[2.5], counts[3.5], counts[4.0]) == (1, 2, 4)
    assert counts[5.5] > 20


def test_the_duffing_oscillator_once_per_period():
    """Periods 1, 2, 4, 5 and chaos at gamma = 0.20, 0.28, 0.29, 0.37 and 0.50 (Jordan and Smith, chapter 13)."""
    diagram = orbit_diagram(DUFFING, "g", (0.2, 0.5), "x", columns=31, period=2 * np.pi / 1.2)
    counts = [np.unique(diagram.column(g).round(4)).size for g in (0.20, 0.28, 0.29, 0.37, 0.50)]
    assert counts[:4] == [1, 2, 4, 5]
    assert counts[4] > 100


def test_maxima_are_those_of_the_closed_solution():
    swing = typed("x' = v\nv' = -x\na = 1\nx(0) = 1.3\nt in [0, 10]")
    diagram = orbit_diagram(swing, "a", (1, 2), "x", columns=3)
    assert np.allclose(diagram.value, 1.3, rtol=1e-7)
    lowest = orbit_diagram(swing, "a", (1, 2), "x", extremum="minima", columns=3)
    assert np.allclose(lowest.value, -1.3, rtol=1e-7)


def test_closed_orbits_at_one_value_of_the_parameter_are_a_family():
    """At mu = 0 the equations are linear and every orbit is closed (mu x^2 y vanishes with mu)."""
    box = {"x": (-8.0, 8.0), "y": (-10.0, 10.0)}
    (point,) = continue_equilibria(VAN_DER_POL, "mu", (-1.0, 5.0), box).of(Bifurcation.HOPF)
    assert point.label == "degenerate Hopf point"
    branch = continue_cycles(VAN_DER_POL, "mu", (-1.0, 5.0), point, states=box)
    assert branch.family
    assert branch.points == ()
    assert np.abs(branch.parameter).max() < 1e-6


def test_the_cycle_of_van_der_pol_reaches_the_rim_where_its_branch_crosses_a_family():
    """For small mu the amplitude is 2 and the period 2 pi (averaging; Strogatz, section 7.6)."""
    box = {"x": (-8.0, 8.0), "y": (-10.0, 10.0)}
    (cycle,) = dynamics.limit_cycles(VAN_DER_POL, box)
    branch = continue_cycles(VAN_DER_POL, "mu", (0.0, 5.0), cycle, states=box)
    assert not branch.family
    assert branch.parameter.min() == pytest.approx(0.0, abs=0.01)
    assert (branch.parameter >= 0).all()
    assert branch.parameter.max() == pytest.approx(5.0)
    first = int(branch.parameter.argmin())
    assert branch.highest[0, first] == pytest.approx(2.0, abs=0.01)
    assert branch.period[first] == pytest.approx(2 * np.pi, rel=1e-3)
