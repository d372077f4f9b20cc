"""Zeros, infinities, NaNs, subnormals and the ends of ranges, against numpy."""

import numpy as np
import pytest

from odeplayground.dynamics.tape import FUNCTIONS
from odeplayground.expr.graph import COMPARISONS, Op
from tests.unit.dynamics.kernels.natively import BINARY, SPECIAL, UNARY, native


def assert_alike(values, expected, sign_of_zero=True):
    """NaN and infinities at the same places, zeros of the same sign, other numbers within 4 units in the last place."""
    np.testing.assert_array_equal(np.isnan(values), np.isnan(expected))
    numbers = ~np.isnan(expected)
    values, expected = values[numbers], expected[numbers]
    with np.errstate(all="ignore"):
        near = (values == expected) | (abs(values - expected) <= 4 * np.spacing(abs(expected)))
    assert near.all()
    if sign_of_zero:
        np.testing.assert_array_equal(np.signbit(values), np.signbit(expected))


@pytest.mark.parametrize("fma", [True, False])
@pytest.mark.parametrize("op", UNARY)
def test_corners_of_functions_of_one_argument(op, fma):
    with np.errstate(all="ignore"):
        expected = FUNCTIONS[op](SPECIAL)
    assert_alike(native(op, fma=fma)(SPECIAL), expected, sign_of_zero=op is not Op.SIGN)


@pytest.mark.parametrize("fma", [True, False])
@pytest.mark.parametrize("op", [op for op in BINARY if op not in COMPARISONS])
def test_corners_of_functions_of_two_arguments(op, fma):
    x, y = (grid.ravel() for grid in np.meshgrid(SPECIAL, SPECIAL))
    with np.errstate(all="ignore"):
        expected = FUNCTIONS[op](x, y)
    # numpy leaves open which of two zeros is the lesser.
    assert_alike(native(op, fma=fma)(x, y), expected, sign_of_zero=op not in (Op.MIN, Op.MAX))


@pytest.mark.parametrize("op", sorted(COMPARISONS))
def test_comparisons_with_anything(op):
    x, y = (grid.ravel() for grid in np.meshgrid(SPECIAL, SPECIAL))
    np.testing.assert_array_equal(native(op)(x, y), FUNCTIONS[op](x, y))


def test_underflow_is_gradual():
    x = np.linspace(-745.2, -708.0, 500)
    np.testing.assert_allclose(native(Op.EXP)(x), np.exp(x), rtol=1e-15, atol=5e-324)
