from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.continuation.results import Branches
from odeplayground.spec import Status
from tests.unit.dynamics.systems import DRIVEN, PENDULUM, network


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"t_span": (3, 3)}, "The time span is empty: it begins and ends at t = 3."),
        ({"t_span": (0, np.inf)}, "The time span: every number has to be finite."),
        ({"t_span": (0, 1, 2)}, "The time span takes two numbers"),
        ({"initial": {"thetta": 1.0}}, "There is no state called thetta: did you mean theta?"),
        ({"initial": [1.0]}, r"The initial state takes 2 numbers \(theta, omega\)."),
        ({"initial": [1.0, np.nan]}, "The initial state: every number has to be finite."),
        ({"initial": ["a", 1]}, "The initial state: expected numbers."),
        ({"parameters": {"q": 1.0}}, "There is no parameter called q: there are b, g, L."),
        ({"parameters": {"b": [1.0, 2.0]}}, "The parameter b takes one number."),
        ({"parameters": {"b": np.inf}}, "The parameter b: every number has to be finite."),
        ({"t_eval": [0, 21]}, "t_eval has times outside of the time span from 0 to 20."),
        ({"t_eval": [3, 2]}, "t_eval has to run in the direction of the time span"),
        ({"t_eval": [[1, 2]]}, "t_eval takes a list of times."),
        ({"method": "dopri"}, "There is no method called dopri: did you mean dopri5?"),
        ({"rtol": 0.0}, "rtol has to be a number between 0 and 1."),
        ({"atol": -1.0}, "atol takes one number"),
        ({"atol": [1e-9] * 3}, "atol takes one number"),
        ({"step": 0.0}, "The step has to be a positive number."),
        ({"max_steps": 0}, "max_steps has to be a positive whole number."),
        ({"max_steps": True}, "max_steps has to be a positive whole number."),
    ],
)
def test_simulate_says_what_is_wrong(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        dynamics.simulate(PENDULUM, **arguments)


@pytest.mark.parametrize("method", ["tsit5", "rodas4", "lsoda"])
def test_any_number_of_steps_may_be_allowed(method):
    for most in (2**63, np.uint64(2**64 - 1), 10**30):
        assert dynamics.simulate(PENDULUM, (0, 1), method=method, max_steps=most).status is Status.FINISHED


@pytest.mark.parametrize(
    ("initial", "arguments", "sentence"),
    [
        (np.zeros(2), {}, r"initial takes an array of shape \(m, 2\)"),
        (np.zeros((4, 3)), {}, r"initial takes an array of shape \(m, 2\)"),
        (np.zeros((4, 2)), {"parameters": {"b": np.zeros(3)}}, "one number or one for each of the 4 trajectories"),
    ],
)
def test_simulate_many_says_what_is_wrong(initial, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        dynamics.simulate_many(PENDULUM, initial, **arguments)


def test_a_system_without_parameters_says_so():
    with pytest.raises(ValueError, match=r"There is no parameter called b: there are none."):
        dynamics.simulate(network(), parameters={"b": 1.0})


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        ({"theta": (0, 1)}, "Bounds are missing for omega."),
        ({"theta": (0, 1), "omega": (2, 1)}, "The range of omega takes two numbers, low and high."),
        ({"theta": (0, 1), "omega": (0, 1), "omege": (0, 1)}, "There is no state called omege: did you mean omega?"),
    ],
)
def test_bounds_are_checked(bounds, sentence):
    with pytest.raises(ValueError, match=sentence):
        dynamics.equilibria(PENDULUM, bounds)


def test_axes_of_nullclines_are_checked():
    with pytest.raises(ValueError, match=r"The axes have to be two different states."):
        dynamics.nullclines(PENDULUM, "theta", "theta", (0, 1), (0, 1))
    with pytest.raises(ValueError, match=r"There is no state called omeg: did you mean omega?"):
        dynamics.nullclines(PENDULUM, "theta", "omeg", (0, 1), (0, 1))
    with pytest.raises(ValueError, match="at least two points"):
        dynamics.nullclines(PENDULUM, "theta", "omega", (0, 1), (0, 1), resolution=(1, 5))


def test_separatrices_need_two_states():
    with pytest.raises(ValueError, match="two states or more"):
        dynamics.separatrices(DRIVEN, [], {"x": (0, 1)})


def test_evaluate_checks_shapes():
    with pytest.raises(ValueError, match=r"states takes an array of shape \(m, 2\)"):
        dynamics.evaluate(PENDULUM, np.zeros((3, 1)))
    with pytest.raises(ValueError, match="t takes one number or 3 numbers"):
        dynamics.evaluate(PENDULUM, np.zeros((3, 2)), t=[0.0, 1.0])


def test_simulate_many_takes_states_by_name():
    by_name = dynamics.simulate_many(PENDULUM, {PENDULUM.states[0]: [0.1, 0.2, 0.3]}, t_span=(0, 1))
    rows = [(theta, PENDULUM.initial[1]) for theta in (0.1, 0.2, 0.3)]
    assert np.array_equal(by_name.y_stop, dynamics.simulate_many(PENDULUM, rows, t_span=(0, 1)).y_stop)


@pytest.mark.parametrize(
    ("initial", "sentence"),
    [
        ({"theta": [1, 2], "omega": [1, 2, 3]}, "of the same m for all"),
        ({"theta": [[1, 2]]}, "one number or an array"),
        ({"tehta": [1]}, "tehta"),
    ],
)
def test_simulate_many_says_what_is_wrong_with_states_by_name(initial, sentence):
    with pytest.raises(ValueError, match=sentence):
        dynamics.simulate_many(PENDULUM, initial)


def test_equilibria_and_branches_are_shown_in_a_line():
    found = dynamics.equilibria(PENDULUM, {"theta": (-1, 1), "omega": (-1, 1)})
    assert repr(found).startswith("<1 equilibria: stable focus at (")
    shown = repr(Branches("c", ("x",), (), ""))
    assert shown == "<0 branches over c>"
