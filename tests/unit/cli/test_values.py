"""Numbers and assignments of the command line."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError

import pytest

from odeplayground.cli.values import assignment, count, member, number, positive
from odeplayground.spec import Method


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [("b=0.1", "b", 0.1), (" b = -3 ", "b", -3.0), ("θ=pi/2", "theta", math.pi / 2), ("k_1=1e-3", "k_1", 1e-3)],
)
def test_an_assignment_is_read_by_the_grammar_of_the_equations(text: str, name: str, value: float) -> None:
    assert assignment(text) == (name, pytest.approx(value))


@pytest.mark.parametrize(
    "text", ["b", "b=", "=1", "b=c", "b=1;c=2", "b=1\nc=2", "b=1#", "t=1", "sin=1", "x(0)=1", "x'=1", "b=1/0", "b=1=2"]
)
def test_what_is_no_assignment_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match=r"\w+ \w+"):
        assignment(text)


@pytest.mark.parametrize(("text", "value"), [("2", 2.0), ("-1e3", -1000.0), ("2*pi", 2 * math.pi), ("1/3", 1 / 3)])
def test_numbers_may_be_computed(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["inf", "nan", "", "one", "x"])
def test_a_number_is_finite(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        number(text)


@pytest.mark.parametrize("text", ["0", "-1", "nan"])
def test_a_tolerance_is_above_zero(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        positive(text)


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "many", ""])
def test_a_count_is_a_whole_number(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        count(text)


def test_a_choice_is_read_by_its_value() -> None:
    assert member(Method)("RK4") is Method.RK4
    with pytest.raises(ArgumentTypeError, match="expected one of auto, euler"):
        member(Method)("newton")
