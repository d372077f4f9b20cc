"""A system as data: typed equations, or a trained network. Nothing here computes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import msgspec

from odeplayground.spec.arrays import Array
from odeplayground.spec.choices import Activation

DEFAULT_SPAN = (0.0, 20.0)


class Parameter(msgspec.Struct, frozen=True):
    """A named number with the range of its slider (``None``: chosen from the value)."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


class Definition(msgspec.Struct, frozen=True):
    """A named sub-expression, in canonical text."""

    name: str
    text: str


class Variable(msgspec.Struct, frozen=True):
    """A state: its name, the canonical text of its time derivative, and where it starts."""

    name: str
    rhs: str
    initial: float = 0.0


class System(msgspec.Struct, frozen=True, tag="equations"):
    """A system of first-order ordinary differential equations, dx/dt = f(x, t; parameters)."""

    variables: tuple[Variable, ...]
    definitions: tuple[Definition, ...] = ()
    constants: tuple[Parameter, ...] = ()
    t_span: tuple[float, float] = DEFAULT_SPAN

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states, in order."""
        return tuple(variable.name for variable in self.variables)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(parameter.name for parameter in self.constants)

    @property
    def values(self) -> tuple[float, ...]:
        """The parameters' own values, in order."""
        return tuple(parameter.value for parameter in self.constants)

    @property
    def initial(self) -> tuple[float, ...]:
        """The system's own initial state."""
        return tuple(variable.initial for variable in self.variables)


class LearnedSystem(msgspec.Struct, frozen=True, tag="learned"):
    """A trained dense network as a system: dx/dt = scale_out * net((x - mean) / scale_in).

    ``weights`` holds, layer by layer, the matrix (out, in) in row-major order and then the bias (out),
    which is torch's own layout.
    """

    states: tuple[str, ...]
    layers: tuple[int, ...]
    """Sizes from input to output, for example (2, 32, 32, 2)."""
    activation: Activation
    weights: Array
    mean: tuple[float, ...]
    scale_in: tuple[float, ...]
    scale_out: tuple[float, ...]
    initial: tuple[float, ...]
    t_span: tuple[float, float] = DEFAULT_SPAN

    @property
    def parameters(self) -> tuple[str, ...]:
        """A learned system has no named parameters."""
        return ()

    @property
    def values(self) -> tuple[float, ...]:
        """A learned system has no named parameters."""
        return ()


AnySystem = System | LearnedSystem


def number_of_weights(layers: Sequence[int]) -> int:
    """How many weights and biases a dense network with these layer sizes has."""
    return sum((before + 1) * after for before, after in itertools.pairwise(layers))
