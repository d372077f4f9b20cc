"""Networks beside known terms: time inputs, angles, second-order and Hamiltonian systems."""

from __future__ import annotations

import itertools

import msgspec
import numpy as np
import pytest
import torch

from odeplayground import dynamics
from odeplayground.dynamics.dense import DenseNetwork
from odeplayground.dynamics.fields import field_of
from odeplayground.dynamics.tape import Program
from odeplayground.expr.known import learned_model
from odeplayground.spec import Activation, Array, LearnedSystem, LearnedTerm, Structure, System
from tests.unit.dynamics.systems import typed

STATES = np.random.default_rng(0).normal(size=(11, 4))
ACTIVATIONS = {
    Activation.TANH: torch.tanh,
    Activation.SILU: torch.nn.functional.silu,
    Activation.SOFTPLUS: torch.nn.functional.softplus,
}


def weights(layers: tuple[int, ...]) -> Array:
    rng = np.random.default_rng(sum(layers))
    parts = [rng.normal(size=n) / np.sqrt(a) for a, b in itertools.pairwise(layers) for n in (a * b, b)]
    return Array.of(np.concatenate(parts))


def linear(inputs: int, rows: list[list[float]], **fields: object) -> LearnedSystem:
    """A network without hidden layers, its last weight in each row being the bias."""
    matrix = np.array(rows)
    n = len(rows)
    data = Array.of(np.concatenate([matrix[:, :-1].ravel(), matrix[:, -1]]))
    zeros, ones = (0.0,) * inputs, (1.0,) * inputs
    fixed = {"layers": (inputs, n), "activation": Activation.TANH, "weights": data, "mean": zeros, "scale_in": ones}
    return LearnedSystem(**{"initial": (0.1, 0.2), "scale_out": (1.0,) * n, **fixed, **fields})


TIMED = linear(3, [[-0.2, 1.0, 0.3, 0.1], [-1.0, -0.4, -0.2, 0.0]], states=("x", "y"), time_input=True)
PENDULUM = linear(
    4,
    [[-0.3, -9.0, 0.5, 0.2, 0.7]],
    states=("omega", "theta"),
    structure=Structure.SECOND_ORDER,
    pairs=(("theta", "omega"),),
    angles=("theta",),
    time_input=True,
)
DRIVEN = linear(
    3,
    [[0.5, -1.0, 0.2, 0.1], [0.3, -0.7, 0.4, 0.0]],
    states=("x", "z", "v"),
    structure=Structure.SECOND_ORDER,
    pairs=(("x", "v"),),
    initial=(0.0, 0.0, 0.0),
)


@pytest.mark.parametrize(
    ("system", "text"),
    [
        (TIMED, "x' = -0.2*x + y + 0.3*t + 0.1\ny' = -x - 0.4*y - 0.2*t"),
        (PENDULUM, "omega' = -0.3*omega - 9*sin(theta) + 0.5*cos(theta) + 0.2*t + 0.7\ntheta' = omega"),
        (DRIVEN, "x' = v\nz' = 0.5*x - z + 0.2*v + 0.1\nv' = 0.3*x - 0.7*z + 0.4*v"),
    ],
)
def test_a_linear_network_is_the_typed_system(system: LearnedSystem, text: str) -> None:
    known, states = typed(text), STATES[:, : len(system.states)]
    for function in (dynamics.evaluate, dynamics.jacobian):
        np.testing.assert_allclose(function(system, states, 0.7), function(known, states, 0.7), rtol=1e-13, atol=1e-13)
    assert dynamics.is_autonomous(system) == dynamics.is_autonomous(known)
    for method in ("tsit5", "rodas4", "radau"):
        one, other = (dynamics.simulate_many(s, states[:3], t_span=(0, 3), method=method).y for s in (system, known))
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


def test_an_angle_may_turn_round() -> None:
    system = deep(Activation.TANH)
    turned = STATES + 2 * np.pi * np.array([1, 0, -3, 0])
    np.testing.assert_allclose(dynamics.evaluate(system, turned), dynamics.evaluate(system, STATES), atol=1e-13)


def deep(activation: Activation, layers: tuple[int, ...] = (7, 5, 9, 1)) -> LearnedSystem:
    """Two angles and their momenta, in no particular order."""
    rng, n = np.random.default_rng(5), layers[0]
    return LearnedSystem(
        states=("a", "pb", "b", "pa"),
        layers=layers,
        activation=activation,
        weights=weights(layers),
        mean=tuple(rng.normal(size=n)),
        scale_in=tuple(rng.uniform(0.5, 2.0, n)),
        scale_out=(1.7,),
        initial=(0.0,) * 4,
        structure=Structure.HAMILTONIAN,
        pairs=(("a", "pa"), ("b", "pb")),
        angles=("a", "b"),
        time_input=True,
        friction=(0.3, 0.1),
    )


def slopes(system: LearnedSystem, y: torch.Tensor, t: float) -> torch.Tensor:
    """Those of ``deep``, written down once more."""

    def energy(y: torch.Tensor) -> torch.Tensor:
        a, pb, b, pa = y
        u = torch.stack([a.sin(), a.cos(), pb, b.sin(), b.cos(), pa, torch.tensor(t, dtype=torch.float64)])
        x = (u - torch.tensor(np.array(system.mean))) / torch.tensor(np.array(system.scale_in))
        flat = torch.tensor(np.array(system.weights))
        for number, (before, after) in enumerate(itertools.pairwise(system.layers)):
            matrix, bias, flat = flat.split([before * after, after, len(flat) - (before + 1) * after])
            x = matrix.reshape(after, before) @ x + bias
            x = x if number == len(system.layers) - 2 else ACTIVATIONS[system.activation](x)
        return system.scale_out[0] * x[0]

    by_a, by_pb, by_b, by_pa = torch.func.grad(energy)(y)
    return torch.stack([by_pa, -by_b - 0.1 * by_pb, by_pb, -by_a - 0.3 * by_pa])


@pytest.mark.parametrize("activation", Activation)
def test_hamiltonian_systems_agree_with_torch(activation: Activation) -> None:
    system = deep(activation)
    rows = torch.tensor(STATES)
    rates = torch.stack([slopes(system, row, 0.7) for row in rows])
    np.testing.assert_allclose(dynamics.evaluate(system, STATES, 0.7), rates, rtol=1e-12, atol=1e-13)
    exact = torch.stack([torch.func.jacrev(lambda y: slopes(system, y, 0.7))(row) for row in rows])
    np.testing.assert_allclose(dynamics.jacobian(system, STATES, 0.7), exact, rtol=1e-11, atol=1e-12)


def test_methods_with_and_without_jacobians_agree() -> None:
    system = deep(Activation.SILU)
    ends = [
        dynamics.simulate_many(system, STATES[:3], t_span=(0, 2), method=method, rtol=1e-9, atol=1e-11).y
        for method in ("dop853", "rodas4", "radau")
    ]
    np.testing.assert_allclose(ends[1], ends[0], atol=1e-7)
    np.testing.assert_allclose(ends[2], ends[0], atol=1e-7)


def test_energy_is_kept_and_friction_takes_it() -> None:
    layers = (2, 16, 1)
    free = LearnedSystem(
        ("q", "p"),
        layers,
        Activation.SOFTPLUS,
        weights(layers),
        (0.0, 0.0),
        (1.0, 1.0),
        (2.0,),
        (0.3, 0.4),
        structure=Structure.HAMILTONIAN,
        pairs=(("q", "p"),),
    )

    def energies(system: LearnedSystem) -> np.ndarray:
        term = LearnedTerm(layers, system.activation, system.weights, system.mean, system.scale_in, 2.0)
        measured: System = msgspec.structs.replace(typed("q' = [?](q, p)\np' = 0"), terms=(term,))
        points = dynamics.simulate(system, t_span=(0, 5), method="dop853", rtol=1e-11, atol=1e-12).y.T
        return dynamics.evaluate(measured, points)[:, 0]

    assert np.ptp(energies(free)) < 1e-9
    falling = energies(msgspec.structs.replace(free, friction=(0.5,)))
    assert np.diff(falling).max() < 1e-10
    assert falling[-1] < falling[0] - 0.01


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"angles": ("z",)}, "Angles and pairs are names of states"),
        ({"angles": ("a", "a")}, "each angle once"),
        ({"pairs": (("a", "pa"),)}, "hold every state once"),
        ({"pairs": (("a", "pa"), ("a", "pb"))}, "can only be in one pair"),
        ({"friction": (0.1,)}, "one number per pair"),
        ({"layers": (7, 5, 9, 2)}, "cannot have the layers"),
        ({"structure": Structure.PLAIN}, "no pairs"),
        ({"mean": (0.0,)}, "need a mean and a scale"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        field_of(msgspec.structs.replace(deep(Activation.TANH), **changes))


def test_trajectories_do_not_depend_on_their_neighbours() -> None:
    system = deep(Activation.TANH)
    for method in ("tsit5", "rodas4"):
        together = dynamics.simulate_many(system, STATES, t_span=(0, 2), method=method).y
        alone = [dynamics.simulate_many(system, state[None], t_span=(0, 2), method=method).y[0] for state in STATES[:4]]
        np.testing.assert_array_equal(together[:4], alone)


@pytest.mark.parametrize("activation", Activation)
def test_the_interpreter_agrees_with_native_code(activation: Activation) -> None:
    system = deep(activation)
    model = learned_model(system)
    entries = [node for row in model.jacobian for node in row]
    interpreter = Program(model.tape(entries), [DenseNetwork(system)])
    found = interpreter.run(interpreter.prepare(np.empty(0)), 0.3, STATES.T)
    expected = dynamics.jacobian(system, STATES, 0.3).reshape(len(STATES), -1).T
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
