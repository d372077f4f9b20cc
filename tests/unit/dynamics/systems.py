"""Systems that the tests of this layer share."""

from __future__ import annotations

import itertools

import numpy as np

from odeplayground import expr
from odeplayground.spec import Activation, Array, LearnedSystem, Method, System, number_of_weights

ADAPTIVE = [method for method in Method if method not in (Method.EULER, Method.MIDPOINT, Method.RK4)]
"""Methods that keep to a tolerance."""


def typed(text: str) -> System:
    result = expr.parse(text)
    assert result.system is not None, result.problems
    return result.system


PENDULUM = typed(
    "theta' = omega\nomega' = -b*omega - g/L*sin(theta)\n"
    "b = 0.2\ng = 9.81\nL = 1\nE = omega^2/2 - g/L*cos(theta)\ntheta(0) = 1\nt in [0, 20]"
)
LOTKA_VOLTERRA = typed("x' = a*x - b*x*y\ny' = d*x*y - c*y\na = 1.1\nb = 0.4\nc = 0.4\nd = 0.1\nx(0) = 10\ny(0) = 5")
LORENZ = typed("x' = s*(y-x)\ny' = x*(r-z) - y\nz' = x*y - b*z\ns = 10\nr = 28\nb = 8/3\nx(0) = 1\ny(0) = 1\nz(0) = 20")
BRUSSELATOR = typed("x' = A + x^2*y - (B+1)*x\ny' = B*x - x^2*y\nA = 1\nB = 2.5\nx(0) = 1\ny(0) = 1")
FITZHUGH_NAGUMO = typed("v' = v - v^3/3 - w + I\nw' = (v + a - b*w)/tau\na = 0.7\nb = 0.8\ntau = 12.5\nI = 0.5")
VAN_DER_POL = typed("x' = y\ny' = mu*(1-x^2)*y - x\nmu = 1000\nx(0) = 2\nt in [0, 3000]")
ROBERTSON = typed("a' = -0.04*a + 1e4*b*c\nb' = 0.04*a - 1e4*b*c - 3e7*b^2\nc' = 3e7*b^2\na(0) = 1")
DRIVEN = typed("x' = -x + sin(3*t) + t*exp(-t)\nx(0) = 0.5")
BLOW_UP = typed("x' = x^2\nx(0) = 1")
REACTION = typed("a' = -k1*a + k2*b\nb' = k1*a - k2*b\nk1 = 1.3\nk2 = 0.7\na(0) = 1")


def network(activation: Activation = Activation.TANH, layers: tuple[int, ...] = (2, 8, 6, 2)) -> LearnedSystem:
    rng = np.random.default_rng(3)
    weights = [rng.normal(size=(b + 1) * a) / np.sqrt(b) for b, a in itertools.pairwise(layers)]
    flat = np.concatenate(weights)
    assert flat.size == number_of_weights(layers)
    n = layers[0]
    return LearnedSystem(
        states=tuple("xyz"[:n]),
        layers=layers,
        activation=activation,
        weights=Array.of(flat),
        mean=tuple(rng.normal(size=n)),
        scale_in=tuple(rng.uniform(0.5, 2.0, n)),
        scale_out=tuple(rng.uniform(0.5, 2.0, n)),
        initial=(0.4, -0.3, 0.2)[:n],
    )
