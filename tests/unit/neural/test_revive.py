"""A revived field is the same function as the system that it was."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from odeplayground import dynamics, expr
from odeplayground.neural.revive import revived
from odeplayground.spec import Activation, Array, LearnedSystem, Structure
from odeplayground.spec.system import number_of_weights

RNG = np.random.default_rng(3)


def learned(states, layers, **fields):
    n_out = layers[-1]
    usual = {
        "activation": Activation.SILU,
        "weights": Array.of(RNG.normal(size=number_of_weights(layers))),
        "mean": tuple(RNG.normal(size=layers[0])),
        "scale_in": tuple(RNG.uniform(0.5, 2, layers[0])),
        "scale_out": tuple(RNG.uniform(0.5, 2, n_out)),
        "initial": (0.1,) * len(states),
    }
    return LearnedSystem(states=states, layers=layers, **(usual | fields))


SYSTEMS = {
    "plain": learned(("x", "y"), (2, 5, 2)),
    "angle": learned(("q", "v"), (3, 5, 2), angles=("q",), mean=(0.0, 0.0, 0.7), scale_in=(1.0, 1.0, 1.6)),
    "time": learned(("x", "y"), (3, 5, 2), time_input=True),
    "second order": learned(("q", "v"), (2, 5, 1), structure=Structure.SECOND_ORDER, pairs=(("q", "v"),)),
    "hamiltonian": learned(
        ("p", "q"), (2, 5, 1), structure=Structure.HAMILTONIAN, pairs=(("q", "p"),), friction=(0.3,)
    ),
    "equations": expr.parse("x' = a*x - x*y\ny' = x*y - b*y + sin(t)\na = 1.1\nb = 0.4").system,
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_revived_field_is_the_system(name):
    system = SYSTEMS[name]
    field, scaling = revived(system)
    states = RNG.normal(size=(7, 2))
    u = torch.tensor((states - scaling.mean) / scaling.scale_in)
    found = field(torch.tensor(1.3, dtype=torch.float64), u).detach().numpy() * scaling.scale_in
    np.testing.assert_allclose(found, dynamics.evaluate(system, states, 1.3), rtol=1e-10, atol=1e-12)
    assert all(p.dtype is torch.float64 for p in field.parameters())
