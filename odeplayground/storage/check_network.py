"""Does a stored network hold together: weights that fill its layers, scales for all inputs and outputs?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from odeplayground.spec import Array, LearnedSystem, LearnedTerm, number_of_weights


def check_network(network: LearnedSystem | LearnedTerm, inputs: int, outputs: int, path: str) -> Iterator[str]:
    """Problems of a network that is to have so many inputs and outputs."""
    layers = network.layers
    if len(layers) < 2 or layers[0] != inputs or layers[-1] != outputs or min(layers) < 1:
        yield f"{path}.layers: Expected sizes from {inputs} to {outputs}, got {list(layers)}."
    elif network.weights.shape != (number_of_weights(layers),):
        yield f"{path}.weights: The layers need {number_of_weights(layers)} weights, got shape {network.weights.shape}."
    yield from check_finite(network.weights, f"{path}.weights")
    yield from check_count(network.mean, inputs, "input", f"{path}.mean")
    yield from check_count(network.scale_in, inputs, "input", f"{path}.scale_in")
    if isinstance(network, LearnedSystem):
        yield from check_count(network.scale_out, outputs, "output", f"{path}.scale_out")
    elif network.by is not None and not 0 <= network.by < inputs:
        yield f"{path}.by: Expected the index of one of {inputs} inputs, got {network.by}."
    if any(scale <= 0 for scale in network.scale_in):
        yield f"{path}.scale_in: Expected positive numbers."


def check_count(numbers: Sequence[float], count: int, what: str, path: str) -> Iterator[str]:
    """A problem if there is not one number for each of so many."""
    if len(numbers) != count:
        yield f"{path}: Expected {count} numbers, one per {what}, got {len(numbers)}."


def check_finite(array: Array, path: str) -> Iterator[str]:
    """A problem if a number is infinite or NaN."""
    if not np.all(np.isfinite(np.asarray(array))):
        yield f"{path}: Not all numbers are finite."
