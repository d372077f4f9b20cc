"""Equilibria against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.equilibria import classify
from odeplayground.dynamics.roots import MOST_DEGENERATE
from odeplayground.spec import Degeneracy, EquilibriumKind
from tests.unit.dynamics.systems import (
    BRUSSELATOR,
    FITZHUGH_NAGUMO,
    LORENZ,
    LOTKA_VOLTERRA,
    PENDULUM,
    REACTION,
    VAN_DER_POL,
    network,
    typed,
)

K = EquilibriumKind


def states(points):
    return np.array([point.state for point in points])


def test_the_pendulum_has_them_at_multiples_of_pi():
    points = dynamics.equilibria(PENDULUM, {"theta": (-7, 7), "omega": (-8, 8)})
    np.testing.assert_allclose(states(points)[:, 0], np.pi * np.arange(-2, 3), atol=1e-12)
    assert [point.kind for point in points] == [K.STABLE_FOCUS, K.SADDLE, K.STABLE_FOCUS, K.SADDLE, K.STABLE_FOCUS]
    down, up = points[2], points[3]
    np.testing.assert_allclose(down.eigenvalues, np.roots([1, 0.2, 9.81]), rtol=1e-12)
    np.testing.assert_allclose(up.eigenvalues, np.sort(np.roots([1, 0.2, -9.81]))[::-1], rtol=1e-12)


@pytest.mark.parametrize(
    ("b", "kind"), [(0.0, K.CENTRE), (1e-6, K.STABLE_FOCUS), (7.0, K.STABLE_NODE), (-0.1, K.UNSTABLE_FOCUS)]
)
def test_damping_decides_about_its_kind(b, kind):
    (point,) = dynamics.equilibria(PENDULUM, {"theta": (-1, 1), "omega": (-1, 1)}, {"b": b})
    assert point.kind is kind


def test_lotka_volterra():
    points = dynamics.equilibria(LOTKA_VOLTERRA, {"x": (-1, 20), "y": (-1, 20)})
    np.testing.assert_allclose(states(points), [[0, 0], [4, 2.75]], atol=1e-12)
    assert [point.kind for point in points] == [K.SADDLE, K.CENTRE]
    np.testing.assert_allclose(np.imag(points[1].eigenvalues), np.sqrt(1.1 * 0.4) * np.array([1, -1]), rtol=1e-12)


@pytest.mark.parametrize(("r", "kinds"), [(28.0, [K.SADDLE] * 3), (14.0, [K.STABLE_FOCUS, K.SADDLE, K.STABLE_FOCUS])])
def test_lorenz(r, kinds):
    points = dynamics.equilibria(LORENZ, {"x": (-30, 30), "y": (-30, 30), "z": (-10, 60)}, {"r": r})
    side = np.sqrt(8 / 3 * (r - 1))
    np.testing.assert_allclose(states(points), [[-side, -side, r - 1], [0, 0, 0], [side, side, r - 1]], atol=1e-10)
    assert [point.kind for point in points] == kinds


@pytest.mark.parametrize(("B", "kind"), [(1.5, K.STABLE_FOCUS), (2.5, K.UNSTABLE_FOCUS), (5.0, K.UNSTABLE_NODE)])
def test_the_brusselator_loses_stability_at_1_plus_a_squared(B, kind):
    (point,) = dynamics.equilibria(BRUSSELATOR, {"x": (-1, 5), "y": (-1, 8)}, {"B": B})
    np.testing.assert_allclose(point.state, [1.0, B], rtol=1e-12)
    assert point.kind is kind


@pytest.mark.parametrize("current", [0.0, 0.5, 2.0])
def test_fitzhugh_nagumo(current):
    roots = np.roots([-1 / 3, 0, 1 - 1 / 0.8, current - 0.7 / 0.8])
    v = np.sort(roots[np.abs(roots.imag) < 1e-9].real)
    points = dynamics.equilibria(FITZHUGH_NAGUMO, {"v": (-4, 4), "w": (-4, 4)}, {"I": current})
    np.testing.assert_allclose(states(points), np.stack([v, (v + 0.7) / 0.8], axis=1), rtol=1e-10)
    for point in points:
        residual = dynamics.evaluate(FITZHUGH_NAGUMO, point.state[None], parameters={"I": current})
        np.testing.assert_allclose(residual, 0, atol=1e-14)


def test_very_different_rates_are_told_apart():
    (point,) = dynamics.equilibria(VAN_DER_POL, {"x": (-3, 3), "y": (-20, 20)})
    assert point.kind is K.UNSTABLE_NODE
    np.testing.assert_allclose(point.eigenvalues, [1000, 1e-3], rtol=1e-5)


def test_one_state():
    points = dynamics.equilibria(typed("x' = sin(x)"), {"x": (-50, 50)})
    np.testing.assert_allclose(states(points)[:, 0], np.pi * np.arange(-15, 16), atol=1e-10)
    assert {point.kind for point in points[1::2]} == {K.UNSTABLE_NODE}
    assert {point.kind for point in points[::2]} == {K.STABLE_NODE}


@pytest.mark.parametrize("rhs", ["x^2", "-x^3", "x^2*(x-2)"])
def test_multiple_roots_are_found_once(rhs):
    points = dynamics.equilibria(typed(f"x' = {rhs}"), {"x": (-3, 4)})
    assert points[0].kind is K.DEGENERATE
    np.testing.assert_allclose(states(points)[:, 0], [0, 2] if "2)" in rhs else [0], atol=1e-6)


def test_a_fold_in_the_plane():
    points = dynamics.equilibria(typed("x' = y - x^2\ny' = -y"), {"x": (-3, 4), "y": (-2, 2)})
    assert len(points) == 1
    assert points[0].kind is K.DEGENERATE
    np.testing.assert_allclose(points[0].state, 0, atol=1e-6)


def test_a_line_of_equilibria_is_shown_by_some_of_them():
    points = dynamics.equilibria(REACTION, {"a": (0, 2), "b": (0, 2)})
    assert 3 < len(points) <= MOST_DEGENERATE
    a, b = states(points).T
    np.testing.assert_allclose(1.3 * a, 0.7 * b, atol=1e-9)
    assert np.ptp(b) > 1.5
    assert {point.kind for point in points} == {K.DEGENERATE}
    assert {point.degeneracy for point in points} == {Degeneracy.LINE}


def test_isolated_ones_beside_a_line():
    system = typed("x' = x*(x-1)*(x^2+y^2)\ny' = (x-1)*(y-x)")
    points = dynamics.equilibria(system, {"x": (-2, 3), "y": (-2, 3)})
    assert all(abs(x - 1) < 1e-6 or np.hypot(x, y) < 1e-3 for x, y in states(points))
    assert any(np.hypot(x, y) < 1e-3 for x, y in states(points))


def test_only_inside_of_the_bounds():
    points = dynamics.equilibria(PENDULUM, {"theta": (1.0, 7.0), "omega": (-1, 1)})
    np.testing.assert_allclose(states(points)[:, 0], [np.pi, 2 * np.pi], atol=1e-12)
    assert dynamics.equilibria(PENDULUM, {"theta": (1.0, 2.0), "omega": (-1, 1)}) == []


@pytest.mark.parametrize("rhs", ["exp(x)", "1 + x^2", "sign(x) + 0.5", "1/x", "log(x) + 100"])
def test_none_where_there_is_none(rhs):
    assert dynamics.equilibria(typed(f"x' = {rhs}"), {"x": (-3.1, 4)}) == []


def test_driven_systems_are_taken_at_the_start():
    (point,) = dynamics.equilibria(typed("x' = cos(t) - x"), {"x": (-3, 3)})
    assert point.state[0] == pytest.approx(1.0)


def test_units_do_not_matter():
    """The same pendulum with the angle in units of 1e-6 and time in units of 1e-9."""
    system = typed("u' = 1e-9*w\nw' = 1e-9*(-0.2*w - 9.81e6*sin(u*1e-6))")
    points = dynamics.equilibria(system, {"u": (-7e6, 7e6), "w": (-8e6, 8e6)})
    np.testing.assert_allclose(states(points)[:, 0] * 1e-6, np.pi * np.arange(-2, 3), atol=1e-10)
    assert [point.kind for point in points] == [K.STABLE_FOCUS, K.SADDLE, K.STABLE_FOCUS, K.SADDLE, K.STABLE_FOCUS]


def test_many_states():
    names = [f"x{i}" for i in range(8)]
    system = typed(
        "\n".join(f"{name}' = {other} - {name}^3" for name, other in zip(names, names[1:] + names[:1], strict=True))
    )
    points = dynamics.equilibria(system, dict.fromkeys(names, (-2.0, 2.0)))
    for point in points:
        np.testing.assert_allclose(dynamics.evaluate(system, point.state[None]), 0, atol=1e-9)
    found = states(points)
    for value in (-1.0, 0.0, 1.0):
        assert (np.abs(found - value).max(axis=1) < 1e-6).any()


def test_equilibria_of_a_network():
    system = network()
    points = dynamics.equilibria(system, {"x": (-5, 5), "y": (-5, 5)})
    for point in points:
        np.testing.assert_allclose(dynamics.evaluate(system, point.state[None]), 0, atol=1e-12)
        matrix = dynamics.jacobian(system, point.state[None])[0]
        for value, vector in zip(point.eigenvalues, point.eigenvectors.T, strict=True):
            np.testing.assert_allclose(matrix @ vector, value * vector, atol=1e-10)


@pytest.mark.parametrize(
    ("eigenvalues", "kind"),
    [
        ([-1.0], K.STABLE_NODE),
        ([2.0], K.UNSTABLE_NODE),
        ([1.0, -1.0], K.SADDLE),
        ([1j, -1j], K.CENTRE),
        ([-1 + 1j, -1 - 1j], K.STABLE_FOCUS),
        ([1 + 1j, 1 - 1j], K.UNSTABLE_FOCUS),
        ([-1 + 1j, -1 - 1j, -3], K.STABLE_FOCUS),
        ([-1 + 1j, -1 - 1j, 3], K.SADDLE),
        ([1j, -1j, -3], K.CENTRE),
        ([1j, -1j, -3, 3], K.SADDLE),
        ([-1.0, -1e-12, -2.0], K.STABLE_NODE),
        ([-1e-9 + 1j, -1e-9 - 1j], K.STABLE_FOCUS),
    ],
)
def test_kinds(eigenvalues, kind):
    assert classify(np.array(eigenvalues)) is kind


@pytest.mark.parametrize("e", [1e-3, 1e-4, 1e-5, 2e-6])
def test_two_that_are_close_together_are_two(e):
    """Both sides of a fold, which are 2 e apart."""
    points = dynamics.equilibria(typed(f"x' = x^2 - {e * e!r}"), {"x": (-3, 4)})
    np.testing.assert_allclose(np.sort(states(points)[:, 0]), [-e, e], rtol=1e-6)
    assert {point.kind for point in points} == {K.STABLE_NODE, K.UNSTABLE_NODE}
    points = dynamics.equilibria(typed(f"x' = y - x^2\ny' = {e * e!r} - y"), {"x": (-3, 4), "y": (-3, 3)})
    assert {point.kind for point in points} == {K.SADDLE, K.STABLE_NODE}
    assert len(points) == 2
    assert points.message == ""


def test_one_between_two_others_is_found():
    points = dynamics.equilibria(typed("x' = x*(x^2 - 1e-6)"), {"x": (-3, 4)})
    np.testing.assert_allclose(states(points)[:, 0], [-1e-3, 0, 1e-3], atol=1e-12)


def test_more_than_400_are_kept():
    points = dynamics.equilibria(typed("x' = sin(5*x)\ny' = sin(5*y)"), {"x": (-7, 7.1), "y": (-7, 7.1)})
    assert len(points) == 23**2
    assert points.message == ""
