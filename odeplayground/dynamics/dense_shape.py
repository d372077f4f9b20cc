"""The shape of a dense network, for native gradients: where its weights and their derivatives are in memory."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from odeplayground.dynamics.kernels.dense.program import Program, dense_features, dense_program
from odeplayground.spec import Activation, number_of_weights

Reals = NDArray[Any]
"""Numbers of the precision in use, float32 or float64."""


class DenseShape:
    """Sizes, activation and precision of networks that map states to slopes; nothing is compiled for them.

    Args:
        sizes: units from input to output; as many inputs as outputs.
        activation: between the layers.
        dtype: float32 or float64.

    Raises:
        ValueError: the sizes or the precision cannot be.
    """

    def __init__(self, sizes: Sequence[int], activation: Activation, dtype: Any) -> None:
        if len(sizes) < 2 or min(sizes) < 1 or sizes[0] != sizes[-1]:
            raise ValueError(f"A field cannot have the layers {tuple(sizes)}.")
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"Networks are solved in float32 or float64, not in {self.dtype}.")
        self.sizes, self.activation = tuple(sizes), activation
        self.states, self.hidden, self.count = sizes[0], sum(sizes[1:-1]), number_of_weights(sizes)
        self.layer_sizes = np.array(sizes, dtype=np.int64)
        self.zeros = np.zeros(max(sizes), dtype=self.dtype)
        width = self.program.features.width
        self.widest = _padded(max(sizes), width)
        self._shapes = [(m, _padded(n, width)) for n, m in itertools.pairwise(sizes)]
        first_in, first_out = sizes[:2]
        if first_out > first_in:  # transposed: fewer columns would be filled up with zeros
            self._shapes[0] = (first_in, _padded(first_out, width))
        self.places = self._places(width)

    @cached_property
    def program(self) -> Program:
        """Compiled at its first use in the process."""
        return dense_program(dense_features(8 * self.dtype.itemsize))

    def _places(self, width: int) -> NDArray[np.int64]:
        """Per layer where its weights, their sums, those of its bias, and its hidden units begin."""
        rows, weights, sums, biases, hidden = [], 0, 0, 0, 0
        for (n, m), (down, across) in zip(itertools.pairwise(self.sizes), self._shapes, strict=True):
            rows.append((weights, sums, biases, hidden))
            weights, sums, biases, hidden = weights + (n + 1) * m, sums + down * across, biases + m * width, hidden + m
        self.sums, self.bias_sums = sums, biases
        return np.array(rows, dtype=np.int64)

    def flat_gradient(self, sums: Reals, bias_sums: Reals, gradient: Reals) -> None:
        """Derivatives by the weights, in the order of the weights, from how the kernels add them up."""
        width = self.program.features.width
        biases = bias_sums.reshape(-1, width).sum(axis=1)
        for number, (n, m) in enumerate(itertools.pairwise(self.sizes)):
            start, at, bias_at, _ = self.places[number]
            down, across = self._shapes[number]
            block = sums[at : at + down * across].reshape(down, across)
            flipped = number == 0 and m > n
            gradient[start : start + n * m].reshape(m, n)[...] = block[:, :m].T if flipped else block[:, :n]
            gradient[start + n * m : start + (n + 1) * m] = biases[bias_at // width : bias_at // width + m]


def _padded(count: int, width: int) -> int:
    return -(-count // width) * width
