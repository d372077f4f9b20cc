"""Branches of equilibria against closed forms and published bifurcations."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.continuation import continue_equilibria
from odeplayground.dynamics.continuation.family import Family
from odeplayground.dynamics.continuation.hopf import first_lyapunov
from odeplayground.spec import Bifurcation
from tests.unit.dynamics.systems import BRUSSELATOR, FITZHUGH_NAGUMO, LORENZ, typed

CUBIC = typed("x' = h + r*x - x^3\ny' = -y\nh = -1\nr = 1\nx(0) = -1.3")
PITCHFORK = typed("x' = r*x - x^3\nr = -1")
TILTED = typed("x' = r*x + c*x^2 - x^3\nr = -1\nc = 0.5")
CIRCLE = typed("x' = x^2 + p^2 - 1\np = 0\nx(0) = 1")
HOPF = typed("x' = m*x - w*y + s*x*(x^2+y^2)\ny' = w*x + m*y + s*y*(x^2+y^2)\nm = -1\nw = 1\ns = -1")
CUBE = {"x": (-3.0, 3.0), "y": (-1.0, 1.0)}


def places(found, kind):
    return [point.parameter for point in found.of(kind)]


def test_every_point_of_a_branch_is_at_rest():
    for system, name, bounds in ((CUBIC, "h", (-1, 1)), (LORENZ, "r", (0, 30)), (FITZHUGH_NAGUMO, "I", (0, 2))):
        for branch in continue_equilibria(system, name, bounds):
            for parameter, state in zip(branch.parameter, branch.states.T, strict=True):
                rates = dynamics.evaluate(system, state[None], parameters={name: parameter})
                assert np.abs(rates).max() < 1e-9 * max(1.0, np.abs(state).max())
                assert bounds[0] - 1e-12 <= parameter <= bounds[1] + 1e-12


def test_a_branch_is_a_fine_line_and_its_stability_is_that_of_its_eigenvalues():
    (branch,) = continue_equilibria(CUBIC, "h", (-1, 1), CUBE)
    path = np.array([branch.parameter / 2, branch.states[0] / 6])
    assert np.hypot(*np.diff(path)).max() < 0.05
    assert branch.parameter[[0, -1]].tolist() in ([-1, 1], [1, -1])
    assert np.allclose(branch.eigenvalues.real.max(axis=0), np.maximum(1 - 3 * branch.states[0] ** 2, -1), atol=1e-9)
    flat = np.abs(1 - 3 * branch.states[0] ** 2) < 1e-6
    assert (branch.stable == (3 * branch.states[0] ** 2 > 1))[~flat].all()
    for place, point in zip(branch.places, branch.points, strict=True):
        assert branch.parameter[place] == point.parameter


def test_folds_of_a_cubic():
    found = continue_equilibria(CUBIC, "h", (-1, 1))
    fold = 2 / np.sqrt(27)
    assert places(found, Bifurcation.FOLD) == pytest.approx([-fold, fold], abs=1e-11)
    assert len(found) == 1


@pytest.mark.parametrize(("system", "others"), [(PITCHFORK, lambda x: x * x), (TILTED, lambda x: x * x - 0.5 * x)])
def test_both_branches_at_a_crossing(system, others):
    """r = 0 with x = 0, and r = x^2 - c x."""
    found = continue_equilibria(system, "r", (-1, 1))
    assert places(found, Bifurcation.BRANCH_POINT) == pytest.approx([0], abs=1e-9)
    trivial, curved = found.branches
    assert np.abs(trivial.states).max() < 1e-9
    assert np.allclose(curved.parameter, others(curved.states[0]), atol=1e-9)
    assert np.ptp(curved.states) > 1.9
    assert not continue_equilibria(system, "r", (-1, 1), switch=False).branches[1:]


def test_a_tilted_pitchfork_has_a_fold_beside_the_crossing():
    found = continue_equilibria(TILTED, "r", (-1, 1))
    assert places(found, Bifurcation.FOLD) == pytest.approx([-(0.5**2) / 4], rel=1e-9)


def test_a_closed_branch_closes():
    (branch,) = continue_equilibria(CIRCLE, "p", (-2, 2))
    assert branch.endings == ("It closes.", "It closes.")
    assert np.allclose(branch.states[:, 0], branch.states[:, -1])
    assert np.allclose(branch.states[0] ** 2 + branch.parameter**2, 1)


def test_published_hopf_points():
    (brusselator,) = continue_equilibria(BRUSSELATOR, "B", (0, 5), parameters={"B": 0.5}).of(Bifurcation.HOPF)
    assert brusselator.parameter == pytest.approx(2, rel=1e-10)  # 1 + A^2
    assert brusselator.period == pytest.approx(2 * np.pi, rel=1e-9)  # omega = A
    assert brusselator.label == "supercritical Hopf point"
    nerve = continue_equilibria(FITZHUGH_NAGUMO, "I", (0, 2))
    # The trace 1 - v^2 - b / tau vanishes, and I = w - v + v^3 / 3 with w = (v + a) / b.
    v = np.array([-1, 1]) * np.sqrt(1 - 0.8 / 12.5)
    assert places(nerve, Bifurcation.HOPF) == pytest.approx(list((v + 0.7) / 0.8 - v + v**3 / 3), rel=1e-10)
    assert {point.label for point in nerve.points} == {"subcritical Hopf point"}
    lorenz = continue_equilibria(LORENZ, "r", (0, 30), parameters={"r": 0.5}, start=[0, 0, 0])
    assert places(lorenz, Bifurcation.BRANCH_POINT) == pytest.approx([1], rel=1e-9)
    assert places(lorenz, Bifurcation.HOPF) == pytest.approx([470 / 19] * 2, rel=1e-9)  # s (s + b + 3) / (s - b - 1)
    assert {point.label for point in lorenz.of(Bifurcation.HOPF)} == {"subcritical Hopf point"}


@pytest.mark.parametrize("strength", [-1.0, -0.3, 0.7])
@pytest.mark.parametrize("omega", [1.0, 3.0])
def test_the_lyapunov_coefficient_of_the_normal_form(strength, omega):
    """z' = (m + i w) z + s z |z|^2: with an eigenvector of length 1, x = sqrt(2) Re z, it is 2 s / w."""
    (point,) = continue_equilibria(HOPF, "m", (-1, 1), parameters={"s": strength, "w": omega}).points
    assert point.parameter == pytest.approx(0, abs=1e-10)
    assert point.lyapunov == pytest.approx(2 * strength / omega, rel=1e-6)


def test_the_lyapunov_coefficient_with_quadratic_terms():
    """Guckenheimer and Holmes, equation (3.4.11), for x' = -w y + f(x, y), y' = w x + g(x, y)."""
    rng = np.random.default_rng(4)
    w = 1.7
    a, b = rng.normal(size=(2, 7))
    terms = ("x^2", "x*y", "y^2", "x^3", "x^2*y", "x*y^2", "y^3")
    f, g = (" + ".join(f"({c:.17g})*{term}" for c, term in zip(row, terms, strict=True)) for row in (a, b))
    system = typed(f"x' = m*x - {w}*y + {f}\ny' = {w}*x + m*y + {g}\nm = 0")
    fxx, fxy, fyy, fxxx, fxyy = 2 * a[0], a[1], 2 * a[2], 6 * a[3], 2 * a[5]
    gxx, gxy, gyy, gxxy, gyyy = 2 * b[0], b[1], 2 * b[2], 2 * b[4], 6 * b[6]
    cubic = (fxxx + fxyy + gxxy + gyyy) / 16
    quadratic = (fxy * (fxx + fyy) - gxy * (gxx + gyy) - fxx * gxx + fyy * gyy) / (16 * w)
    family = Family(system, ["m"], None)
    assert first_lyapunov(family, np.zeros(3), np.ones(3)) == pytest.approx(2 * (cubic + quadratic) / w, rel=1e-6)


def test_all_branches_in_a_window():
    """With r > 0 the cubic has three equilibria; from a window they are found as one S or, apart, as several."""
    found = continue_equilibria(CUBIC, "h", (-0.2, 0.2), CUBE, parameters={"h": 0.0})
    assert len(found) == 3
    assert sorted(bool(branch.stable.all()) for branch in found) == [False, True, True]


def test_units_do_not_matter():
    small = typed("x' = (h + r*x*1e6 - (x*1e6)^3)/1e6\nh = -1\nr = 1")
    found = continue_equilibria(small, "h", (-1, 1), {"x": (-3e-6, 3e-6)})
    assert places(found, Bifurcation.FOLD) == pytest.approx([-2 / np.sqrt(27), 2 / np.sqrt(27)], rel=1e-9)


def test_a_branch_may_end_where_everything_is_at_rest():
    slow = typed("x' = s*(1 - x)\ny' = s*(2 - y)\ns = 0.5")
    found = continue_equilibria(slow, "s", (0, 1), {"x": (-5, 5), "y": (-5, 5)})
    (branch,) = found
    assert branch.parameter.min() == 0
    np.testing.assert_allclose(branch.states, np.broadcast_to([[1.0], [2.0]], branch.states.shape), atol=1e-9)
