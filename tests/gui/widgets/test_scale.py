from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odeplayground.gui.theme import symbols
from odeplayground.gui.widgets.scale import Scale, widened

RANGES = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-4, 1e6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
LOG_RANGES = st.tuples(st.floats(1e-9, 1e3), st.floats(1e3, 1e9)).map(lambda pair: (pair[0], pair[0] * pair[1] * 1.01))


@given(RANGES | LOG_RANGES, st.floats(0, 1))
def test_values_stay_inside_and_positions_agree(ends, fraction):
    scale = Scale(*ends)
    value = scale.value(fraction)
    assert scale.low <= value <= scale.high
    assert scale.fraction(value) == pytest.approx(fraction, abs=0.011)


@given(RANGES | LOG_RANGES, st.floats(0, 1), st.floats(0, 1))
def test_order_is_kept(ends, one, other):
    scale = Scale(*ends)
    low, high = sorted((one, other))
    assert scale.value(low) <= scale.value(high)


@given(RANGES | LOG_RANGES, st.floats(0.05, 0.95))
def test_a_fine_step_moves_a_little_and_back(ends, fraction):
    scale = Scale(*ends)
    assume(scale.high - scale.low > 1e-6 * abs(scale.low))
    value = scale.value(fraction)
    up = scale.nudged(value, 1)
    assert value < up
    assert scale.fraction(up) - scale.fraction(value) < 0.02
    assert scale.nudged(up, -1) == pytest.approx(value, rel=0.01, abs=1e-9)


@given(LOG_RANGES | RANGES, st.floats(0, 1))
def test_the_text_tells_the_value(ends, fraction):
    scale = Scale(*ends)
    value = scale.value(fraction)
    read = symbols.parse_number(scale.text(value))
    assert read == pytest.approx(value, rel=1e-5, abs=scale.fine)


@pytest.mark.parametrize(
    ("low", "high", "value", "text"),
    [
        (0, 2, 0.25, "0.25"),
        (0, 10, 5, "5.00"),
        (0, 1, 0.5, "0.50"),
        (0, 100, 5, "5.0"),
        (-5000, 5000, 5, "5"),
        (0, 2, 0.1234, "0.1234"),
        (1e-5, 10, 2e-3, "0.002"),
    ],
)
def test_texts(low, high, value, text):
    assert Scale(low, high).text(value) == text


def test_three_decades_make_it_logarithmic():
    assert Scale(0.001, 1).logarithmic
    assert not Scale(0.0011, 1).logarithmic
    assert not Scale(0, 1000).logarithmic
    assert not Scale(1, 5000, step=1).logarithmic
    assert Scale(0.001, 1000).value(0.5) == pytest.approx(1.0)


def test_steps_count_from_the_low_end():
    scale = Scale(1, 600, step=1)
    assert scale.value(0.5) == 300 or scale.value(0.5) == 301
    assert scale.nudged(436, 1) == 437
    assert scale.value(1) == 600


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 1), (math.nan, 1), (0, math.inf)])
def test_bad_ranges_are_refused(low, high):
    with pytest.raises(ValueError, match="two finite numbers"):
        Scale(low, high)


@pytest.mark.parametrize(
    ("ends", "value", "expected"),
    [
        ((0, 2), 3.1, (0, 5)),
        ((0, 2), 1.0, (0, 2)),
        ((0, 2), 10, (0, 10)),
        ((0, 2), -0.3, (-0.5, 2)),
        ((1, 2), 0.5, (0.0, 2)),
        ((-2, -1), 0.2, (-2, 0.2)),
    ],
)
def test_a_typed_number_widens_the_range(ends, value, expected):
    assert widened(*ends, value) == pytest.approx(expected)


@given(RANGES, st.floats(-1e7, 1e7))
def test_widened_takes_the_value_in_and_gives_nothing_up(ends, value):
    low, high = widened(*ends, value)
    assert low <= min(ends[0], value)
    assert high >= max(ends[1], value)
