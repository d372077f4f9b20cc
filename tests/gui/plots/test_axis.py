"""Ticks and their labels."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from odeplayground.gui.plots import ticks
from odeplayground.gui.plots.axis import Axis, Scale
from odeplayground.gui.plots.plot import Plot


@given(st.floats(1e-12, 1e12), st.floats(50, 3000))
def test_steps_are_one_two_or_five_and_wide_enough(span, room):
    step = ticks.nice_step(span, room, 60.0)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - nice) for nice in (1, 2, 5)) < 1e-6
    assert step / span * room >= 60 * (1 - 1e-6)
    assert step / span * room <= 60 * 2.5 * (1 + 1e-6)


def test_labels_have_just_the_digits_they_need_and_a_real_minus():
    assert ticks.plain([-0.5, 0.0, 0.5], 0.5) == ["−0.5", "0.0", "0.5"]
    assert ticks.plain([-2.0, 0.0, 2.0], 2.0) == ["−2", "0", "2"]
    assert ticks.plain([-1e-17, 0.2], 0.2) == ["0.0", "0.2"]


def test_long_labels_turn_into_powers_of_ten():
    assert ticks.plain([0.0, 5e6, 1e7], 5e6) == ["0", "0.5·10⁷", "1.0·10⁷"]
    assert ticks.plain([-2e-7, 0.0, 2e-7], 2e-7) == ["−2·10⁻⁷", "0", "2·10⁻⁷"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1, "π"), (-1, "−π"), (0.5, "π/2"), (-1.5, "−3π/2"), (2, "2π"), (0.75, "3π/4"), (10, "10π")],
)
def test_angles_are_fractions_of_pi(value, text):
    assert ticks.angle(value * math.pi) == text


def test_powers_of_ten():
    assert ticks.power_of_ten(-2) == "10⁻²"


def test_positions_are_few_and_inside():
    assert ticks.positions(-1.0, 1.0, 0.5) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert len(ticks.positions(0.0, 1e9, 1.0)) <= 101
    assert ticks.positions(0.0, math.inf, 1.0) == []
    assert ticks.positions(0.0, 1.0, 0.0) == []


def test_an_angle_axis_falls_back_to_decimals_when_it_is_close(theme):
    axis = Axis("bottom", Scale.ANGLE)
    assert axis.step(-5.6, 5.6, 590) == pytest.approx(math.pi / 2)
    step = axis.step(0.0, 0.1, 590)
    assert axis.tickStrings([0.02], 1.0, step) == ["0.02"]


def test_a_long_range_of_angles_has_multiples_of_pi(theme):
    axis = Axis("bottom", Scale.ANGLE)
    step = axis.step(0.0, 500.0, 600)
    assert step / math.pi == pytest.approx(round(step / math.pi))
    assert len(ticks.positions(0.0, 500.0, step)) <= 9


def test_log_axes_have_whole_decades(theme):
    axis = Axis("left", Scale.LOG)
    [(step, values)] = axis.tickValues(-2.5, 0.9, 120)
    assert step == 1
    assert axis.tickStrings(values, 1.0, step) == ["10⁻²", "10⁻¹", "10⁰"]
    assert axis.step(-20.0, 0.0, 100) == 5.0


def test_counts_have_no_fractions(theme):
    assert Axis("bottom", Scale.COUNT).step(0.0, 2.0, 800) == 1.0


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-6, 1e6))
def test_labels_of_the_bottom_axis_do_not_overlap(low, span):
    axis = Axis("bottom")
    [(step, values)] = axis.tickValues(low, low + span, 600.0)
    widths = [axis._width_of(text) for text in axis.tickStrings(values, 1.0, step)]
    room = step / span * 600
    assert max(widths, default=0) <= room + 1 or len(values) < 2


def test_the_left_axis_makes_room_for_long_labels(qtbot, theme):
    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(300, 300)
    plot.show()
    plot.set_ranges((0, 1), (-5, 5))
    narrow = plot.axes["left"].width()
    plot.set_ranges((0, 1), (-50_000, 50_000))
    QApplication.processEvents()
    wide = plot.axes["left"].width()
    assert wide > narrow
    plot.set_ranges((0, 1), (-5, 5))
    QApplication.processEvents()
    assert plot.axes["left"].width() == narrow
