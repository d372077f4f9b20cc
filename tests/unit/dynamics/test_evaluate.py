from __future__ import annotations

import numpy as np
import pytest

from odeplayground import dynamics, expr
from odeplayground.dynamics.tape import FUNCTIONS, Program
from odeplayground.expr.graph import Op
from odeplayground.spec import Activation, Array, LearnedSystem, System
from tests.unit.dynamics.systems import DRIVEN, LORENZ, PENDULUM, ROBERTSON, network, typed

STATES = np.random.default_rng(4).normal(size=(9, 3))


def by_hand(system: LearnedSystem, states: np.ndarray) -> np.ndarray:
    """The network evaluated state by state, from the meaning of the fields of LearnedSystem."""
    activation = {
        Activation.TANH: np.tanh,
        Activation.SILU: lambda x: x / (1 + np.exp(-x)),
        Activation.SOFTPLUS: lambda x: np.log(1 + np.exp(x)),
    }[system.activation]
    flat = list(np.asarray(system.weights))
    rows = []
    for state in states:
        x = (state - np.array(system.mean)) / np.array(system.scale_in)
        at = 0
        for i, (before, after) in enumerate(zip(system.layers, system.layers[1:], strict=False)):
            weight = np.array(flat[at : at + before * after]).reshape(after, before)
            at += before * after
            bias = np.array(flat[at : at + after])
            at += after
            x = weight @ x + bias
            if i < len(system.layers) - 2:
                x = activation(x)
        rows.append(np.array(system.scale_out) * x)
    return np.array(rows)


def differences(system: System | LearnedSystem, states: np.ndarray, t: float = 0.0) -> np.ndarray:
    """The Jacobian by central differences."""
    n = states.shape[1]
    columns = []
    for j in range(n):
        h = 1e-6 * np.eye(n)[j]
        columns.append((dynamics.evaluate(system, states + h, t) - dynamics.evaluate(system, states - h, t)) / 2e-6)
    return np.stack(columns, axis=-1)


def test_typed_equations():
    theta, omega = STATES[:, 0], STATES[:, 1]
    values = dynamics.evaluate(PENDULUM, STATES[:, :2], parameters={"b": 0.5, "L": np.arange(1.0, 10)})
    expected = np.stack([omega, -0.5 * omega - 9.81 / np.arange(1, 10) * np.sin(theta)], axis=1)
    np.testing.assert_allclose(values, expected, rtol=1e-14)


def test_times_may_differ():
    times = np.linspace(0, 3, 9)
    values = dynamics.evaluate(DRIVEN, STATES[:, :1], times)
    np.testing.assert_allclose(values[:, 0], -STATES[:, 0] + np.sin(3 * times) + times * np.exp(-times), rtol=1e-13)


@pytest.mark.parametrize("activation", list(Activation))
@pytest.mark.parametrize("layers", [(3, 3), (3, 7, 3), (3, 8, 5, 3)])
def test_a_network_means_what_its_description_says(activation, layers):
    system = network(activation, layers)
    np.testing.assert_allclose(dynamics.evaluate(system, STATES), by_hand(system, STATES), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(
    "system",
    [LORENZ, ROBERTSON, *(network(activation, (3, 8, 5, 3)) for activation in Activation)],
    ids=["lorenz", "robertson", *Activation],
)
def test_jacobians_are_exact(system):
    exact = dynamics.jacobian(system, STATES)
    scale = np.abs(exact).max()
    np.testing.assert_allclose(exact / scale, differences(system, STATES) / scale, atol=1e-8)


def test_activations_stand_large_arguments():
    for activation in Activation:
        values = dynamics.evaluate(network(activation), [[1e6, -1e6], [-1e6, 1e6]])
        assert np.isfinite(values).all()
        assert np.isfinite(dynamics.jacobian(network(activation), [[1e6, -1e6]])).all()


def test_networks_that_do_not_fit_are_refused():
    good = network()
    for layers, weights in (((2, 8, 6, 3), good.weights), ((2, 8, 2), good.weights)):
        bad = LearnedSystem(
            good.states, layers, good.activation, weights, good.mean, good.scale_in, good.scale_out, good.initial
        )
        with pytest.raises(ValueError, match="layers"):
            dynamics.evaluate(bad, [[0.0, 0.0]])
    with pytest.raises(ValueError, match="bytes do not fill"):
        Array((3,), b"")


def test_the_undefined_is_not_finite_and_gives_no_warning():
    system = typed("x' = log(x) + 1/(x-1)")
    values = dynamics.evaluate(system, [[-1.0], [1.0], [2.0]])
    np.testing.assert_array_equal(np.isfinite(values[:, 0]), [False, False, True])


def test_every_operation_has_a_function():
    others = {Op.NUMBER, Op.STATE, Op.PARAMETER, Op.TIME, Op.LEARNED}
    assert set(FUNCTIONS) == set(Op) - others


def test_conventions_at_the_corners():
    text = (
        "a' = sign(a) + heaviside(a)\nb' = mod(b, 3)\nc' = if(c > 0 and not (c == 2) or c < -5, 10, -10)\n"
        "d' = min(d, 1) + max(d, -1) + floor(d)"
    )
    states = [[0.0, -1.0, 2.0, 0.5], [-2.0, 4.5, 1.0, -1.5], [3.0, 3.0, -6.0, 2.0]]
    expected = [[0.5, 2.0, -10.0, 1.0], [-1.0, 1.5, 10.0, -4.5], [2.0, 0.0, 10.0, 5.0]]
    np.testing.assert_allclose(dynamics.evaluate(typed(text), states), expected)


def test_what_depends_on_parameters_alone_is_computed_once_per_binding():
    model = expr.model(typed("x' = exp(k)*sin(k)*x\nk = 2"))
    program = Program(model.tape(model.rhs))
    assert len(program._first) == 3
    assert len(program._rest) == 1
    assert program.autonomous
    assert not Program(expr.model(DRIVEN).tape(expr.model(DRIVEN).rhs)).autonomous
