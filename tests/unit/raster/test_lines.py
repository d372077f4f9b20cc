"""Laws of drawn lines: how much they cover, where, and that pieces cover as much as the whole."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from odeplayground import raster
from odeplayground.raster import threads

SIZE = (120, 160)


@pytest.fixture(autouse=True)
def _prepared():
    raster.prepare()


def traced(*curves, width=1.0, scale=(1.0, 1.0), shift=(0.0, 0.0), size=SIZE, draw=None, **more):
    mask = np.zeros(size, dtype=np.uint8)
    points = np.concatenate([np.asarray(curve, dtype=float) for curve in curves])
    stops = np.cumsum([len(curve) for curve in curves])
    starts = stops - [len(curve) for curve in curves]
    (draw or raster.trace)(mask, points, starts, stops, scale, shift, width, **more)
    return mask


def stroked(*curves, **more):
    return traced(*curves, draw=raster.stroke, **more)


def area(mask):
    return mask.sum() / 255


@pytest.mark.parametrize("width", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("angle", np.linspace(0.1, 6.2, 12))
def test_a_line_covers_its_length_times_its_width_in_any_direction(angle, width):
    middle, half = np.array([80.3, 60.7]), 50.0 * np.array([np.cos(angle), np.sin(angle)])
    mask = traced([middle - half, middle + half], width=width)
    assert area(mask) == pytest.approx(100.0 * width, rel=0.03)


def test_a_line_between_two_rows_is_shared_out_exactly():
    mask = traced([(10.0, 20.75), (30.0, 20.75)])
    assert np.flatnonzero(mask.any(axis=1)).tolist() == [20, 21]
    assert mask[20, 10:30] == pytest.approx(0.75 * 255, abs=1)
    assert mask[21, 10:30] == pytest.approx(0.25 * 255, abs=1)


def test_the_mask_is_symmetric():
    line = np.array([(10.2, 15.1), (70.9, 40.4)])
    assert np.array_equal(traced(line, size=(100, 100)), traced(line[:, ::-1], size=(100, 100)).T)


def test_pieces_cover_what_the_whole_line_covers():
    ends = np.array([(5.3, 9.1), (140.8, 97.6)])
    whole = traced(ends)
    pieces = traced(ends[0] + np.linspace(0, 1, 60)[:, None] * (ends[1] - ends[0]))
    assert np.abs(whole.astype(int) - pieces).max() <= 1


def test_points_near_each_other_do_not_move_the_curve():
    turns = np.linspace(0, 2 * np.pi, 20_000)
    circle = np.stack([80 + 45 * np.cos(turns), 60 + 45 * np.sin(turns)], axis=-1)
    mask = traced(circle)
    assert area(mask) == pytest.approx(2 * np.pi * 45, rel=0.03)
    y, x = np.nonzero(mask)
    assert np.abs(np.hypot(x + 0.5 - 80, y + 0.5 - 60) - 45).max() < 1.6


def test_scale_and_shift_are_those_of_the_points():
    line = np.array([(1.0, 2.0), (5.0, -3.0)])
    moved = line * (7.0, -6.0) + (40.0, 60.0)
    assert np.array_equal(traced(line, scale=(7.0, -6.0), shift=(40.0, 60.0)), traced(moved))


def test_what_lies_outside_is_cut_off():
    assert not traced([(-50.0, -10.0), (-5.0, 300.0)], [(-10.0, 130.0), (170.0, 125.0)]).any()
    crossing = traced([(-1e6, 60.5), (1e6, 60.5)])
    assert (crossing[60] == 255).all()
    assert area(crossing) == SIZE[1]


@pytest.mark.parametrize("drawn", [traced, stroked])
@pytest.mark.parametrize("huge", [1e30, 1e150, -1e150])
def test_huge_numbers_end(huge, drawn):
    mask = drawn([(80.0, 60.0), (huge, 60.0), (80.0, huge), (huge, -huge), (81.0, 60.0)], scale=(1e6, -1e6))
    assert mask.shape == SIZE


def test_crossing_lines_never_uncover():
    one, other = [(10.0, 10.0), (150.0, 110.0)], [(10.0, 110.0), (150.0, 10.0)]
    both = traced(one, other)
    assert (both >= np.maximum(traced(one), traced(other))).all()


def test_nothing_is_drawn_of_nothing():
    assert not traced([(5.0, 5.0), (5.0, 5.0)]).any()


@pytest.mark.parametrize("width", [1.0, 2.0, 3.7])
@pytest.mark.parametrize("angle", np.linspace(0.1, 6.2, 7))
def test_a_wide_line_covers_its_length_times_its_width_and_two_half_discs(angle, width):
    middle, half = np.array([80.3, 60.7]), 50.0 * np.array([np.cos(angle), np.sin(angle)])
    mask = stroked([middle - half, middle + half], width=width)
    assert area(mask) == pytest.approx(100.0 * width + np.pi * width**2 / 4, rel=0.03)


@pytest.mark.parametrize("line", [[(10.5, 40.5), (90.5, 40.5)], [(40.5, 10.5), (40.5, 90.5)]])
def test_level_and_upright_wide_lines_are_exact(line):
    mask = stroked(line, width=3.0)
    across = mask[:, 40] if line[0][1] == 40.5 else mask[40]
    assert np.flatnonzero(across == 255).tolist() == [39, 40, 41]
    assert np.count_nonzero(across) == 3


def test_a_wide_corner_has_no_notch_and_pieces_cover_what_the_whole_covers():
    ends = np.array([(5.3, 9.1), (140.8, 97.6)])
    whole = stroked(ends, width=4.0)
    pieces = stroked(ends[0] + np.linspace(0, 1, 60)[:, None] * (ends[1] - ends[0]), width=4.0)
    assert np.abs(whole.astype(int) - pieces).max() <= 1
    corner = stroked([(20.0, 60.5), (60.5, 60.5), (60.5, 100.0)], width=6.0)
    assert (corner[59:63, 58:62] == 255).all()


@pytest.mark.parametrize("pattern", [(7.0, 4.0), (6.0, 2.0, 1.5, 2.0)])
def test_dashes_cover_their_share_and_follow_the_way_around_corners(pattern):
    turns = np.linspace(0, 2 * np.pi, 2000)
    circle = np.stack([80 + 45 * np.cos(turns), 60 + 45 * np.sin(turns)], axis=-1)
    share = area(stroked(circle, width=2.0, pattern=pattern)) / area(stroked(circle, width=2.0))
    assert share == pytest.approx(sum(pattern[::2]) / sum(pattern), abs=0.02)


def test_dashes_begin_with_the_curve_wherever_it_begins():
    dashed = stroked([(-1000.0, 20.5), (150.0, 20.5)], width=1.0, pattern=(7.0, 4.0))[20]
    way = np.arange(150) + 0.5 + 1000.0
    inside = way % 11.0 < 7.0
    clear = (np.abs(way % 11.0 - 7.0) > 0.5) & (way % 11.0 > 0.5) & (way % 11.0 < 10.5)
    assert np.array_equal(dashed[:150][clear] == 255, inside[clear])


def test_blending_lays_the_colour_over_and_empties_the_mask():
    mask = np.zeros((5, 16), dtype=np.uint8)
    mask[1, :3] = 0, 128, 255
    mask[4, 12:] = 255
    picture = np.full((5, 20), 0xFFFFFFFF, dtype=np.uint32)
    alpha = np.arange(256, dtype=np.uint32)
    raster.blend(mask, picture.ctypes.data, 20, (5, 13), alpha << 24)
    assert not mask[1].any()
    assert [hex(code) for code in picture[1, :3]] == ["0xffffffff", "0xff7f7f7f", "0xff000000"]
    assert picture[4, 12] == 0xFF000000
    assert (picture[4, 13:] == 0xFFFFFFFF).all(), "beyond the width nothing is drawn"
    assert (picture[[0, 2, 3]] == 0xFFFFFFFF).all()


def test_many_points_are_shared_out_among_threads_and_look_the_same():
    turns = np.linspace(0, 20, 5000)
    curves = [np.stack([80 + r * np.cos(turns), 60 + r * np.sin(turns)], axis=-1) for r in range(5, 55, 5)]
    whole = traced(*curves)  # far enough from each other that none covers a pixel of another
    alone = np.max([traced(curve) for curve in curves], axis=0)
    assert np.array_equal(whole, alone)


def test_a_failure_is_raised_when_no_thread_draws_any_more(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    drawing, left, whole = threading.Event(), [], np.zeros(SIZE, dtype=np.uint8)

    def draw(mask, runs):
        if mask is whole:
            assert drawing.wait(10)
            raise ZeroDivisionError
        drawing.set()
        time.sleep(0.05)
        left.append(runs)

    with pytest.raises(ZeroDivisionError):
        threads.share(draw, whole, np.full(2, threads.WORTH_IT))
    assert len(left) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Processes cannot fork here.")
def test_a_child_process_draws_with_threads_of_its_own():
    script = """
import os, warnings
import numpy as np
from odeplayground import raster
warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of forks beside threads
os.cpu_count = lambda: 2
raster.prepare()
points = np.random.default_rng(0).random((50_000, 2)) * 100
def drawn():
    mask = np.zeros((100, 104), dtype=np.uint8)
    starts = np.arange(0, 50_000, 500)
    raster.trace(mask, points, starts, starts + 500, (1.0, 1.0), (0.0, 0.0), 1.0)
    return mask
expected = drawn()
child = os.fork()
if not child:
    raster.prepare()
    os._exit(not (drawn() == expected).all())
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
