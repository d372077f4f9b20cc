from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odeplayground.gui.theme import symbols


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("theta", "𝜃"),
        ("omega", "𝜔"),
        ("Omega", "𝛺"),
        ("x", "𝑥"),
        ("h", "ℎ"),
        ("T", "𝑇"),
        ("k1", "𝑘₁"),
        ("k_1", "𝑘₁"),
        ("alpha12", "𝛼₁₂"),
        ("T_room", "𝑇ᵣₒₒₘ"),
        ("θ", "𝜃"),
        ("prey", "𝑝𝑟𝑒𝑦"),
        ("T_b", "T_b"),
        ("x_1_2", "x_1_2"),
    ],
)
def test_symbol(name, text):
    assert symbols.symbol(name) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.25, 2, "0.25"),
        (-0.726, 2, "−0.73"),
        (-0.001, 2, "0.00"),
        (5, 0, "5"),
        (-2.5e7, 2, "−2.50×10⁷"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (math.nan, 2, "–"),
    ],
)
def test_number(value, digits, text):
    assert symbols.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0113, "0.0113"), (0.5, "0.500"), (38.04, "38.0"), (1.234e-6, "1.23×10⁻⁶"), (0.0, "0"), (123456, "123456")],
)
def test_significant(value, text):
    assert symbols.significant(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−3.5", -3.5),
        (" 1e-6 ", 1e-6),
        ("1.2×10⁻⁶", 1.2e-6),
        ("2 × 10^3", 2e3),
        ("5.", 5.0),
        ("abc", None),
        ("", None),
        ("inf", None),
        ("nan", None),
        ("1_000", None),
        ("1 2", None),
    ],
)
def test_parse_number(text, value):
    assert symbols.parse_number(text) == (pytest.approx(value) if value is not None else None)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_what_is_shown_can_be_read_again(value):
    read = symbols.parse_number(symbols.shortest(value))
    assert read == pytest.approx(value, rel=1e-5)


@given(st.floats(min_value=-1e12, max_value=1e12), st.integers(0, 6))
def test_numbers_for_reading_can_be_read_again(value, digits):
    read = symbols.parse_number(symbols.number(value, digits))
    half = 0.5 * 10.0**-digits * (1 + 1e-9)  # halves are rounded by just this much, and some are no binary numbers
    assert read == pytest.approx(value, rel=0.06, abs=half)


def test_superscript():
    assert symbols.superscript(-16) == "⁻¹⁶"
