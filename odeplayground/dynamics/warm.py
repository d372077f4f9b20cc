"""Compiles ahead of time what every system of a few states wants."""

from __future__ import annotations

import numpy as np

from odeplayground import expr
from odeplayground.dynamics.simulate import simulate_many
from odeplayground.spec import Activation, Array, LearnedSystem, number_of_weights

SIZES = (1, 2, 3, 4)
"""Numbers of states of typed systems."""
_LAYERS = (2, 2, 2)


def warm_up() -> None:
    """Solve tiny systems, so that the first real ones need not wait for the compiler. Takes about a second.

    Drivers depend on the number of states only, and those of networks on nothing else.
    """
    for n in SIZES:
        system = expr.parse("\n".join(f"x{i}' = -x{i}" for i in range(n))).system
        assert system is not None
        simulate_many(system, np.zeros((1, n)), t_span=(0.0, 1.0), t_eval=[0.0, 1.0])
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
