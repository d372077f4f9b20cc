"""Compiles ahead of time what every learned system of two states wants."""

from __future__ import annotations

import numpy as np

from odeplayground.dynamics.simulate import simulate_many
from odeplayground.spec import Activation, Array, LearnedSystem, number_of_weights

_LAYERS = (2, 2, 2)


def warm_up() -> None:
    """Solve a tiny network, so that the first real one need not wait for the compiler. Takes half a second."""
    network = LearnedSystem(
        states=("x", "y"),
        layers=_LAYERS,
        activation=Activation.TANH,
        weights=Array.of(np.zeros(number_of_weights(_LAYERS))),
        mean=(0.0, 0.0),
        scale_in=(1.0, 1.0),
        scale_out=(1.0, 1.0),
        initial=(0.0, 0.0),
        t_span=(0.0, 1.0),
    )
    simulate_many(network, np.zeros((1, 2)), t_span=(0.0, 1.0), t_eval=[0.0, 1.0])
