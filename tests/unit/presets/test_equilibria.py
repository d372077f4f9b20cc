"""Equilibria that are known in closed form are found, with their kinds."""

from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics
from odeplayground.storage import presets

S72 = np.sqrt(8 / 3 * 27)  # Lorenz 1963: x = y = sqrt(beta (rho - 1)), z = rho - 1
FHN_V = min(np.roots([-1 / 3, 0, 1 - 1 / 0.8, 0.5 - 0.7 / 0.8]), key=lambda v: abs(v.imag)).real

KNOWN = {
    "pendulum": {(-np.pi, 0.0): "saddle", (0.0, 0.0): "stable focus", (np.pi, 0.0): "saddle"},
    "cooling": {(20.0,): "stable node"},
    "lotka-volterra": {(0.0, 0.0): "saddle", (0.80 / 0.024, 0.55 / 0.028): "center"},
    "van-der-pol": {(0.0, 0.0): "unstable focus"},
    "fitzhugh-nagumo": {(FHN_V, (FHN_V + 0.7) / 0.8): "unstable focus"},
    "lorenz": {(0.0, 0.0, 0.0): "saddle", (S72, S72, 27.0): "saddle", (-S72, -S72, 27.0): "saddle"},
    "brusselator": {(1.0, 3.0): "unstable focus"},
}


def _window(name):
    experiment = presets.load(name).experiment
    bounds = dict.fromkeys(experiment.system.states, (-30.0, 60.0))
    bounds[experiment.view.y] = experiment.view.y_range
    if experiment.view.x != "t":
        bounds[experiment.view.x] = experiment.view.x_range
    return {state: (low - 1e-3, high) for state, (low, high) in bounds.items()}


@pytest.mark.parametrize("name", KNOWN)
def test_known_equilibria(name):
    found = dynamics.equilibria(presets.preset(name), _window(name))
    assert len(found) == len(KNOWN[name])
    for point, kind in KNOWN[name].items():
        nearest = min(found, key=lambda equilibrium: np.abs(equilibrium.state - point).max())
        assert np.allclose(nearest.state, point, atol=1e-8)
        assert str(nearest.kind) == kind


def test_brusselator_is_at_rest_below_the_threshold():
    (rest,) = dynamics.equilibria(presets.preset("brusselator"), _window("brusselator"), {"b": 1.9})
    assert str(rest.kind) == "stable focus"  # b < 1 + a^2


def test_duffing_without_shaking_has_two_wells():
    found = dynamics.equilibria(presets.preset("duffing"), _window("duffing"), {"gamma": 0.0})
    kinds = {round(equilibrium.state[0], 8): str(equilibrium.kind) for equilibrium in found}
    assert kinds == {-1.0: "stable focus", 0.0: "saddle", 1.0: "stable focus"}


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("reversible-reaction", [(a, a * a / 0.25) for a in (0.1, 0.3, 0.9)]),
        ("reaction-chain", [(0.0, 0.0, c) for c in (0.0, 0.4, 1.0)]),
        ("sir", [(s, 0.0, 763.0 - s) for s in (0.0, 100.0, 763.0)]),
        ("robertson", [(0.0, 0.0, 1.0), (0.0, 0.0, 0.5)]),
    ],
)
def test_lines_of_rest(name, states):
    assert np.allclose(dynamics.evaluate(presets.preset(name), np.array(states)), 0.0, atol=1e-14)
