"""Coefficients by what they have to fulfil."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics.kernels.tableaus import TABLEAUS, Explicit

EXPLICIT = [tableau for tableau in TABLEAUS.values() if isinstance(tableau, Explicit)]
ADAPTIVE = [tableau for tableau in EXPLICIT if tableau.adaptive]
by_name = {"ids": lambda tableau: tableau.name}


def matrix(tableau):
    a = np.zeros((len(tableau.c), len(tableau.c)))
    for i, row in enumerate(tableau.a, start=1):
        a[i, :i] = row
    return a


def nodes(tableau):
    return np.array([*tableau.c, 1.0, *tableau.extra_c])


@pytest.mark.parametrize("tableau", EXPLICIT, **by_name)
def test_conditions_of_order(tableau):
    """Hairer, Norsett, Wanner, Solving ODEs I, table II.2.1, up to order 4; then by quadrature."""
    a, b, c = matrix(tableau), np.array(tableau.b), np.array(tableau.c)
    np.testing.assert_allclose(a.sum(axis=1), c, atol=2e-15)
    conditions = {
        1: [(b.sum(), 1)],
        2: [(b @ c, 1 / 2)],
        3: [(b @ c**2, 1 / 3), (b @ a @ c, 1 / 6)],
        4: [(b @ c**3, 1 / 4), ((b * c) @ a @ c, 1 / 8), (b @ a @ c**2, 1 / 12), (b @ a @ a @ c, 1 / 24)],
    }
    for order in range(1, tableau.order + 1):
        for value, wanted in conditions.get(order, [(b @ c ** (order - 1), 1 / order)]):
            assert value == pytest.approx(wanted, abs=1e-14)


@pytest.mark.parametrize("tableau", ADAPTIVE, **by_name)
def test_errors_vanish_for_polynomials(tableau):
    degrees = {"dop853": (5, 3)}.get(tableau.name, (4,))
    for row, degree in zip(tableau.error, degrees, strict=True):
        weights = np.zeros(nodes(tableau).size)
        weights[: len(row)] = row
        for power in range(degree):
            assert weights @ nodes(tableau) ** power == pytest.approx(0, abs=1e-13)


@pytest.mark.parametrize("tableau", ADAPTIVE, **by_name)
def test_the_extension_of_a_polynomial_is_exact(tableau):
    """Of the solution t^(p+1) of x' = (p+1) t^p, for every power that the dense output is to be exact for."""
    c, theta = nodes(tableau), np.linspace(0, 1, 9)
    for power in range(1, 7 if tableau.name == "dop853" else 4):
        slopes = (power + 1) * c**power
        rise = 1.0
        bend = slopes[0] - rise
        turn = rise - slopes[len(tableau.b)] - bend
        pieces = [0.0, rise, bend, turn, *(np.dot(row, slopes) for row in tableau.dense)]
        value = pieces[-1]
        for row in range(len(pieces) - 1, 0, -1):
            value = value * (theta if row % 2 else 1 - theta) + pieces[row - 1]
        np.testing.assert_allclose(value, theta ** (power + 1), atol=1e-12)


@pytest.mark.parametrize("tableau", ADAPTIVE, **by_name)
def test_the_stability_bound_is_slightly_short(tableau):
    def growth(z):
        stages = []
        for i in range(len(tableau.c)):
            before = sum(w * k for w, k in zip(tableau.a[i - 1], stages, strict=True)) if i else 0.0
            stages.append(z * (1 + before))
        return abs(1 + np.dot(tableau.b, stages))

    assert growth(-tableau.stability) <= 1
    assert growth(-1.1 * tableau.stability) > 1


def test_rodas_is_consistent_and_stable_at_infinity():
    """With the true weights restored (Hairer, Wanner II, IV.7): row sums are nodes, and R(infinity) = 0."""
    tableau = TABLEAUS["rodas4"]
    s = len(tableau.c)
    a, g = np.zeros((s, s)), np.zeros((s, s))
    for i in range(1, s):
        a[i, :i], g[i, :i] = tableau.a[i - 1], tableau.g[i - 1]
    gammas = np.linalg.inv(np.eye(s) / tableau.gamma - g)
    alphas = a @ gammas
    np.testing.assert_allclose(alphas.sum(axis=1), tableau.c, atol=1e-13)
    np.testing.assert_allclose(gammas.sum(axis=1)[:4], tableau.d[:4], atol=1e-13)
    beta = alphas + gammas
    b = np.array([*tableau.a[-1], 1.0]) @ gammas
    one = np.ones(s)
    assert b @ one == pytest.approx(1)
    assert b @ beta @ one == pytest.approx(1 / 2)
    assert b @ alphas.sum(axis=1) ** 2 == pytest.approx(1 / 3)
    assert b @ beta @ beta @ one == pytest.approx(1 / 6)
    assert 1 - b @ np.linalg.solve(beta, one) == pytest.approx(0, abs=1e-12)
