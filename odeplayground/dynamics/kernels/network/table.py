"""What the generated code is told of a network: a block of 8-byte slots, the layer sizes and the weights."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from llvmlite import ir

from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.vector import I64, POINTER, VOID, Lanes
from odeplayground.spec import Activation, LearnedSystem, LearnedTerm, number_of_weights

NUMBER = {activation: number for number, activation in enumerate(Activation)}
"""Of each activation, for the generated code."""


class Slot(IntEnum):
    """Integers and addresses."""

    LAYERS = 0
    """How many matrices there are."""
    ACTIVATION = 1
    WIDEST = 2
    """The greatest size of an input or hidden layer."""
    SIZES = 3
    """Address of the sizes, 64-bit integers."""
    WEIGHTS = 4
    ZEROS = 5
    """Address of as many zeros as the largest layer has rows: the bias of a derivative."""
    RHS = 6
    """Addresses of the functions of the module ``forward``, for code that was compiled without them."""
    LINEAR = 7
    SECOND = 8
    """The same of the module ``second``."""


class Table:
    """The numbers of one network, with the normalisation folded into the first and the last layer.

    Hold it as long as generated code may read it. Each thread that runs the code needs working memory of its own.

    Raises:
        ValueError: the layers do not fit the weights, or the scales do not fit the layers.
    """

    def __init__(self, network: LearnedSystem | LearnedTerm, rhs: int, linear: int, second: int) -> None:
        layers = network.layers
        if len(layers) < 2 or min(layers) < 1:
            raise ValueError(f"A network cannot have the layers {layers}.")
        if network.weights.shape != (number_of_weights(layers),):
            raise ValueError(f"The layers {layers} need {number_of_weights(layers)} weights.")
        self.inputs, self.outputs = layers[0], layers[-1]
        self.widest = max(layers[:-1])
        self._sizes = np.array(layers, dtype=np.int64)
        self._weights = folded(network)
        self._zeros = np.zeros(max(layers))
        self._slots = np.zeros(len(Slot), dtype=np.int64)
        self._slots[Slot.LAYERS] = len(layers) - 1
        self._slots[Slot.ACTIVATION] = NUMBER[network.activation]
        self._slots[Slot.WIDEST] = self.widest
        self._slots[Slot.SIZES] = address_of(self._sizes)
        self._slots[Slot.WEIGHTS] = address_of(self._weights)
        self._slots[Slot.ZEROS] = address_of(self._zeros)
        self._slots[Slot.RHS], self._slots[Slot.LINEAR], self._slots[Slot.SECOND] = rhs, linear, second
        self.address = address_of(self._slots)
        """Where the slots are."""
        self.parameters: Floats = np.array([self.address], dtype=np.int64).view(np.float64)
        """The address as the bits of a double, (1,): how it travels through a driver that knows only parameters."""


def folded(network: LearnedSystem | LearnedTerm) -> Floats:
    """The weights of a network without normalisation that is the same function, in the same layout.

    Raises:
        ValueError: the scales do not fit the layers.
    """
    layers = network.layers
    flat = np.array(network.weights)
    mean, scale_in, scale_out = (np.array(v, ndmin=1) for v in (network.mean, network.scale_in, network.scale_out))
    if not (mean.shape == scale_in.shape == layers[:1] and scale_out.shape == layers[-1:]):
        raise ValueError(f"The layers {layers} need a mean and a scale for each input, and a scale for each output.")
    start = 0
    for number, (before, after) in enumerate(itertools.pairwise(layers)):
        middle = start + before * after
        weight, bias = flat[start:middle].reshape(after, before), flat[middle : middle + after]
        if number == 0:
            weight /= scale_in
            bias -= weight @ mean
        if number == len(layers) - 2:
            weight *= scale_out[:, None]
            bias *= scale_out
        start = middle + after
    return flat


class Entries:
    """Writes accesses to the slots."""

    def __init__(self, lanes: Lanes, pointer: ir.Value) -> None:
        self._lanes, self._pointer = lanes, pointer

    def integer(self, slot: Slot) -> ir.Value:
        """A slot that holds an integer."""
        return self._load(self._pointer, int(slot), I64)

    def pointer(self, slot: Slot) -> ir.Value:
        """A slot that holds an address."""
        return self._load(self._pointer, int(slot), POINTER)

    def size(self, layer: ir.Value) -> ir.Value:
        """The size of a layer, 0 being the input."""
        return self._load(self.pointer(Slot.SIZES), layer, I64)

    def function(self, slot: Slot, kinds: Sequence[ir.Type]) -> ir.Value:
        """A slot that holds the address of a function without a value."""
        return self._load(self._pointer, int(slot), ir.FunctionType(VOID, kinds).as_pointer())

    def _load(self, pointer: ir.Value, index: ir.Value | int, kind: ir.Type) -> ir.Value:
        return self._lanes.builder.load(self._lanes.address(pointer, index), align=8, typ=kind)
