"""Edits of views."""

from __future__ import annotations

import math

import msgspec
import pytest

from odeplayground.session import UserError, edits, layers, request, view_edits
from odeplayground.spec import Experiment, FieldMode, Layer
from tests.unit.session.systems import DECAY, LORENZ, experiment


def lorenz() -> Experiment:
    return edits.set_view_range(experiment(LORENZ), (-20.0, 21.0), (-30.0, 31.0))


def test_what_is_on_the_other_axis_changes_places() -> None:
    view = view_edits.set_axis(lorenz(), "x", "y").view
    assert (view.x, view.y) == ("y", "x")
    assert (view.x_range, view.y_range) == ((-30.0, 31.0), (-20.0, 21.0))


def test_an_axis_takes_an_expression_and_the_range_it_is_given() -> None:
    view = view_edits.set_axis(lorenz(), "y", "x^2+y^2", (0.0, 900.0)).view
    assert (view.y, view.y_range) == ("x^2 + y^2", (0.0, 900.0))
    low, high = view_edits.set_axis(lorenz(), "y", "10*z").view.y_range
    assert low < 200.0 < high
    with pytest.raises(UserError, match="not defined"):
        view_edits.set_axis(lorenz(), "y", "w + 1")


def test_layers_that_need_a_plane_say_so() -> None:
    changed = view_edits.set_axis(lorenz(), "y", "x^2 + y^2")
    for layer in (Layer.FIELD, Layer.NULLCLINES, Layer.SEPARATRICES, Layer.BASINS):
        assert "x^2 + y^2" in layers.why_not(changed, layer)
    assert layers.why_not(changed, Layer.TRAJECTORIES) == layers.why_not(changed, Layer.EQUILIBRIA) == ""
    assert layers.why_not(lorenz(), Layer.FIELD) == layers.why_not(experiment(DECAY), Layer.FIELD) == ""


def test_held_states_are_those_of_the_start_until_a_slider_moves() -> None:
    start = lorenz()
    assert view_edits.held_names(start) == ("z",)
    assert request.held_of(start) == start.starts[0]
    held = view_edits.set_held(start, {"z": 7.0})
    assert request.held_of(held) == (1.0, 1.0, 7.0)
    moved = edits.set_start(held, 0, (2.0, 3.0, 4.0))
    assert request.held_of(moved) == (2.0, 3.0, 7.0)
    assert view_edits.hold_at(start, (5.0, 6.0, 8.0)).view.held == {"z": 8.0}
    assert request.held_of(view_edits.release(moved)) == (2.0, 3.0, 4.0)


def test_moving_a_start_in_the_plane_leaves_the_background_alone() -> None:
    start = lorenz()
    moved = edits.set_start(start, 0, (5.0, -5.0, 20.0))
    old, new = (request.of_true(one, (8, 8)).wanted() for one in (start, moved))
    assert {part for part, _ in old if old[part, 0] != new[part, 0]} == {request.Part.FORWARD, request.Part.BACKWARD}


def test_a_wrapped_angle_is_shown_once_around() -> None:
    start = experiment()
    wrapped = view_edits.set_wrap(start, "theta", True)
    assert wrapped.view.x_range == (-math.pi, math.pi)
    assert wrapped.view.y_range == start.view.y_range
    assert view_edits.set_wrap(wrapped, "theta", False).view.wrap == ()
    assert view_edits.set_axis(wrapped, "x", "omega^2").view.wrap == ()


def test_views_keep_to_themselves_and_share_the_rest() -> None:
    start = view_edits.add_view(lorenz())
    assert view_edits.count(start) == 2
    assert (start.beside[0].x, start.beside[0].y) == ("x", "z")
    changed = view_edits.in_view(start, 1, lambda one: edits.set_view_range(one, (0.0, 1.0), (0.0, 2.0)))
    assert changed.view == start.view
    assert changed.beside[0].x_range == (0.0, 1.0)
    added = view_edits.in_view(start, 1, lambda one: edits.add_start(one, (1.0, 2.0, 3.0)))
    assert added.starts[-1] == (1.0, 2.0, 3.0)
    assert added.view == start.view
    assert view_edits.seen(start, 1).view == start.beside[0]


def test_every_new_view_shows_something_else_up_to_the_most() -> None:
    now = lorenz()
    for _ in range(view_edits.MOST_VIEWS - 1):
        now = view_edits.add_view(now)
    shown = [frozenset((view.x, view.y, view.space and view.space.z)) for view in (now.view, *now.beside)]
    assert len(set(shown)) == view_edits.MOST_VIEWS
    with pytest.raises(UserError, match="Close one"):
        view_edits.add_view(now)
    assert view_edits.close_view(now, 0).view == now.beside[0]
    assert view_edits.close_view(now, 2).beside == (now.beside[0], now.beside[2])
    learned = view_edits.add_view(lorenz(), learned=True).beside[0]
    assert learned == msgspec.structs.replace(lorenz().view, mode=FieldMode.LEARNED)


def test_space_is_turned_within_bounds_and_left_again() -> None:
    start = view_edits.set_space(lorenz(), "z", (0.0, 50.0))
    assert view_edits.ranges(start.view) == ((-20.0, 21.0), (-30.0, 31.0), (0.0, 50.0))
    turned = view_edits.turn(start, 540.0, 200.0, 1e9).view.space
    assert turned is not None
    assert -180.0 <= turned.azimuth < 180.0
    assert turned.elevation < 90.0
    assert turned.zoom == view_edits.ZOOMS[1]
    assert view_edits.set_axis(start, "z", "x").view.x == "z"
    assert view_edits.set_space(start, None).view == lorenz().view


def test_axes_follow_the_text() -> None:
    start = view_edits.set_held(view_edits.set_axis(lorenz(), "x", "x*y"), {"x": 1.0})
    same = edits.set_text(start, LORENZ.replace("28", "30"))
    assert same.view.x == "x*y"
    other = edits.set_text(view_edits.add_view(start), "u' = -u + y\ny' = -y\n")
    for view in (other.view, *other.beside):
        assert (view.x, view.y) == ("u", "y")
        assert view.held == {}
