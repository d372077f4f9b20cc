"""Trajectories that settle, and some that never do."""

import math

import numpy as np
import pytest

import odeplayground as odp
from odeplayground.dynamics.settle import Rest, settle
from odeplayground.jobs import CancelToken
from odeplayground.spec import Status


def test_exponential_decay_settles_when_it_is_within_the_tolerance():
    found = settle(odp.parse("x' = -x\nx(0) = 1"), (0, 5), tolerance=1e-4)
    assert found.rest is Rest.EQUILIBRIUM
    assert found.time == pytest.approx(math.log(1e4), abs=0.3)
    assert abs(found.state[0]) < 1e-4


def test_a_stable_focus_is_an_equilibrium_not_a_small_cycle():
    found = settle(odp.parse("x' = v\nv' = -x - 0.2*v\nx(0) = 1"), (0, 20))
    assert found.rest is Rest.EQUILIBRIUM
    assert found.time == pytest.approx(math.log(1e4) / 0.1, rel=0.15)


def test_a_start_at_an_equilibrium_has_settled_from_the_beginning():
    found = settle(odp.parse("x' = x*(1 - x)\nx(0) = 1"), (2, 5))
    assert (found.rest, found.time) == (Rest.EQUILIBRIUM, 2)


def test_the_period_of_a_limit_cycle_is_that_of_the_search_for_cycles():
    system = odp.preset("van-der-pol")
    found = settle(system, system.t_span)
    (cycle,) = odp.limit_cycles(system, bounds={"x": (-4, 4), "y": (-6, 6)})
    assert found.rest is Rest.CYCLE
    assert found.period == pytest.approx(cycle.period, rel=1e-5)
    assert 0 < found.time < 20


def test_a_closed_orbit_repeats_from_the_beginning():
    found = settle(odp.parse("x' = v\nv' = -4*x\nx(0) = 1"), (0, 10))
    assert (found.rest, found.time) == (Rest.CYCLE, 0)
    assert found.period == pytest.approx(math.pi, rel=1e-6)


def test_a_driven_system_follows_its_driving():
    found = settle(odp.parse("x' = v\nv' = -x - v + cos(2*t)\nx(0) = 3"), (0, 10))
    assert found.rest is Rest.CYCLE
    assert found.period == pytest.approx(math.pi, rel=1e-6)
    assert found.time == pytest.approx(2 * math.log(1e4), rel=0.4)


def test_chaos_and_two_rhythms_do_not_settle():
    assert settle(odp.preset("lorenz"), (0, 30), doublings=2).rest is Rest.NONE
    two = odp.parse("x' = v\nv' = -x\ny' = w\nw' = -2*y\nx(0) = 1\ny(0) = 1")
    assert settle(two, (0, 20), doublings=3).rest is Rest.NONE


def test_a_slow_drift_is_no_equilibrium():
    assert settle(odp.parse("x' = 1\nx(0) = 0"), (0, 10), doublings=3).rest is Rest.NONE


def test_what_diverges_says_so_and_what_is_cancelled_has_not_settled():
    found = settle(odp.parse("x' = x^2\nx(0) = 1"), (0, 5))
    assert found.rest is Rest.NONE
    assert found.status is not Status.FINISHED
    assert found.message
    assert found.time == pytest.approx(1, abs=0.01)
    cancel = CancelToken()
    cancel.cancel()
    assert settle(odp.parse("x' = -x\nx(0) = 1"), (0, 5), cancel=cancel).rest is Rest.NONE


def test_backwards_or_empty_spans_are_refused_like_elsewhere():
    with pytest.raises(ValueError, match="span"):
        settle(odp.parse("x' = -x"), (1, 1))


def test_the_last_state_is_where_the_solution_is():
    system = odp.parse("x' = -x\nx(0) = 2")
    found = settle(system, (0, 5))
    assert np.allclose(odp.simulate(system, (0, found.t_end), rtol=1e-9).y[:, -1], found.state, atol=1e-6)
