import math

import numpy as np
import pytest

from odeplayground import expr
from odeplayground.dynamics.distil.library import checked, monomials, values


@pytest.mark.parametrize(("n", "degree"), [(1, 4), (2, 3), (3, 3)])
def test_there_are_as_many_monomials_as_there_are_products(n, degree):
    texts = monomials(["x", "y", "z"][:n], (), degree)
    assert len(texts) == len(set(texts)) == math.comb(n + degree, degree)
    assert texts[0] == "1"


def test_an_angle_comes_in_as_sine_and_cosine_and_never_as_itself():
    texts = monomials(["theta", "omega"], ["theta"], 2)
    assert texts == [
        "1",
        "sin(theta)",
        "cos(theta)",
        "omega",
        "sin(theta)*cos(theta)",
        "sin(theta)*omega",
        "cos(theta)^2",
        "cos(theta)*omega",
        "omega^2",
    ]


def test_columns_are_the_values_of_the_terms():
    system = expr.parse("x' = k*x\ny' = -y\nk = 3").system
    states = np.array([[2.0, 5.0], [0.5, -1.0]])
    found = values(system, ["1", "x*y^2", "(k*x + t)"], states, np.array([0.0, 10.0]), np.array([3.0]))
    assert found == pytest.approx(np.array([[1.0, 50.0, 6.0], [1.0, 0.5, 11.5]]))


@pytest.mark.parametrize("text", ["", "x; y = 1", "x\ny' = 2", "y = x", "[?](x)", "x # more"])
def test_a_term_is_one_expression(text):
    with pytest.raises(ValueError, match="one expression"):
        checked([text])


def test_an_unknown_name_is_told():
    system = expr.parse("x' = -x").system
    with pytest.raises(ValueError, match=r"cannot be read.*w"):
        values(system, checked(["sin(w)"]), np.ones((3, 1)), np.zeros(3), np.empty(0))


def test_too_many_candidates_are_refused():
    with pytest.raises(ValueError, match="lower degree"):
        monomials([f"x{k}" for k in range(12)], (), 4)
    with pytest.raises(ValueError, match="between 0 and"):
        monomials(["x"], (), 9)
