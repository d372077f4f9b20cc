"""Splitting, clipping and measuring polylines."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odeplayground.gui.plots import dashes
from odeplayground.gui.plots.geometry import Bundle, Chunks, clip, distance

BOX = (-1.0, -1.0, 1.0, 1.0)
coordinate = st.floats(-3, 3, allow_nan=False).map(lambda value: round(value, 3))
polylines = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=12).map(lambda p: np.array(p, float))


def length(points) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def dense(points, n=4000):
    share = np.linspace(0, 1, n)[:, None]
    return np.concatenate([a + share * (b - a) for a, b in itertools.pairwise(points)])


@settings(max_examples=100, deadline=None)
@given(polylines)
def test_clipping_keeps_exactly_what_is_inside(points):
    parts = clip(points, BOX)
    for part, _ in parts:
        assert (np.abs(part) <= 1 + 1e-9).all()
        for vertex in part:
            assert distance(points, *vertex) < 1e-9
    samples = dense(points, 400)
    inside = (np.abs(samples) < 1 - 1e-6).all(axis=1)
    for x, y in samples[inside][::37]:
        assert min((distance(part, x, y) for part, _ in parts if len(part) > 1), default=1) < 1e-9


@settings(max_examples=50, deadline=None)
@given(polylines)
def test_parts_know_their_way_along_the_line(points):
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    for part, offset in clip(points, BOX):
        begin = [np.interp(offset, way, points[:, axis]) for axis in (0, 1)]
        if np.all(np.diff(way) > 0):
            np.testing.assert_allclose(part[0], begin, atol=1e-6)


def test_lines_that_miss_the_box_leave_nothing():
    assert clip(np.array([[-3.0, 2.0], [3.0, 2.0]]), BOX) == []
    assert clip(np.array([[-3.0, 0.0], [0.0, 3.0]]), BOX) == []


def test_non_finite_points_split_a_curve():
    curve = np.array([[0, 0], [1, 1], [np.nan, 0], [2, 2], [np.inf, 0], [3, 3], [4, 4]], dtype=float)
    bundle = Bundle.of([curve, np.empty((0, 2)), np.array([[9.0, 9.0]]), np.array([[5.0, 5.0], [6.0, 6.0]])])
    runs = [bundle.points[a:b].tolist() for a, b in zip(bundle.starts, bundle.stops, strict=True)]
    assert runs == [[[0, 0], [1, 1]], [[3, 3], [4, 4]], [[5, 5], [6, 6]]]
    assert bundle.curve.tolist() == [0, 0, 3]


def test_all_finite_curves_take_the_short_way_to_the_same_result():
    curves = [np.random.default_rng(i).normal(size=(n, 2)) for i, n in enumerate((5, 1, 0, 2, 9))]
    quick = Bundle.of(curves)
    slow = Bundle.of([*curves, np.array([[np.nan, 0.0], [1.0, 1.0]])])
    assert quick.starts.tolist() == slow.starts.tolist()
    assert quick.stops.tolist() == slow.stops.tolist()
    assert quick.curve.tolist() == slow.curve.tolist() == [0, 3, 4]


@pytest.mark.parametrize("dashed", [False, True])
def test_chunks_cover_every_run_without_gaps(dashed):
    t = np.linspace(0, 6, 301)
    bundle = Bundle.of([np.stack([np.cos(t), np.sin(t)], -1), np.stack([t, t], -1)[:7]])
    chunks = Chunks.of(bundle, 100.0, -100.0, dashed)
    everything = np.arange(len(chunks.starts))
    pieces = chunks.joined(everything)
    assert len(pieces) == 2
    for (first, last), curve in zip(pieces, (0, 1), strict=True):
        points = chunks.points[chunks.starts[first] : chunks.stops[last]]
        original = bundle.points[bundle.starts[curve] : bundle.stops[curve]] * (100, -100)
        np.testing.assert_allclose(points[[0, -1]], original[[0, -1]])
        assert length(points) == pytest.approx(length(original), rel=1e-3)
    for i in everything:
        part = chunks.points[chunks.starts[i] : chunks.stops[i]]
        left, bottom, right, top = chunks.boxes[:, i]
        assert (part.min(axis=0) == (left, bottom)).all()
        assert (part.max(axis=0) == (right, top)).all()


def test_thinning_stays_within_half_a_pixel():
    t = np.linspace(0, 50, 20_000)
    curve = np.stack([np.exp(-0.2 * t) * np.cos(3 * t), np.exp(-0.2 * t) * np.sin(3 * t)], -1)
    chunks = Chunks.of(Bundle.of([curve]), 200.0, 200.0)
    assert len(chunks.points) < 10_000
    thin = chunks.points
    assert max(distance(thin, x, y) for x, y in 200 * curve[::97]) < 0.5


@pytest.mark.parametrize("step", [0.6, 2.0, 9.0])
def test_a_bend_and_a_corner_keep_their_points(step):
    n = 400
    angle = step * np.arange(n) / 80
    arc = np.stack([80 * np.sin(angle), 80 * np.cos(angle)], -1)
    way = step * np.arange(n)
    corner = np.stack([np.minimum(way, 150 * step), np.maximum(way - 150 * step, 0)], -1)
    kink = np.stack([way, 0.01 * np.maximum(way - 150 * step, 0)], -1)
    for curve in (arc, corner, kink):
        left = Chunks.of(Bundle.of([curve]), 1.0, 1.0).points
        assert len(left) < 0.9 * n or step > 5
        assert max(distance(left, *point) for point in curve) < 0.1


def test_near_finds_the_chunks_of_a_place():
    t = np.linspace(0, 10, 500)
    chunks = Chunks.of(Bundle.of([np.stack([t, np.sin(t)], -1)]), 50.0, 50.0)
    near = chunks.near(240, -60, 260, 60)
    assert 0 < near.size < 5
    assert chunks.near(1000, 1000, 1001, 1001).size == 0
    assert chunks.joined(np.empty(0, dtype=int)) == []


def test_the_distance_to_a_line():
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    assert distance(line, 5.0, 3.0) == pytest.approx(3.0)
    assert distance(line, -3.0, -4.0) == pytest.approx(5.0)
    assert distance(np.zeros((2, 2)), 3.0, 4.0) == pytest.approx(5.0)


def test_dashes_have_the_lengths_of_the_pattern():
    line = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 104.0]])
    found = dashes.segments(line, 0.0, (7.0, 3.0))
    lengths = np.hypot(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1])
    assert lengths.sum() == pytest.approx(7 * 10 + 5)
    assert lengths[0] == pytest.approx(5.0)
    assert lengths[1] == pytest.approx(2.0)


def test_dashes_stand_still_wherever_the_line_is_cut():
    t = np.linspace(0, 6, 200)
    line = 100 * np.stack([t, np.sin(2 * t)], -1)
    whole = dashes.segments(line, 0.0, (7.0, 4.0))
    begin = length(line[:81])
    part = dashes.segments(line[80:], begin, (7.0, 4.0))
    np.testing.assert_allclose(part[-50:], whole[-50:], atol=1e-6)
