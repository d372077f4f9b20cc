"""Dense networks in native code against torch, and what must not change a single bit."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.network.evaluate import NativeNetwork, network_features
from odeplayground.spec import Activation, Array, LearnedSystem

TORCH = {
    Activation.TANH: torch.tanh,
    Activation.SILU: torch.nn.functional.silu,
    # Beyond its threshold torch's own softplus returns x, which is off by up to e**-threshold.
    Activation.SOFTPLUS: lambda x: torch.nn.functional.softplus(x, threshold=40.0),
}
LAYERS = [(1, 1), (3, 3), (1, 1, 1), (2, 32, 2), (3, 7, 1, 33, 3), (2, 33, 7, 2), (4, 65, 4), (5, 3, 5)]


def dense(layers: tuple[int, ...], activation: Activation = Activation.TANH, spread: float = 1.0) -> LearnedSystem:
    rng = np.random.default_rng(len(layers) + sum(layers))
    parts = []
    for before, after in itertools.pairwise(layers):
        parts += [spread * rng.normal(size=before * after) / np.sqrt(before), rng.normal(size=after)]
    n = layers[0]
    return LearnedSystem(
        states=tuple(f"x{i}" for i in range(n)),
        layers=layers,
        activation=activation,
        weights=Array.of(np.concatenate(parts)),
        mean=tuple(rng.normal(size=n)),
        scale_in=tuple(rng.uniform(0.5, 2.0, n)),
        scale_out=tuple(rng.uniform(0.5, 2.0, n)),
        initial=(0.0,) * n,
    )


def states(n: int, m: int = 37, size: float = 3.0) -> np.ndarray:
    return size * np.random.default_rng(m).normal(size=(n, m))


def by_torch(system: LearnedSystem, row: torch.Tensor) -> torch.Tensor:
    mean, scale_in, scale_out = (torch.tensor(v) for v in (system.mean, system.scale_in, system.scale_out))
    flat = torch.tensor(np.array(system.weights))
    x, last = (row - mean) / scale_in, len(system.layers) - 2
    for number, (before, after) in enumerate(itertools.pairwise(system.layers)):
        weight, bias, flat = (
            flat[: before * after],
            flat[before * after : (before + 1) * after],
            flat[(before + 1) * after :],
        )
        x = torch.nn.functional.linear(x, weight.reshape(after, before), bias)
        x = x if number == last else TORCH[system.activation](x)
    return scale_out * x


def relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("activation", Activation)
@pytest.mark.parametrize("layers", LAYERS)
def test_slopes_are_those_of_torch(layers: tuple[int, ...], activation: Activation) -> None:
    system, y = dense(layers, activation), states(layers[0])
    expected = by_torch(system, torch.tensor(y.T)).numpy().T
    assert relative(NativeNetwork(system).rhs(y), expected) < 1e-13


@pytest.mark.parametrize("activation", Activation)
@pytest.mark.parametrize("layers", LAYERS)
def test_derivatives_are_those_of_torch(layers: tuple[int, ...], activation: Activation) -> None:
    system, y = dense(layers, activation), states(layers[0])
    rows = torch.tensor(y.T, requires_grad=True)
    slopes = by_torch(system, rows)
    gradients = [torch.autograd.grad(slopes[:, i].sum(), rows, retain_graph=True)[0] for i in range(layers[0])]
    expected = torch.stack(gradients).numpy().transpose(0, 2, 1)
    assert relative(NativeNetwork(system).jacobian(y), expected) < 1e-12


@pytest.mark.parametrize("activation", Activation)
def test_derivatives_are_those_of_the_slopes(activation: Activation) -> None:
    network, y, h = NativeNetwork(dense((3, 20, 20, 3), activation)), states(3), 1e-6
    for j in range(3):
        step = h * np.eye(3)[:, [j]]
        expected = (network.rhs(y + step) - network.rhs(y - step)) / (2 * h)
        assert relative(network.jacobian(y)[:, j], expected) < 1e-8


def test_a_column_does_not_know_its_neighbours() -> None:
    network, y = NativeNetwork(dense((2, 33, 7, 2), Activation.SILU)), states(2, 100)
    slopes, derivatives = network.rhs(y), network.jacobian(y)
    for m in (1, 2, 3, 4, 7, 8, 9, 16, 31):
        columns = slice(40, 40 + m)
        np.testing.assert_array_equal(network.rhs(y[:, columns]), slopes[:, columns])
        np.testing.assert_array_equal(network.jacobian(y[:, columns]), derivatives[:, :, columns])


def test_no_column_and_every_memory_order() -> None:
    network, y = NativeNetwork(dense((3, 5, 3))), states(3)
    assert network.rhs(y[:, :0]).shape == (3, 0)
    assert network.jacobian(y[:, :0]).shape == (3, 3, 0)
    np.testing.assert_array_equal(network.rhs(np.asfortranarray(y)), network.rhs(y))
    np.testing.assert_array_equal(network.rhs(y[:, ::-2]), network.rhs(y)[:, ::-2])


def machines(without: Sequence[str]) -> list[Features]:
    """With registers as wide as the processor's and narrower, with one, two and four of them for a vector."""
    base = network_features(host_features(without))
    small = network_features(host_features({"avx512f", "avx2", *without}))
    return [small, base, *(() if without else (replace(base, width=n * base.width // 2) for n in (1, 4)))]


@pytest.mark.parametrize("without", [(), ("fma",)])
def test_the_width_changes_nothing(without: tuple[str, ...]) -> None:
    system, y = dense((2, 33, 7, 2), Activation.SOFTPLUS), states(2)
    usual = NativeNetwork(system)
    first, *others = [NativeNetwork(system, features) for features in machines(without)]
    assert relative(first.rhs(y), usual.rhs(y)) < 1e-13
    for other in others:
        np.testing.assert_array_equal(other.rhs(y), first.rhs(y))
        np.testing.assert_array_equal(other.jacobian(y), first.jacobian(y))


EXTREME = np.array([0.0, 5e-324, 1e-300, 1e-9, 0.3, 19.9, 20.1, 36.0, 41.0, 699.0, 711.0, 1e4, 1e18, 1e300])


@pytest.mark.parametrize("activation", Activation)
def test_large_and_tiny_arguments(activation: Activation) -> None:
    """A network of one hidden unit that only applies its activation."""
    system = LearnedSystem(
        states=("x",),
        layers=(1, 1, 1),
        activation=activation,
        weights=Array.of(np.array([1.0, 0.0, 1.0, 0.0])),
        mean=(0.0,),
        scale_in=(1.0,),
        scale_out=(1.0,),
        initial=(0.0,),
    )
    x = np.concatenate((-EXTREME[::-1], EXTREME))
    row = torch.tensor(x, requires_grad=True)
    expected = TORCH[activation](row)
    expected.sum().backward()
    network = NativeNetwork(system)
    np.testing.assert_allclose(network.rhs(x[None])[0], expected.detach().numpy(), rtol=2e-14, atol=1e-16)
    np.testing.assert_allclose(network.jacobian(x[None])[0, 0], row.grad.numpy(), rtol=2e-14, atol=4e-15)


@pytest.mark.parametrize("activation", Activation)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_state_that_is_not_finite_spoils_its_column_alone(bad: float, activation: Activation) -> None:
    network, y = NativeNetwork(dense((3, 7, 5, 3), activation)), states(3, 11)
    good = np.arange(11) != 4
    clean = network.rhs(y), network.jacobian(y)
    y[1, 4] = bad
    slopes, derivatives = network.rhs(y), network.jacobian(y)
    assert not np.isfinite(slopes[:, 4]).any()
    assert not np.isfinite(derivatives[:, :, 4]).any()
    np.testing.assert_array_equal(slopes[:, good], clean[0][:, good])
    np.testing.assert_array_equal(derivatives[:, :, good], clean[1][:, :, good])


def test_overflow_is_not_finite_and_no_crash() -> None:
    network = NativeNetwork(dense((2, 9, 2), Activation.SILU, spread=1e200))
    assert not np.isfinite(network.rhs(np.full((2, 5), 1e150))).all()


def test_networks_of_all_sizes_in_several_threads() -> None:
    networks = [NativeNetwork(dense(layers)) for layers in LAYERS]
    inputs = [states(layers[0], 500) for layers in LAYERS]
    expected = [network.rhs(y) for network, y in zip(networks, inputs, strict=True)]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            found = list(pool.map(lambda network, y: network.rhs(y), networks, inputs))
            for a, b in zip(found, expected, strict=True):
                np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("layers", [(2, 8, 3), (3, 8, 2), (2,), (2, 0, 2)])
def test_layers_that_do_not_fit_the_states_are_refused(layers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="layers"):
        NativeNetwork(replace_layers(layers))


def test_weights_that_do_not_fit_the_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="need 42 weights"):
        NativeNetwork(replace_layers((2, 8, 2)))


def test_states_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="3 states, not 2"):
        NativeNetwork(dense((3, 4, 3))).rhs(np.zeros((2, 9)))


def replace_layers(layers: tuple[int, ...]) -> LearnedSystem:
    """A network for two states that claims to have these layers."""
    other = dense((2, 3, 2))
    return LearnedSystem(
        other.states, layers, other.activation, other.weights, other.mean, other.scale_in, other.scale_out, (0.0, 0.0)
    )
