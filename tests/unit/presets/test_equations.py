"""The equations of every preset against right-hand sides written down independently, at random points."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.storage import presets
from tests.unit.presets import fields


def pendulum(t, y, b, c):
    theta, omega = y
    return omega, -b * omega - c * np.sin(theta)


def cooling(t, y, k, T_room):
    return (k * (T_room - y[0]),)


def reversible_reaction(t, y, kf, kr):
    net = kf * y[0] ** 2 - kr * y[1]  # of 2 A <-> B
    return -2 * net, net


def reaction_chain(t, y, k1, k2):
    first, second = k1 * y[0], k2 * y[1]
    return -first, first - second, second


def lotka_volterra(t, y, alpha, beta, delta, gamma):
    hares, lynxes = y
    return hares * (alpha - beta * lynxes), lynxes * (delta * hares - gamma)


def van_der_pol(t, y, mu):
    return y[1], -y[0] - mu * (y[0] ** 2 - 1) * y[1]


def fitzhugh_nagumo(t, y, I, a, b, epsilon):  # noqa: E741 (the model's own name)
    v, w = y
    return v * (1 - v * v / 3) - w + I, epsilon * (v + a) - epsilon * b * w


def lorenz(t, y, sigma, rho, beta):
    x, y_, z = y
    return sigma * y_ - sigma * x, rho * x - x * z - y_, x * y_ - beta * z


def brusselator(t, y, a, b):
    x, y_ = y
    catalysis = x * x * y_
    return a - b * x - x + catalysis, b * x - catalysis


def duffing(t, y, delta, gamma, omega):
    x, v = y
    return v, x * (1 - x * x) - delta * v + gamma * np.cos(omega * t)


def sir(t, y, beta, gamma):
    healthy, ill, immune = y
    infections = beta * healthy * ill / (healthy + ill + immune)
    return -infections, infections - gamma * ill, gamma * ill


def robertson(t, y, k1, k2, k3):
    a, b, c = y
    return k3 * b * c - k1 * a, k1 * a - k3 * b * c - k2 * b * b, k2 * b * b


FIELDS = {
    field.__name__.replace("_", "-"): field
    for field in (
        pendulum, cooling, reversible_reaction, reaction_chain, lotka_volterra, van_der_pol, fitzhugh_nagumo, lorenz,
        brusselator, duffing, sir, robertson, *fields.ALL,
    )
} | {"lynx-hare": lotka_volterra}  # fmt: skip

# The values that the cited sources give.
PARAMETERS = {
    "pendulum": {"b": 0.25, "c": 5.0},
    "lotka-volterra": {"alpha": 0.55, "beta": 0.028, "delta": 0.024, "gamma": 0.80},
    "fitzhugh-nagumo": {"a": 0.7, "b": 0.8, "epsilon": 0.08, "I": 0.5},
    "lorenz": {"sigma": 10.0, "rho": 28.0, "beta": 8 / 3},
    "lynx-hare": {"alpha": 0.55, "beta": 0.028, "delta": 0.024, "gamma": 0.80},
    "robertson": {"k1": 0.04, "k2": 3e7, "k3": 1e4},
    "sir": {"beta": 1.66, "gamma": 0.44},
    "belousov-zhabotinsky": {"s": 77.27, "q": 8.375e-6, "w": 0.161},
    "food-chain": {"a1": 5.0, "b1": 3.0, "a2": 0.1, "b2": 2.0, "d1": 0.4, "d2": 0.01},
    "hodgkin-huxley": {"I": 10.0, "gNa": 120.0, "gK": 36.0, "gL": 0.3},
    "roessler": {"a": 0.2, "b": 0.2, "c": 5.7},
    "three-body": {"mu": 0.012277471},
}


def test_every_preset_has_its_counterpart():
    assert set(FIELDS) == set(presets.presets())


@pytest.mark.parametrize("name", FIELDS)
def test_equations(name):
    system = presets.preset(name)
    rng = np.random.default_rng(1)
    states = rng.uniform(0.1, 2.0, (50, len(system.states)))
    for values in (system.values, tuple(rng.uniform(0.2, 3.0, len(system.values)))):
        parameters = dict(zip(system.parameters, values, strict=True))
        t = float(rng.uniform(0.0, 10.0))
        expected = np.stack(np.broadcast_arrays(*FIELDS[name](t, states.T, **parameters)), axis=1)
        scale = np.abs(expected).max()
        assert np.allclose(dynamics.evaluate(system, states, t, parameters), expected, rtol=1e-12, atol=1e-13 * scale)


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_are_those_of_the_source(name):
    system = presets.preset(name)
    assert dict(zip(system.parameters, system.values, strict=True)) == PARAMETERS[name]
