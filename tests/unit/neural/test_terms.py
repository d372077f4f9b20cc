from __future__ import annotations

import msgspec
import numpy as np
import torch

from odeplayground import dynamics, expr
from odeplayground.neural.terms import TermNet, with_first_terms
from odeplayground.spec import Activation, Array, LearnedTerm, System

STATES = np.random.default_rng(0).normal(size=(2, 30)) * [[3.0], [0.5]] + [[10.0], [0.0]]


def typed(text: str) -> System:
    system = expr.parse(text).system
    assert system is not None
    return system


def term(activation: Activation) -> LearnedTerm:
    rng = np.random.default_rng(1)
    return LearnedTerm((2, 5, 1), activation, Array.of(rng.normal(size=21)), (9.0, 0.1), (2.0, 0.5), 3.0)


def test_torch_and_native_code_agree() -> None:
    for activation in Activation:
        one = term(activation)
        system = msgspec.structs.replace(typed("x' = [?](x, y)\ny' = 0"), terms=(one,))
        expected = dynamics.evaluate(system, STATES.T)[:, 0]
        found = TermNet(one)(*torch.tensor(STATES)).detach().numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        assert TermNet(one).export() == one


def test_weights_get_gradients() -> None:
    net = TermNet(term(Activation.TANH))
    net(*torch.tensor(STATES)).sum().backward()
    assert all(p.grad is not None and bool(p.grad.any()) for p in net.parameters())


def first(system: System, seed: int = 0) -> System:
    rates = np.array([1.0, 4.0])
    chosen = {"hidden": (8,), "activation": "tanh", "seed": seed}
    return with_first_terms(system, np.zeros(30), STATES, np.array([0.5]), rates, **chosen)  # type: ignore[arg-type]


def test_first_terms_are_scaled_by_the_data() -> None:
    system = first(typed("x' = [?](x, 2*y)\ny' = -b*y + [?](t)\nb = 0.5"))
    one, two = system.terms
    assert one is not None
    assert two is not None
    assert one.layers == (2, 8, 1)
    np.testing.assert_allclose(one.mean, STATES.mean(axis=1) * [1, 2])
    np.testing.assert_allclose(one.scale_in, STATES.std(axis=1) * [1, 2])
    assert (two.mean, two.scale_in) == ((0.0,), (1.0,))  # the time does not vary
    assert one.scale_out == 4.0
    assert np.abs(dynamics.evaluate(system, STATES.T)[:, 0]).max() < 4.0


def test_what_was_learned_stays() -> None:
    learned = term(Activation.SILU)
    system = msgspec.structs.replace(typed("x' = [?](x, y)\ny' = [?](x)\nb = 0.5"), terms=(learned,))
    assert first(system).terms[0] == learned
    assert first(system).terms[1] is not None


def test_the_seed_decides() -> None:
    system = typed("x' = [?](x)\ny' = [?](x)\nb = 0.5")
    assert first(system) == first(system)
    assert first(system).terms != first(system, seed=5).terms
    one, two = first(system).terms
    assert one is not None
    assert two is not None
    assert one.weights != two.weights
