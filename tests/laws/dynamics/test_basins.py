"""Basins with boundaries known from symmetry or in closed form, and against following every point."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.basins import AWAY, UNDECIDED
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import EquilibriumKind
from tests.unit.dynamics.systems import DRIVEN, PENDULUM, typed

TOGGLE = typed("x' = a/(1+y^2) - x\ny' = a/(1+x^2) - y\na = 4")
DUFFING = typed("x' = y\ny' = x - x^3 - d*y\nd = 0.25")
NESTED = typed("x' = x*(1-x^2-y^2)*(4-x^2-y^2) - y\ny' = y*(1-x^2-y^2)*(4-x^2-y^2) + x")
SQUARE = {"x": (-3.0, 3.0), "y": (-3.0, 3.0)}


def last(*arguments, **options):
    *_, picture = dynamics.basins(*arguments, **options)
    return picture


def test_the_toggle_switch_is_divided_along_the_diagonal():
    picture = last(TOGGLE, {"x": (0.0, 5.0), "y": (0.0, 5.0)}, resolution=(60, 60))
    assert [str(point.kind) for point in picture.attractors] == ["stable node", "stable node"]
    x, y = np.meshgrid(picture.x, picture.y)
    high_y = int(picture.attractors[1].state[1] > picture.attractors[0].state[1])
    np.testing.assert_array_equal(picture.labels[x < y], high_y)
    np.testing.assert_array_equal(picture.labels[x > y], 1 - high_y)
    # On the diagonal itself trajectories come to rest at the saddle.
    assert (picture.labels[x == y] == UNDECIDED).all()


def test_the_two_wells_of_duffing_are_images_of_each_other():
    picture = last(DUFFING, {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}, resolution=(100, 100))
    np.testing.assert_array_equal(picture.labels + picture.labels[::-1, ::-1], 1)
    assert picture.followed < 0.5 * picture.labels.size


def test_the_rest_of_every_point_is_where_it_ends():
    bounds = {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}
    picture = last(DUFFING, bounds, resolution=(80, 80))
    rows, cols = np.random.default_rng(1).integers(0, 80, (2, 300))
    starts = np.stack([picture.x[cols], picture.y[rows]], axis=1)
    ends = dynamics.simulate_many(DUFFING, starts, t_span=(0, 120)).y
    well = np.array([point.state[0] for point in picture.attractors])[picture.labels[rows, cols]]
    np.testing.assert_allclose(ends[:, 0], well, atol=1e-4)


def test_a_stable_cycle_inside_of_an_unstable_one():
    picture = last(NESTED, SQUARE, resolution=(64, 64))
    x, y = np.meshgrid(picture.x, picture.y)
    np.testing.assert_array_equal(picture.labels, np.where(np.hypot(x, y) < 2, 0, AWAY))


def test_attractors_outside_of_the_window_are_noticed():
    bounds = {"theta": (-4.0, 4.0), "omega": (-9.0, 9.0)}
    picture = last(PENDULUM, bounds, resolution=(32, 32))
    places = np.sort([point.state[0] for point in picture.attractors])
    np.testing.assert_allclose(places, 2 * np.pi * np.round(places / (2 * np.pi)), atol=1e-6)
    assert len(places) > 5
    assert (picture.labels >= 0).all()
    assert picture.attractors[0].kind is EquilibriumKind.STABLE_FOCUS


def test_a_plane_through_more_states():
    system = typed("x' = x - x^3\ny' = -y\nz' = -z + x\nz(0) = 0.5")
    bounds = {"x": (-2.0, 2.0), "y": (-1.0, 1.0), "z": (-2.0, 2.0)}
    attractors = [point for point in dynamics.equilibria(system, bounds) if str(point.kind).startswith("stable")]
    picture = last(system, bounds, x="z", y="x", attractors=attractors, resolution=(20, 20))
    signs = np.sign([attractors[k].state[0] for k in picture.labels.ravel()]).reshape(20, 20)
    np.testing.assert_array_equal(signs, np.sign(picture.y)[:, None] * np.ones(20))


def test_pictures_become_finer_and_keep_what_is_known():
    pictures = list(dynamics.basins(DUFFING, {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}, resolution=(50, 40)))
    assert [picture.spacing for picture in pictures] == [8, 4, 2, 1]
    assert all(picture.labels.shape == (40, 50) for picture in pictures)
    followed = [picture.followed for picture in pictures]
    assert followed == sorted(followed)
    for before, after in itertools.pairwise(pictures):
        step = before.spacing
        np.testing.assert_array_equal(before.labels[::step, ::step], after.labels[::step, ::step])


def test_where_nothing_attracts():
    picture = last(typed("x' = x\ny' = -y"), SQUARE, resolution=(10, 10))
    assert (picture.labels == AWAY).all()
    assert "No attractor" in picture.message
    assert repr(picture).startswith("<Basins 10 x 10 points, 0 attractors, spacing 1. No attractor")


def test_they_can_be_cancelled():
    token = CancelToken()
    pictures = dynamics.basins(DUFFING, SQUARE, cancel=token)
    next(pictures)
    token.cancel()
    assert list(pictures) == []


@pytest.mark.parametrize(
    ("system", "changes", "words"),
    [
        (DUFFING, {"x": "q"}, "no state called q"),
        (DUFFING, {"x": "y"}, "two different"),
        (DUFFING, {"resolution": (1, 10)}, "two columns"),
        (DUFFING, {"resolution": (16.5, 20)}, "whole numbers"),
        (DUFFING, {"resolution": 20}, "whole numbers"),
        (DUFFING, {"time": 0.0}, "time"),
        (DUFFING, {"time": [1.0, 2.0]}, "one number"),
        (typed("x' = y\ny' = -x + sin(t)"), {}, "depend on time"),
    ],
)
def test_wrong_arguments_are_told_at_once(system, changes, words):
    with pytest.raises(ValueError, match=words):
        dynamics.basins(system, SQUARE, **changes)


def test_one_state_has_no_plane():
    with pytest.raises(ValueError, match="two states"):
        dynamics.basins(DRIVEN, {"x": (-1.0, 1.0)})


def test_what_does_not_attract_is_no_attractor():
    bounds = {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}
    with pytest.raises(ValueError, match="stable"):
        last(DUFFING, bounds, attractors=dynamics.equilibria(DUFFING, bounds))
