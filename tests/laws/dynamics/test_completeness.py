"""Equilibria that are hard to find, degenerate ones by name, and the index that tells whether some are missing."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.spec import Degeneracy, EquilibriumKind
from tests.unit.dynamics.systems import FITZHUGH_NAGUMO, LORENZ, PENDULUM, REACTION, network, typed

LINE = {"x": (-3.0, 3.0)}
SQUARE = {"x": (-3.0, 3.0), "y": (-3.0, 3.0)}
TOGGLE = typed("x' = a/(1+y^2) - x\ny' = a/(1+x^2) - y\na = 4")


@pytest.mark.parametrize(
    ("text", "bounds", "state"),
    [
        ("x' = sqrt(abs(x))", LINE, [0.0]),
        ("x' = -sign(x-0.3)*sqrt(abs(x-0.3))", LINE, [0.3]),
        ("x' = y\ny' = -sign(x-0.7)*abs(x-0.7)^(1/3)", SQUARE, [0.7, 0.0]),
        ("x' = sqrt(abs(x-0.2)) - y\ny' = x - 0.2", SQUARE, [0.2, 0.0]),
    ],
)
def test_where_the_slope_is_infinite(text, bounds, state):
    (point,) = dynamics.equilibria(typed(text), bounds)
    np.testing.assert_allclose(point.state, state, atol=1e-9)
    assert point.degeneracy is Degeneracy.NOT_SMOOTH
    assert point.kind is EquilibriumKind.DEGENERATE
    assert np.isnan(point.eigenvalues).all()


@pytest.mark.parametrize("text", ["x' = x^2 + 1e-7", "x' = x^2 + 1e-7\ny' = -y", "x' = 1e-7\ny' = -y"])
def test_a_near_miss_is_none(text):
    system = typed(text)
    assert dynamics.equilibria(system, dict.fromkeys(system.states, (-3.0, 3.0))) == []


@pytest.mark.parametrize("ratio", [1e-6, 1e-9, 1e-11])
def test_slow_is_not_degenerate(ratio):
    (point,) = dynamics.equilibria(typed(f"x' = -x\ny' = -{ratio}*y"), SQUARE)
    assert point.kind is EquilibriumKind.STABLE_NODE
    np.testing.assert_allclose(point.eigenvalues, [-ratio, -1.0])


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("x' = x^2\ny' = -y", 0),
        ("x' = x^4\ny' = -y", 0),
        ("x' = x^3\ny' = -y", -1),
        ("x' = y\ny' = -x^3", 1),
        ("x' = x^2 - y^2\ny' = 2*x*y", 2),
        ("x' = x^3 - 3*x*y^2\ny' = 3*x^2*y - y^3", 3),
    ],
)
def test_isolated_degenerate_ones_have_the_index_of_a_circle_around_them(text, index):
    found = dynamics.equilibria(typed(text), SQUARE)
    (point,) = found
    assert point.degeneracy is Degeneracy.ISOLATED
    assert point.index == found.check.border == index
    assert found.check.agrees
    assert found.message == ""


@pytest.mark.parametrize(
    ("system", "bounds"),
    [
        (REACTION, {"a": (0.0, 2.0), "b": (0.0, 2.0)}),
        (typed("x' = y\ny' = 0*x"), SQUARE),
        (typed("x' = y*(x^2+y^2-1)\ny' = -x*(x^2+y^2-1)"), SQUARE),
        (typed("x' = -x*y\ny' = x*y - y\nz' = y"), {"x": (-1.0, 2.0), "y": (-1.0, 2.0), "z": (-1.0, 2.0)}),
    ],
)
def test_lines_of_equilibria_are_called_so(system, bounds):
    found = dynamics.equilibria(system, bounds)
    reasons = [point.degeneracy for point in found]
    assert reasons.count(Degeneracy.LINE) >= 8
    assert reasons.count(Degeneracy.LINE) >= len(found) - 1  # the center inside of the circle
    if len(bounds) == 2:
        assert "line of equilibria" in found.message


@pytest.mark.parametrize(
    ("system", "bounds", "border"),
    [
        (PENDULUM, {"theta": (-7.0, 7.0), "omega": (-8.0, 8.0)}, 1),
        (PENDULUM, {"theta": (2.0, 4.0), "omega": (-1.0, 1.0)}, -1),
        (PENDULUM, {"theta": (1.0, 2.0), "omega": (-1.0, 1.0)}, 0),
        (FITZHUGH_NAGUMO, {"v": (-4.0, 4.0), "w": (-4.0, 4.0)}, 1),
        (TOGGLE, {"x": (-0.5, 5.0), "y": (-0.5, 5.2)}, 1),
        (network(), {"x": (-5.0, 5.0), "y": (-5.0, 5.0)}, None),
    ],
)
def test_indices_add_up_to_that_of_the_border(system, bounds, border):
    found = dynamics.equilibria(system, bounds)
    assert found.check.agrees
    assert found.check.border == dynamics.poincare_index(system, bounds)
    assert border is None or found.check.border == border
    assert found.message == ""


def test_the_toggle_switch_has_two_stable_states_and_a_saddle():
    found = dynamics.equilibria(TOGGLE, {"x": (-0.5, 5.0), "y": (-0.5, 5.2)})
    side = np.sqrt(3.0)
    middle = np.roots([1, 0, 1, -4])
    middle = middle[np.abs(middle.imag) < 1e-9].real[0]
    expected = [[2 - side, 2 + side], [middle, middle], [2 + side, 2 - side]]
    np.testing.assert_allclose([point.state for point in found], expected, atol=1e-10)
    assert [str(point.kind) for point in found] == ["stable node", "saddle", "stable node"]
    assert [point.index for point in found] == [1, -1, 1]


def test_many_equilibria_are_all_found():
    found = dynamics.equilibria(typed("x' = sin(8*x)\ny' = sin(8*y)"), SQUARE)
    assert len(found) == (2 * int(3 * 8 / np.pi) + 1) ** 2
    assert found.check.agrees


def test_what_is_missing_is_said():
    found = dynamics.equilibria(typed("x' = sin(40*x)\ny' = sin(40*y)"), SQUARE)
    assert not found.check.agrees
    assert "missing" in found.message


def test_where_the_index_is_not_defined():
    found = dynamics.equilibria(typed("x' = x\ny' = y"), {"x": (0.0, 1.0), "y": (0.0, 1.0)})
    assert found.check.agrees is None
    assert "not defined" in found.message


def test_for_more_states_nothing_is_claimed():
    found = dynamics.equilibria(LORENZ, {"x": (-30, 30), "y": (-30, 30), "z": (-10, 60)})
    assert found.check.agrees is None
    assert "more than two states" in found.message


def test_with_one_state_signs_are_counted():
    found = dynamics.equilibria(typed("x' = x - x^3"), {"x": (-3.0, 4.0)})
    assert [point.index for point in found] == [-1, 1, -1]
    assert found.check.border == found.check.found == -1


def test_the_index_is_for_the_plane():
    with pytest.raises(ValueError, match="two states"):
        dynamics.poincare_index(LORENZ, {"x": (-30, 30), "y": (-30, 30), "z": (-10, 60)})
