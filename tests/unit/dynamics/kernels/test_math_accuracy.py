"""Accuracy against mpmath, in units in the last place, over each function's whole range."""

import mpmath
import numpy as np
import pytest

from odeplayground.expr.graph import Op
from tests.unit.dynamics.kernels.natively import native

N = 150


def spread(rng, low, high):
    """Numbers of both signs, spread evenly over powers of ten."""
    return 10 ** rng.uniform(low, high, N) * rng.choice([-1, 1], N)


def angles(rng):
    multiples = np.round(rng.uniform(-1e6, 1e6, N)) * (np.pi / 2)
    return [np.concatenate([rng.uniform(-10, 10, 2 * N), multiples, spread(rng, -320, 7.8), spread(rng, 7.5, 300)])]


def exponents(rng):
    return [np.concatenate([rng.uniform(-1, 1, N), rng.uniform(-745, 709.7, N), spread(rng, -300, 2.8)])]


def growths(rng):
    return [np.concatenate([rng.uniform(-1, 1, 2 * N), rng.uniform(-20, 20, N), spread(rng, -320, 2.85)])]


def positive(rng):
    near = 1 + spread(rng, -15, -1)
    return [np.concatenate([rng.uniform(0.5, 2, N), near, abs(spread(rng, -323, 308))])]


def ratios(rng):
    near = 1 - abs(spread(rng, -16, -1))
    return [np.concatenate([rng.uniform(-1, 1, 2 * N), near, -near, spread(rng, -320, 0)])]


def anything(rng):
    return [np.concatenate([rng.uniform(-3, 3, 2 * N), spread(rng, -320, 300)])]


def points(rng):
    (x,), (y,) = anything(rng), anything(rng)
    return [rng.permutation(x), y]


def powers(rng):
    bases = [rng.uniform(0, 3, N), abs(spread(rng, -300, 300)), 1 + spread(rng, -10, -2), -rng.integers(1, 20, N)]
    exponents = [rng.uniform(-50, 50, N), spread(rng, -3, 0), spread(rng, 2, 9), rng.integers(-9, 10, N)]
    return [np.concatenate(bases), np.concatenate(exponents)]


CASES = [
    (Op.SIN, mpmath.sin, angles, 2.0),
    (Op.COS, mpmath.cos, angles, 2.0),
    (Op.TAN, mpmath.tan, angles, 2.0),
    (Op.EXP, mpmath.exp, exponents, 1.0),
    (Op.SINH, mpmath.sinh, growths, 2.5),
    (Op.COSH, mpmath.cosh, growths, 2.0),
    (Op.TANH, mpmath.tanh, growths, 2.5),
    (Op.LOG, mpmath.log, positive, 1.0),
    (Op.LOG10, mpmath.log10, positive, 1.0),
    (Op.ASIN, mpmath.asin, ratios, 2.0),
    (Op.ACOS, mpmath.acos, ratios, 2.0),
    (Op.ATAN, mpmath.atan, anything, 2.0),
    (Op.ATAN2, mpmath.atan2, points, 2.0),
    (Op.POW, mpmath.power, powers, 1.0),
]


def error(value: float, exact: mpmath.mpf) -> float:
    """In units in the last place of the exact value; those of subnormals are all the same."""
    if np.isinf(value):
        return 0.0 if abs(exact) >= mpmath.mpf(2) ** 1024 * (1 - mpmath.mpf(2) ** -54) else np.inf
    unit = -1074 if exact == 0 else max(int(mpmath.floor(mpmath.log(abs(exact), 2))) - 52, -1074)
    return float(abs(mpmath.mpf(value) - exact) / mpmath.mpf(2) ** unit)


@pytest.mark.parametrize(("op", "exact", "sample", "bound"), CASES, ids=[str(case[0]) for case in CASES])
def test_error_stays_within_what_is_promised(op, exact, sample, bound):
    arguments = sample(np.random.default_rng(7))
    precision = 1200 if sample is angles else 160
    with mpmath.workprec(precision):
        rows = [[mpmath.mpf(float(x)) for x in row] for row in zip(*arguments, strict=True)]
        expected = [exact(*row) for row in rows]
        for fma in (True, False):
            values = native(op, fma=fma)(*arguments)
            errors = [error(float(v), e) for v, e in zip(values, expected, strict=True)]
            worst = int(np.argmax(errors))
            assert errors[worst] <= bound, [float(x) for x in rows[worst]]


@pytest.mark.parametrize("fma", [True, False])
def test_angles_nearest_to_multiples_of_a_quarter_turn(fma):
    # The double that lies nearest to a multiple of pi/2 (J.-M. Muller, Elementary Functions, 2nd ed., table 9.1).
    x = np.array([6381956970095103.0 * 2.0**797])
    with mpmath.workprec(1200):
        exact = mpmath.cos(mpmath.mpf(float(x[0])))
        assert abs(exact) < 1e-18
        assert error(float(native(Op.COS, fma=fma)(x)[0]), exact) <= 2


@pytest.mark.parametrize("fma", [True, False])
def test_remainders_are_those_of_numpy_to_the_bit(fma):
    rng = np.random.default_rng(3)
    any_bits = rng.integers(0, 2**64, (2, 1000), dtype=np.uint64).view(np.float64)
    near_multiples = np.stack([np.round(rng.uniform(-9, 9, 300)) * 0.1, np.full(300, 0.1)])
    a, b = np.concatenate([any_bits, near_multiples, rng.normal(size=(2, 500))], axis=1)
    with np.errstate(all="ignore"):
        expected = np.mod(a, b)
    np.testing.assert_array_equal(native(Op.MOD, fma=fma)(a, b), expected)


def test_powers_of_ten_have_whole_logarithms():
    exponents = np.arange(-300.0, 309.0)
    x = np.array([float(f"1e{int(k)}") for k in exponents])
    np.testing.assert_array_equal(native(Op.LOG10)(x), exponents)


@pytest.mark.parametrize("fma", [True, False])
@pytest.mark.parametrize(("op", "shift"), [(Op.SIN, 0.5), (Op.COS, 0.0)])
def test_waves_stay_between_minus_one_and_one(op, shift, fma):
    x = (np.arange(-20000, 20000) + shift) * np.pi
    assert abs(native(op, fma=fma)(x)).max() == 1
