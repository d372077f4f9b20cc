from __future__ import annotations

import math

import msgspec
import pytest

from odeplayground.session import UserError, edits, view_edits
from odeplayground.spec import Animation, FieldMode, SamplePlan, SolverSettings, TrainSpec
from tests.unit.session.systems import DECAY, LORENZ, experiment


def test_a_slider_overrides_and_the_own_value_is_no_override() -> None:
    start = experiment()
    moved = edits.set_parameter(start, "b", 1.0)
    assert moved.parameters == {"b": 1.0, "c": 5.0}
    assert moved.text == start.text
    assert edits.set_parameter(moved, "b", 0.25) == start
    assert edits.reset_parameter(moved, "b") == start
    assert edits.reset_parameters(edits.set_parameter(moved, "c", 2.0)) == start


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="no parameter 'x'"):
        edits.set_parameter(experiment(), "x", 1.0)
    with pytest.raises(UserError):
        edits.set_parameter(experiment(), "b", math.nan)
    with pytest.raises(UserError):
        edits.set_start(experiment(), 0, (math.inf, 0.0))
    with pytest.raises(ValueError, match="2 coordinates"):
        edits.add_start(experiment(), (1.0,))


def test_starts_are_added_moved_selected_and_removed() -> None:
    one = experiment()
    two = edits.add_start(one, (0.5, 0.5))
    three = edits.add_start(two, (1.0, 1.0))
    assert (three.starts, three.selected) == (((2.0, 0.0), (0.5, 0.5), (1.0, 1.0)), 2)
    assert edits.set_start(three, 1, (0.0, 9)).starts[1] == (0.0, 9.0)
    assert edits.remove_start(three, 0).starts == ((0.5, 0.5), (1.0, 1.0))
    assert edits.remove_start(three, 0).selected == 1  # the same trajectory as before
    assert edits.remove_start(edits.select_start(three, 0), 2).selected == 0
    assert edits.remove_start(three, 2).selected == 1
    with pytest.raises(UserError, match="last"):
        edits.remove_start(one, 0)
    with pytest.raises(IndexError):
        edits.select_start(one, 1)


def test_the_view_pans_zooms_and_refuses_what_cannot_be_resolved() -> None:
    start = experiment()
    assert edits.set_view_range(start, (-1, 1), (0, 2)).view.x_range == (-1.0, 1.0)
    for bad in ((1.0, 1.0), (2.0, 1.0), (1.0, 1.0 + 1e-12), (0.0, math.inf), (math.nan, 1.0)):
        assert edits.set_view_range(start, bad, (0.0, 1.0)) == start


def test_axes_take_their_ranges_along() -> None:
    lorenz = edits.set_view_range(experiment(LORENZ), (-20.0, 21.0), (-30.0, 31.0))
    swapped = view_edits.set_axes(lorenz, "y", "x").view
    assert (swapped.x_range, swapped.y_range) == ((-30.0, 31.0), (-20.0, 21.0))
    other = view_edits.set_axes(lorenz, "x", "z").view
    assert other.x_range == (-20.0, 21.0)
    assert other.y_range[0] < 20.0 < other.y_range[1]
    for pair in (("x", "x"), ("x", "w")):
        with pytest.raises(ValueError, match="axes"):
            view_edits.set_axes(lorenz, *pair)


def test_a_single_state_is_drawn_over_time() -> None:
    view = experiment(DECAY).view
    assert (view.x, view.y, view.x_range) == ("t", "x", (0.0, 5.0))
    assert view.y_range[0] < 3.0 < view.y_range[1]
    assert edits.middle_of_view(experiment(DECAY)) == (0.5 * sum(view.y_range),)


def test_the_middle_of_the_view_holds_hidden_states() -> None:
    lorenz = edits.set_view_range(experiment(LORENZ), (0.0, 2.0), (2.0, 6.0))
    assert edits.middle_of_view(lorenz) == (1.0, 4.0, 20.0)


def test_layers_and_settings() -> None:
    start = experiment()
    for layer in edits.LAYERS:
        toggled = edits.toggle_layer(start, layer)
        assert getattr(toggled.view, layer) is not getattr(start.view, layer)
        assert edits.toggle_layer(toggled, layer) == start
    with pytest.raises(ValueError, match="layer"):
        edits.toggle_layer(start, "mode")
    assert edits.set_mode(start, FieldMode.BOTH).view.mode is FieldMode.BOTH
    assert edits.set_solver(start, SolverSettings(rtol=1e-3)).solver.rtol == 1e-3
    assert edits.set_plan(start, SamplePlan(seed=3)).plan.seed == 3
    assert edits.set_training(start, TrainSpec(epochs=3)).training.epochs == 3
    assert edits.set_animation(start, Animation.PENDULUM).animation is Animation.PENDULUM


def test_the_time_span_overrides_the_own_one() -> None:
    start = experiment()
    longer = edits.set_t_span(start, 0, 20)
    assert longer.t_span == (0.0, 20.0)
    assert edits.set_t_span(longer, 0, 10) == start
    with pytest.raises(UserError):
        edits.set_t_span(start, 1.0, 1.0)


def test_edits_do_not_touch_what_they_are_not_about() -> None:
    start = experiment(units={"t": "s"}, preset="pendulum")
    changed = edits.set_parameter(edits.add_start(start, (0.0, 0.0)), "b", 1.0)
    same = ("name", "text", "system", "view", "solver", "units", "plan", "training", "run", "preset")
    assert all(getattr(changed, field) == getattr(start, field) for field in same)
    assert msgspec.structs.asdict(start)["values"] == {}


def test_a_new_start_keeps_away_from_equilibria_and_other_starts() -> None:
    start = edits.set_view_range(experiment(), (-4.0, 4.0), (-5.0, 5.0))
    for _ in range(5):
        place = edits.open_place(start, [(0.0, 0.0)])
        for other in ((0.0, 0.0), *start.starts):
            assert math.hypot((place[0] - other[0]) / 8, (place[1] - other[1]) / 10) >= 0.1
        start = edits.add_start(start, place)
    assert len(edits.open_place(experiment(DECAY), [(0.0,)])) == 1
