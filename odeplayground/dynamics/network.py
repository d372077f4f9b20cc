"""A trained dense network as a field, with its exact Jacobian. No torch here."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from odeplayground.dynamics.arrays import Floats, Integers
from odeplayground.spec import Activation, LearnedSystem, number_of_weights


def _logistic(x: Floats) -> Floats:
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def _tanh_slope(x: Floats) -> Floats:
    return 1.0 - np.tanh(x) ** 2


def _silu(x: Floats) -> Floats:
    return x * _logistic(x)


def _silu_slope(x: Floats) -> Floats:
    s = _logistic(x)
    return s * (1.0 + x * (1.0 - s))


def _softplus(x: Floats) -> Floats:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


ACTIVATIONS: dict[Activation, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    Activation.TANH: (np.tanh, _tanh_slope),
    Activation.SILU: (_silu, _silu_slope),
    Activation.SOFTPLUS: (_softplus, _logistic),
}
"""Each activation function with its derivative."""


class NetworkField:
    """dx/dt = scale_out * net((x - mean) / scale_in). It has no parameters, so that it is bound already.

    The normalisation is folded into the first and the last layer.
    """

    definitions: tuple[str, ...] = ()
    autonomous = True
    parameters = np.empty(0)

    def __init__(self, system: LearnedSystem) -> None:
        n = len(system.states)
        if system.layers[0] != n or system.layers[-1] != n or len(system.layers) < 2:
            raise ValueError(f"A network for {n} states cannot have the layers {system.layers}.")
        if system.weights.shape != (number_of_weights(system.layers),):
            raise ValueError(f"The layers {system.layers} need {number_of_weights(system.layers)} weights.")
        self._function, self._slope = ACTIVATIONS[system.activation]
        self._layers = _unpack(system)

    def bind(self, parameters: Floats) -> NetworkField:
        return self

    def take(self, lanes: Integers) -> NetworkField:
        return self

    def rhs(self, t: float | Floats, y: Floats) -> Floats:
        *hidden, (weight, bias) = self._layers
        x = y
        for inner, shift in hidden:
            x = self._function(inner @ x + shift)
        result: Floats = weight @ x + bias
        return result

    def jacobian(self, t: float | Floats, y: Floats) -> Floats:
        *hidden, (weight, _) = self._layers
        n, m = y.shape
        x = y
        product = np.broadcast_to(np.eye(n)[:, :, None], (n, n, m))
        for inner, shift in hidden:
            before = inner @ x + shift
            x = self._function(before)
            product = self._slope(before)[:, None, :] * np.tensordot(inner, product, 1)
        result: Floats = np.tensordot(weight, product, 1)
        return result

    def definition(self, name: str, t: float | Floats, y: Floats) -> Floats:
        raise KeyError(name)


def _unpack(system: LearnedSystem) -> list[tuple[Floats, Floats]]:
    """Weight matrices (out, in) and biases (out, 1), with the normalisation folded in."""
    flat = np.asarray(system.weights)
    layers, start = [], 0
    for before, after in itertools.pairwise(system.layers):
        weight = flat[start : start + before * after].reshape(after, before)
        start += before * after
        layers.append((weight, flat[start : start + after].reshape(after, 1)))
        start += after
    mean, scale_in, scale_out = (np.array(v) for v in (system.mean, system.scale_in, system.scale_out))
    weight, bias = layers[0]
    weight = weight / scale_in
    layers[0] = (weight, bias - weight @ mean[:, None])
    weight, bias = layers[-1]
    layers[-1] = (scale_out[:, None] * weight, scale_out[:, None] * bias)
    return layers
