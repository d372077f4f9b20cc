"""Which curves may hide a jump between their samples."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground.dynamics import simulate, simulate_many
from odeplayground.session.jumps import CLOSE, MOST, hide_jumps, with_jumps
from tests.unit.dynamics.systems import typed

T = np.linspace(0.0, 10.0, 501)
END = 1000.0


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


def relaxation(method="auto", starts=((2.0, 0.0), (-1.0, 0.5)), n=101):
    times = np.linspace(0.0, END, n)
    system = typed("x' = y\ny' = mu*(1-x^2)*y - x\nmu = 1000")
    return system, times, simulate_many(system, starts, t_span=(0.0, END), t_eval=times, method=method)


@pytest.mark.parametrize("method", ["auto", "lsoda"])
def test_lines_between_the_points_follow_the_solution(method):
    system, times, solved = relaxation(method)
    curves = with_jumps(times, solved.y, solved.steps([0, 1]))
    for start, (t, y) in zip(solved.y[:, :, 0], curves, strict=True):
        solution = simulate(system, (0.0, END), start, method=method)
        assert times.size < t.size <= times.size + MOST
        assert (np.diff(t) > 0).all()
        extent = np.ptp(solution.y, axis=1)
        np.testing.assert_allclose(y / extent[:, None], solution(t) / extent[:, None], atol=1e-4)
        # Along the curve, which in time is all but upright: the distance to the nearest point.
        moving = solution.y[:, np.abs(np.diff(solution.y, axis=1, append=np.nan)).max(axis=0) > 0] / extent[:, None]
        apart = np.abs(moving[:, None] - (y / extent[:, None])[:, :, None]).max(axis=0).min(axis=0)
        assert apart.max() < 4 * CLOSE


def test_curves_do_not_influence_each_other():
    _, times, solved = relaxation(starts=[(x, 0.0) for x in np.linspace(0.5, 2.5, 40)])
    together = with_jumps(times, solved.y, solved.steps(range(40)))
    for lane in (0, 17, 39):
        ((t, y),) = with_jumps(times, solved.y[[lane]], solved.steps([lane]))
        np.testing.assert_array_equal(t, together[lane][0])
        np.testing.assert_array_equal(y, together[lane][1])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_grows_without_bound_goes_on_for_a_while(sign):
    # x = 1 / (1/2 - t), which is there up to t = 1/2 only.
    times = sign * np.linspace(0.0, 9.7, 101)
    solved = simulate_many(typed("x' = s*x^2\ns = 1"), [[2.0]], {"s": sign}, (0.0, 9.7 * sign), times)
    ((t, y),) = with_jumps(times, solved.y, solved.steps([0]))
    assert (sign * np.diff(t) > 0).all()
    assert 2 * np.nanmax(solved.y) - 2.0 < y[0, -1] < 4 * np.nanmax(solved.y)
    np.testing.assert_allclose(sign * t, 0.5 - 1 / y[0], atol=1e-5)
    assert (y[0, 1:] / y[0, :-1]).max() < 2.0
