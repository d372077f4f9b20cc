"""Typed axes: what is understood, what it is along a curve, and angles at their seam."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.session import axes, background, request, view_edits
from odeplayground.session.axes import Frame
from odeplayground.session.request import Part
from tests.unit.session.systems import LORENZ, PENDULUM, experiment


class Never:
    cancelled = False


SYSTEM = experiment(PENDULUM).system


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(" theta ", "theta"), ("θ", "theta"), ("t", "t"), ("theta^2+omega^2", "theta^2 + omega^2"), ("b*t", "b*t")],
)
def test_axes_are_read_in_canonical_form(typed: str, meant: str) -> None:
    assert axes.read(SYSTEM, typed).name == meant
    assert axes.read(SYSTEM, typed).problem == ""


@pytest.mark.parametrize(
    "typed", ["", "sin(theta", "gamma", "3", "theta; omega", "theta\nomega", "x = 1", "[?](theta)"]
)
def test_what_is_not_understood_has_a_sentence(typed: str) -> None:
    reading = axes.read(SYSTEM, typed)
    assert not reading.name
    assert reading.problem.endswith(".")


def test_an_expression_follows_the_curve_and_the_parameters() -> None:
    t, y = np.linspace(0, 5, 40), np.random.default_rng(0).normal(size=(2, 40))
    frame = Frame(SYSTEM, (("b", 3.0), ("c", 5.0)))
    assert axes.values(frame, "theta^2 + b*omega*t", t, y) == pytest.approx(y[0] ** 2 + 3 * y[1] * t)
    assert axes.values(frame, "t", t, y) is t
    assert axes.values(frame, "omega", t, y) == pytest.approx(y[1])


def test_a_curve_is_cut_just_where_an_angle_passes_its_seam() -> None:
    angle = np.linspace(0.0, 20.0, 57)
    curve = axes.cut_at_seam(np.column_stack((angle, angle)), (0,))
    gaps = np.isnan(curve[:, 0])
    assert gaps.sum() == 3  # at pi, 3 pi and 5 pi
    shown, plain = curve[~gaps].T
    assert np.abs(shown).max() <= np.pi
    # The other column tells where it really is: the same angle up to whole turns, also at the added ends.
    turns = (plain - shown) / (2 * np.pi)
    assert np.abs(turns - np.round(turns)).max() < 1e-12
    back = axes.cut_at_seam(np.column_stack((-angle, angle)), (0,))
    assert np.nanmax(np.abs(back[:, 0] + curve[:, 0])) < 1e-12


def test_no_field_belongs_to_an_expression() -> None:
    start = view_edits.set_axis(experiment(LORENZ), "x", "x*y")
    wanted = {part for part, _ in request.of_true(start, (8, 8)).wanted()}
    assert wanted == {Part.FORWARD, Part.EQUILIBRIA}
    plain = {part for part, _ in request.of_true(experiment(LORENZ), (8, 8)).wanted()}
    assert plain > wanted


def test_equilibria_have_places_on_expressions() -> None:
    start = view_edits.set_axis(view_edits.set_axis(experiment(LORENZ), "y", "z"), "x", "x*y")
    marks = background.marks(request.of_true(start, (8, 8)), Never()).points
    assert len(marks) == 3
    for mark in marks:
        assert mark.x == pytest.approx(mark.state[0] * mark.state[1])
        assert mark.y == mark.state[2]
