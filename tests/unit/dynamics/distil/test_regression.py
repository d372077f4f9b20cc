import numpy as np
import pytest

from odeplayground.dynamics.distil.choice import FLOOR, divided, knee, worthwhile
from odeplayground.dynamics.distil.regression import Regression
from odeplayground.dynamics.distil.rounding import rounded, shortest, standard_errors
from odeplayground.dynamics.distil.stlsq import stlsq, supports

RNG = np.random.default_rng(0)
COLUMNS = RNG.normal(size=(400, 6)) * [1, 100, 1, 0.01, 1, 1]
TRUE = np.array([0, 0.02, 0, 30.0, 0, -1.5])
NOISE = RNG.normal(size=400)


@pytest.fixture
def noisy() -> Regression:
    return Regression(COLUMNS, COLUMNS @ TRUE + 0.1 * NOISE)


def test_coefficients_and_residual_are_those_of_least_squares_on_the_data(noisy):
    target = COLUMNS @ TRUE + 0.1 * NOISE
    support = (1, 3, 5)
    expected, squares, *_ = np.linalg.lstsq(COLUMNS[:, support], target, rcond=None)
    assert noisy.held(support, {}) == pytest.approx(expected)
    assert noisy.residual(support) == pytest.approx(np.sqrt(squares[0] / np.sum(target**2)))
    assert noisy.residual_of(support, expected) == pytest.approx(noisy.residual(support))


def test_cross_validation_leaves_each_block_out_once(noisy):
    target, support = COLUMNS @ TRUE + 0.1 * NOISE, [1, 3]
    fold = np.arange(400) * 20 // 400 % 5
    squares = 0.0
    for k in range(5):
        c = np.linalg.lstsq(COLUMNS[fold != k][:, support], target[fold != k], rcond=None)[0]
        squares += np.sum((COLUMNS[fold == k][:, support] @ c - target[fold == k]) ** 2)
    assert noisy.validated((1, 3)) == pytest.approx(np.sqrt(squares / np.sum(target**2)))


def test_thresholding_finds_the_columns_that_count_whatever_their_units(noisy):
    assert stlsq(noisy, 0.05) == (1, 3, 5)
    assert stlsq(noisy, 0.0) == (0, 1, 2, 3, 4, 5)
    assert stlsq(noisy, 100.0) == ()


def test_the_best_support_of_each_size_contains_what_counts_most(noisy):
    found = supports(noisy, 6)
    assert sorted(found) == [0, 1, 2, 3, 4, 5, 6]
    assert found[3] == (1, 3, 5)
    assert found[2] == (1, 5)


def test_after_an_exact_support_there_are_none():
    found = supports(Regression(COLUMNS, COLUMNS @ TRUE), 6)
    assert sorted(found) == [0, 1, 2, 3]
    assert supports(Regression(COLUMNS, np.zeros(400)), 6) == {0: ()}


def test_standard_errors_are_about_those_of_independent_noise(noisy):
    usual = 0.1 * np.sqrt(np.diag(np.linalg.inv(COLUMNS[:, [1, 3, 5]].T @ COLUMNS[:, [1, 3, 5]])))
    assert standard_errors(noisy, (1, 3, 5)) / usual == pytest.approx(np.ones(3), abs=0.9)


def test_coefficients_are_rounded_within_their_errors(noisy):
    support = (1, 3, 5)
    found, exact = rounded(noisy, support), noisy.held(support, {})
    assert np.all(np.abs(found - exact) <= 3 * standard_errors(noisy, support))
    assert max(len(f"{abs(value):g}".strip("0.").replace(".", "")) for value in found) <= 4
    assert noisy.residual_of(support, found) <= 1.03 * noisy.residual(support)


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (0.3971, 0.01, 0.4),
        (-1.02, 0.03, -1.0),
        (9.98, 0.05, 10.0),
        (28.31, 0.02, 28.3),
        (8 / 3, 0, 2.666667),
        (0.1, 0, 0.1),
    ],
)
def test_the_shortest_number_within_the_error(value, error, expected):
    assert shortest(value, error) == pytest.approx(expected, abs=1e-12)


def test_terms_are_divided_among_the_equations_at_the_least_cost():
    found = divided([{0: 1.0, 1: 0.2, 2: 0.1}, {0: 1.0, 1: 0.9, 2: 0.0}])
    assert found == {0: (0, 0), 1: (1, 0), 2: (0, 2), 3: (1, 2), 4: (2, 2)}


def test_only_what_is_better_than_all_before_is_kept():
    assert worthwhile([1.0, 0.5, 0.499, 0.6, 0.1, FLOOR / 2, FLOOR / 9]) == [0, 1, 4, 5]


def test_the_knee_is_where_the_error_stops_to_fall():
    sizes = [0, 1, 2, 3, 4, 5, 6]
    assert knee(sizes, [1.0, 0.6, 0.2, 0.021, 0.02, 0.0195, 0.019], 20) == 3
    assert knee(sizes[:5], [1.0, 0.9, 0.8, 0.5, FLOOR / 10], 20) == 4
    assert knee([0], [1.0], 5) == 0
