from __future__ import annotations

import numpy as np
import pytest
import torch

from odeplayground.neural import Dataset, Trajectory
from odeplayground.neural.preparation import Batch, prepare
from odeplayground.neural.shooting import step_options
from odeplayground.neural.smoothing import smooth
from odeplayground.neural.windows import held_out_windows, split, training_windows


def dataset(*times):
    return Dataset(("x", "y"), tuple(Trajectory(t, np.stack([np.sin(t), np.cos(t)])) for t in times))


def even(n, begin=0.0):
    return begin + 0.1 * np.arange(n)


def test_about_the_wanted_share_is_held_out_and_no_neighbours():
    runs = split(dataset(*[even(60)] * 5), 0.2, seed=0)
    masks = np.array([run.trains for run in runs])
    assert 0.15 < 1 - masks.mean() < 0.22
    assert masks[:, :6].all()
    longest = max(len(piece) for mask in masks for piece in "".join("01"[int(m)] for m in mask).split("1"))
    assert longest == 3


def test_nothing_is_held_out_on_request():
    assert all(run.trains.all() for run in split(dataset(even(60)), 0.0, seed=0))


def test_windows_share_no_counted_sample():
    runs = split(dataset(even(60), even(60)), 0.2, seed=1)
    for length in (4, 8, 12):
        counted = np.zeros((2, 60))
        for windows in training_windows(runs, length, 3):
            for j, (number, begin) in enumerate(windows.origin):
                first = round(begin / 0.1)
                counted[number, first : first + length] += windows.weight[:, j, 0]
        trains = np.array([run.trains for run in runs])
        assert not counted[~trains].any()
        assert (counted[trains] > 0).mean() > 0.9


def test_held_out_windows_begin_with_a_training_sample_and_count_all_that_is_held_out():
    runs = split(dataset(even(60), even(60)), 0.2, seed=1)
    counted = np.zeros((2, 60))
    for windows in held_out_windows(runs):
        assert not windows.weight[0].any()
        for j, (number, begin) in enumerate(windows.origin):
            first = round(begin / 0.1)
            counted[number, first : first + len(windows.t)] += windows.weight[:, j, 0]
    assert np.array_equal(counted == 0, np.array([run.trains for run in runs]))


def test_grids_of_one_kind_share_a_batch_and_others_do_not():
    same = training_windows(split(dataset(even(30), even(30, 7.0)), 0, 0), 8, 4)
    assert len(same) == 1
    other = training_windows(split(dataset(even(30), 2 * even(30)), 0, 0), 8, 4)
    assert sorted(w.t[-1] for w in other) == pytest.approx([0.7, 1.4])


def test_short_and_long_trajectories():
    runs = split(dataset(even(4), even(900)), 0.2, seed=0)
    assert [len(run.t) for run in runs] == [4, 300, 300, 300]
    assert training_windows(runs, 12, 4)


def test_smoothing_removes_noise_and_gives_slopes():
    numbers = np.random.default_rng(0)
    t = even(80)
    noisy = [(t, np.sin(t + phase)[:, None] + 0.03 * numbers.standard_normal((80, 1))) for phase in (0, 1, 2)]
    for phase, curve in zip((0, 1, 2), smooth(noisy).curves, strict=True):
        y, slope = curve(t)
        assert np.sqrt(np.mean((y[:, 0] - np.sin(t + phase)) ** 2)) < 0.02
        assert np.sqrt(np.mean((slope[5:-5, 0] - np.cos(t + phase)[5:-5]) ** 2)) < 0.1


def test_smoothing_leaves_clean_samples_alone():
    t = even(50)
    (curve,) = smooth([(t, np.sin(3 * t)[:, None])]).curves
    y, slope = curve(t)
    assert y[:, 0] == pytest.approx(np.sin(3 * t), abs=1e-4)
    assert slope[3:-3, 0] == pytest.approx(3 * np.cos(3 * t)[3:-3], abs=0.05)


def test_held_out_samples_reach_nothing_that_trains():
    """Any value there leaves curves, scaling, windows and slopes as they are."""
    data = dataset(even(60), even(60))
    before = prepare(data, 0.2, 0)
    for one, run in zip(data.trajectories, split(data, 0.2, 0), strict=True):
        one.y[:, ~run.trains] = 1e3
    after = prepare(data, 0.2, 0)
    assert np.array_equal(before.scaling.mean, after.scaling.mean)
    assert np.array_equal(before.scaling.scale_out, after.scaling.scale_out)
    one, other = before.slopes(), after.slopes()
    assert one.states.equal(other.states)
    assert one.slopes.equal(other.slopes)
    for a, b in zip(before.training(8), after.training(8), strict=True):
        assert (a.y * a.weight).equal(b.y * b.weight)
        assert a.start.equal(b.start)


@pytest.mark.parametrize("pause", [0.3, 1.5, 1e3, 1e9])
def test_a_pause_takes_a_bounded_number_of_steps(pause):
    times = torch.tensor([0.0, 0.1, 0.2, 0.3, 0.3 + pause, 0.4 + pause], dtype=torch.float64)
    empty = torch.zeros(6, 1, 2)
    step = step_options(Batch(times[:, None], empty, empty, empty[0]), 2)["step_size"]
    assert pause / step <= 2 * 16 * (1 + 1e-9)
    assert step >= 0.05 * (1 - 1e-9)
    if pause < 1.6:
        assert step == pytest.approx(0.05), "short pauses change nothing"


def paused(pause, after=20):
    return dataset(np.concatenate([even(20), even(after, 2 + pause)]))


def test_windows_do_not_pass_over_a_long_pause():
    runs = split(paused(30.0), 0.2, 0)
    assert [len(run.t) for run in runs] == [20, 20]
    for length in (4, 8, 40):
        for windows in (*training_windows(runs, length, 1), *held_out_windows(runs)):
            assert np.diff(windows.times, axis=0).max() < 0.2


@pytest.mark.parametrize(("pause", "after"), [(1.0, 20), (30.0, 5)])
def test_short_pauses_and_short_pieces_stay_in_their_trajectory(pause, after):
    assert [len(run.t) for run in split(paused(pause, after), 0.2, 0)] == [20 + after]
