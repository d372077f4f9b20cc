"""Many states are evaluated by native code, few by an interpreter; both say the same."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.dynamics.kernels import program
from odeplayground.dynamics.tape import MANY
from tests.unit.dynamics.systems import LORENZ, PENDULUM, typed

DRIVEN = typed("x' = a*sin(t)*x + if(x > y, 1, -1)\ny' = x^2 - y/t\na = 2\nx(0) = 1\ny(0) = 0")


@pytest.mark.parametrize("system", [PENDULUM, LORENZ, DRIVEN])
def test_many_states_are_evaluated_like_few(system):
    random = np.random.default_rng(0)
    states = random.normal(size=(MANY + 5, len(system.states)))
    times = random.uniform(0.1, 3, MANY + 5)
    parameters = {system.parameters[0]: random.uniform(0.5, 2, MANY + 5)}
    for function in (dynamics.evaluate, dynamics.jacobian):
        many = function(system, states, times, parameters)
        few = [
            function(system, states[i : i + 7], times[i : i + 7], {k: v[i : i + 7] for k, v in parameters.items()})
            for i in range(0, MANY + 5, 7)
        ]
        np.testing.assert_allclose(many, np.concatenate(few), rtol=1e-14, atol=1e-14)


def test_after_the_warm_up_a_network_of_two_states_compiles_nothing(monkeypatch):
    dynamics.warm_up()
    monkeypatch.setattr(program, "compile_module", None)
    dynamics.warm_up()
