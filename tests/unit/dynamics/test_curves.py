"""Nullclines and separatrices."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import EquilibriumKind
from tests.unit.dynamics.systems import FITZHUGH_NAGUMO, LORENZ, PENDULUM, network, typed

BOUNDS = {"theta": (-7.0, 7.0), "omega": (-8.0, 8.0)}


def test_nullclines_lie_on_their_curves():
    curves = dynamics.nullclines(FITZHUGH_NAGUMO, "v", "w", (-3, 3), (-2, 3), parameters={"I": 0.3})
    assert set(curves) == {"v", "w"}
    assert len(curves["v"]) == 1
    v, w = curves["v"][0].T
    np.testing.assert_allclose(w, v - v**3 / 3 + 0.3, atol=1e-8)
    assert np.ptp(v) > 4
    v, w = curves["w"][0].T
    np.testing.assert_allclose(w, (v + 0.7) / 0.8, atol=1e-12)


def test_other_states_are_held():
    curves = dynamics.nullclines(LORENZ, "y", "z", (-20, 20), (0, 40), held={"x": 5.0})
    y, z = curves["y"][0].T
    np.testing.assert_allclose(y, 5 * (28 - z), atol=1e-9)
    y, z = curves["z"][0].T
    np.testing.assert_allclose(5 * y, 8 / 3 * z, atol=1e-9)
    default = dynamics.nullclines(LORENZ, "y", "z", (-20, 20), (0, 40))
    y, z = default["z"][0].T
    np.testing.assert_allclose(1 * y, 8 / 3 * z, atol=1e-9)


def test_poles_and_jumps_are_no_nullclines():
    system = typed("x' = 1/(x-0.3) + 0*y\ny' = sign(x) + 2*heaviside(y-1) - 1")
    curves = dynamics.nullclines(system, "x", "y", (-2, 2), (-2, 2))
    assert curves["x"] == []
    assert all((points[:, 1] > 0.9).all() or (points[:, 0] > 0).all() for points in curves["y"])


def test_where_the_equations_are_undefined_there_is_no_nullcline():
    curves = dynamics.nullclines(typed("x' = y - sqrt(x)\ny' = x*0 + 1"), "x", "y", (-1, 4), (-1, 3))
    x, y = np.concatenate(curves["x"]).T
    np.testing.assert_allclose(y, np.sqrt(x), atol=1e-5)
    assert curves["y"] == []


def test_a_state_that_never_changes_has_no_nullcline():
    assert dynamics.nullclines(typed("x' = 0\ny' = x"), "x", "y", (-1, 1), (-1, 1))["x"] == []


def test_nullclines_at_a_time():
    curves = dynamics.nullclines(typed("x' = y - t\ny' = x"), "x", "y", (-1, 1), (-1, 4), t=2.5)
    np.testing.assert_allclose(curves["x"][0][:, 1], 2.5)


def test_nullclines_of_a_network():
    system = network()
    curves = dynamics.nullclines(system, "x", "y", (-3, 3), (-3, 3))
    for axis, name in enumerate("xy"):
        for points in curves[name]:
            assert np.abs(dynamics.evaluate(system, points)[:, axis]).max() < 1e-4


def saddles(parameters):
    found = dynamics.equilibria(PENDULUM, BOUNDS, parameters)
    return [point for point in found if point.kind is EquilibriumKind.SADDLE]


def test_separatrices_of_the_pendulum_have_the_energy_of_its_saddles():
    points = saddles({"b": 0.0})
    curves = dynamics.separatrices(PENDULUM, points, BOUNDS, {"b": 0.0})
    assert len(curves) == 8
    for curve in curves:
        theta, omega = curve
        energy = omega**2 / 2 - 9.81 * np.cos(theta)
        np.testing.assert_allclose(energy[:-1], 9.81, atol=2e-5)
        # The last point may be cut at the rim, which is done along a straight line.
        assert energy[-1] == pytest.approx(9.81, abs=5e-3)
        assert (np.abs(theta) <= 7.7 + 1e-9).all()
    # Those between the two saddles connect them.
    ends = np.array([curve[:, -1] for curve in curves])
    connected = ends[np.abs(ends[:, 0]) < 4]
    np.testing.assert_allclose(np.abs(connected), [[np.pi, 0.0]] * 4, atol=1e-9)


def test_separatrices_begin_at_saddles_along_eigenvectors():
    points = saddles({"b": 0.5})
    curves = dynamics.separatrices(PENDULUM, points, BOUNDS, {"b": 0.5})
    for i, curve in enumerate(curves):
        saddle = points[i // 4]
        np.testing.assert_array_equal(curve[:, 0], saddle.state)
        value = saddle.eigenvalues[1 if i % 4 < 2 else 0]
        direction = curve[:, 1] - curve[:, 0]
        assert direction[1] / direction[0] == pytest.approx(value, rel=1e-6)


def test_separatrices_end_at_the_rim():
    system = typed("x' = x\ny' = -y")
    bounds = {"x": (-1.0, 3.0), "y": (-2.0, 2.0)}
    points = dynamics.equilibria(system, bounds)
    ends = [curve[:, -1] for curve in dynamics.separatrices(system, points, bounds)]
    expected = [[0, -2.2], [0, 2.2], [-1.2, 0], [3.2, 0]]
    assert sorted(np.round(end, 9).tolist() for end in ends) == sorted(expected)


def test_other_equilibria_have_no_separatrices():
    foci = [point for point in dynamics.equilibria(PENDULUM, BOUNDS) if point.kind is not EquilibriumKind.SADDLE]
    assert foci
    assert dynamics.separatrices(PENDULUM, foci, BOUNDS) == []


def test_separatrices_can_be_cancelled():
    token = CancelToken()
    token.cancel()
    curves = dynamics.separatrices(PENDULUM, saddles(None), BOUNDS, cancel=token)
    assert [curve.shape for curve in curves] == [(2, 2)] * 8


WINDOW = ("x", "y", (-2.0, 2.0), (-2.0, 2.0))
PARABOLA = 5.15  # its length in this window


def length(curves):
    return sum(np.hypot(*np.diff(curve, axis=0).T).sum() for curve in curves)


@pytest.mark.parametrize("resolution", [(160, 160), (161, 161)])
@pytest.mark.parametrize("rhs", ["(y-x^2)^2", "-(y-x^2)^2*exp(x)", "y^2 - 2*x^2*y + x^4", "(y-x^2)^4", "abs(y-x^2)"])
def test_where_a_derivative_touches_zero_without_changing_its_sign(rhs, resolution):
    curves = dynamics.nullclines(typed(f"x' = {rhs}\ny' = 1 + 0*x"), *WINDOW, resolution=resolution)["x"]
    assert 1 <= len(curves) <= 4
    assert length(curves) == pytest.approx(PARABOLA, rel=0.05)
    for curve in curves:
        np.testing.assert_allclose(curve[:, 1], curve[:, 0] ** 2, atol=1e-4)


def test_touching_and_crossing_curves_together():
    curves = dynamics.nullclines(typed("x' = (y-x^2)^2*(y+x)\ny' = 1 + 0*x"), *WINDOW)["x"]
    assert length(curves) == pytest.approx(PARABOLA + 4 * np.sqrt(2), rel=0.06)
    x, y = np.concatenate(curves).T
    assert (np.minimum(np.abs(y - x**2), np.abs(y + x)) < 1e-4).all()


@pytest.mark.parametrize("rhs", ["(y-x^2)^2 + 1e-6", "x^2 + y^2", "1 + (y-x^2)^2", "1 + 0*x*y", "cosh(x) + y^2"])
def test_what_does_not_touch_zero_along_a_curve_has_no_nullcline(rhs):
    assert dynamics.nullclines(typed(f"x' = {rhs}\ny' = 1 + 0*x"), *WINDOW)["x"] == []


def test_where_it_is_zero_all_over_there_is_the_edge_only():
    curves = dynamics.nullclines(typed("x' = max(0, x-0.5)\ny' = 1 + 0*x"), *WINDOW)["x"]
    assert length(curves) == pytest.approx(4.0, rel=0.01)
    np.testing.assert_allclose(np.concatenate(curves)[:, 0], 0.5, atol=0.03)


def test_with_more_states_manifolds_that_are_curves_are_drawn():
    """The unstable manifold of the origin of the Lorenz system is a curve, and its stable one a surface."""
    bounds = {"x": (-30.0, 30.0), "y": (-30.0, 30.0), "z": (-10.0, 60.0)}
    origin = [point for point in dynamics.equilibria(LORENZ, bounds) if not point.state.any()]
    first, second = dynamics.separatrices(LORENZ, origin, bounds)
    np.testing.assert_array_equal(first[:, 0], 0)
    np.testing.assert_allclose(first[:2, 1:40], -second[:2, 1:40], rtol=1e-4)
    np.testing.assert_allclose(first[2, 1:40], second[2, 1:40], rtol=1e-4)
    vector = origin[0].eigenvectors[:, 0]
    np.testing.assert_allclose(np.abs(first[:, 1] / np.linalg.norm(first[:, 1])), np.abs(vector), atol=1e-9)
    # It is known to go around the equilibrium on its side before it changes sides (Sparrow 1982).
    assert np.abs(first[0]).max() > np.sqrt(8 / 3 * 27)


def test_linear_saddles_in_space():
    system = typed("x' = x\ny' = -y\nz' = -2*z")
    bounds = {"x": (-1.0, 1.0), "y": (-1.0, 1.0), "z": (-1.0, 1.0)}
    curves = dynamics.separatrices(system, dynamics.equilibria(system, bounds), bounds)
    ends = sorted(np.round(curve[:, -1], 9).tolist() for curve in curves)
    assert ends == [[-1.1, 0, 0], [1.1, 0, 0]]
