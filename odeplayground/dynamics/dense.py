"""Dense networks with numpy: for the interpreter, and to hold native code against."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.kernels.network.table import folded
from odeplayground.spec import Activation, LearnedSystem, LearnedTerm


class DenseNetwork:
    """The function scale_out * net((u - mean) / scale_in) and its derivatives up to the second order.

    Raises:
        ValueError: the scales do not fit the layers.
    """

    def __init__(self, network: LearnedSystem | LearnedTerm) -> None:
        self._bend = BENDS[network.activation]
        self._layers: list[tuple[Floats, Floats]] = []
        flat = folded(network)
        for before, after in itertools.pairwise(network.layers):
            matrix, bias, flat = np.split(flat, [before * after, (before + 1) * after])
            self._layers.append((matrix.reshape(after, before), bias[:, None]))

    def value(self, part: Sequence[int], *inputs: Floats) -> Floats:
        """An output, or its derivative by one or two inputs, which broadcast with each other; see ``Node.part``."""
        output, *by = part
        columns = np.stack(np.broadcast_arrays(*inputs))
        u = columns.reshape(len(inputs), -1)
        tangents = [self._unit(i, u) for i in by]
        second = np.zeros_like(u)
        for matrix, bias in self._layers[:-1]:
            x, tangents, second = matrix @ u + bias, [matrix @ tangent for tangent in tangents], matrix @ second
            u, slope, curve = self._bend(x)
            second = slope * second
            if len(by) == 2:
                second += curve * tangents[0] * tangents[1]
            tangents = [slope * tangent for tangent in tangents]
        matrix, bias = self._layers[-1]
        row = matrix[output]
        result: Floats = row @ u + bias[output] if not by else row @ (tangents[0] if len(by) == 1 else second)
        return result.reshape(columns.shape[1:])

    def _unit(self, i: int, like: Floats) -> Floats:
        result = np.zeros_like(like)
        result[i] = 1.0
        return result


def _logistic(x: Floats) -> Floats:
    result: Floats = 0.5 * (1 + np.tanh(0.5 * x))
    return result


def _tanh(x: Floats) -> tuple[Floats, Floats, Floats]:
    y = np.tanh(x)
    slope = 1 - y * y
    return y, slope, -2 * y * slope


def _silu(x: Floats) -> tuple[Floats, Floats, Floats]:
    s = _logistic(x)
    return x * s, s * (1 + x * (1 - s)), s * (1 - s) * (2 + x * (1 - 2 * s))


def _softplus(x: Floats) -> tuple[Floats, Floats, Floats]:
    s = _logistic(x)
    return np.logaddexp(0.0, x), s, s * (1 - s)


BENDS: dict[Activation, Callable[[Floats], tuple[Floats, Floats, Floats]]] = {
    Activation.TANH: _tanh,
    Activation.SILU: _silu,
    Activation.SOFTPLUS: _softplus,
}
"""Each activation with its first two derivatives."""
