"""Which curves may hide a jump between their samples."""

from __future__ import annotations

import numpy as np

from odeplayground.session.jumps import hide_jumps

T = np.linspace(0.0, 10.0, 501)


def smooth(k):
    return np.stack([np.sin(k * T), np.cos(k * T)])


def relaxing(at):
    return np.stack([np.where(at > T, T, T - 20.0), np.exp(-T)])


def test_only_rare_bends_are_jumps():
    assert hide_jumps(np.stack([smooth(1.0), relaxing(4.0), smooth(60.0), relaxing(8.5)])).tolist() == [0, 1, 0, 1]


def test_neighbours_have_no_influence():
    many = np.stack([relaxing(3.0 + 0.1 * k) if k % 3 else smooth(0.2 * k) for k in range(40)])
    assert hide_jumps(many).tolist() == [bool(hide_jumps(one[None])[0]) for one in many]


def test_too_few_points_or_curves_hide_nothing():
    assert not hide_jumps(np.zeros((3, 2, 2))).any()
    assert hide_jumps(np.zeros((0, 2, 9))).shape == (0,)
