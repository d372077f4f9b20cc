"""A term of typed equations is learned while the rest stays known."""

from __future__ import annotations

import dataclasses

import numpy as np

from odeplayground import dynamics, expr, neural
from odeplayground.spec import Model, Optimiser, System, TrainSpec


def typed(text: str) -> System:
    system = expr.parse(text).system
    assert system is not None
    return system


def test_friction_is_found_while_gravity_stays_known() -> None:
    true = typed("theta' = omega\nomega' = -g*sin(theta) - 0.5*omega\ng = 9.81\nt in [0, 5]")
    half_known = typed("theta' = omega\nomega' = -g*sin(theta) + [?](omega)\ng = 9.81\nt in [0, 5]")
    sampled = neural.sample(true, n_trajectories=4, n_points=50, seed=0)
    data = dataclasses.replace(sampled, system=half_known)
    spec = TrainSpec(model=Model.EQUATIONS, hidden=(6,), epochs=20, optimiser=Optimiser.MARQUARDT)
    found = neural.fit(data, spec).field
    assert isinstance(found, System)
    assert found.values == half_known.values
    omega = np.linspace(-0.75, 0.75, 7)  # where the data are
    rates = dynamics.evaluate(found, np.stack([0 * omega, omega], axis=1))[:, 1]
    np.testing.assert_allclose(rates, -0.5 * omega, atol=0.01)
