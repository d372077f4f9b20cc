"""Networks whose field is known: no hidden layer, so that they are linear."""

from __future__ import annotations

import numpy as np

from odeplayground.spec import Activation, Array, LearnedSystem


def linear_network(states: tuple[str, ...], matrix: np.ndarray) -> LearnedSystem:
    """The field dx/dt = matrix @ x as a network with a single linear layer."""
    n = len(states)
    weights = Array.of(np.concatenate([np.ascontiguousarray(matrix, dtype=float).ravel(), np.zeros(n)]))
    ones, zeros = (1.0,) * n, (0.0,) * n
    return LearnedSystem(states, (n, n), Activation.TANH, weights, zeros, ones, ones, ones)
