"""A system as data: typed equations, or a trained network. Nothing here computes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import msgspec

from odeplayground.spec.arrays import Array
from odeplayground.spec.choices import Activation, Structure

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


class LearnedTerm(msgspec.Struct, frozen=True):
    """A trained dense network as a term ``[?](u, ...)`` of equations: scale_out * net((u - mean) / scale_in).

    With ``by``, the term is the derivative of that by one of its arguments, the slope of a learned energy.

    ``layers`` begin with the number of arguments and end with 1. The other fields are those of :class:`LearnedSystem`,
    with one ``mean`` and one ``scale_in`` per argument.
    """

    layers: tuple[int, ...]
    activation: Activation
    weights: Array
    mean: tuple[float, ...]
    scale_in: tuple[float, ...]
    scale_out: float
    by: int | None = None
    """Index of the argument by which it is differentiated; ``None``: it is not."""

    @property
    def part(self) -> tuple[int, ...]:
        """What of the network it is: an output, then by which of the inputs it is differentiated."""
        return (0,) if self.by is None else (0, self.by)


class System(msgspec.Struct, frozen=True, tag="equations"):
    """A system of first-order ordinary differential equations, dx/dt = f(x, t; parameters)."""

    variables: tuple[Variable, ...]
    definitions: tuple[Definition, ...] = ()
    constants: tuple[Parameter, ...] = ()
    t_span: tuple[float, float] = DEFAULT_SPAN
    terms: tuple[LearnedTerm | None, ...] = ()
    """What was learned for the terms ``[?]``: first those of the variables, then those of the definitions, from left
    to right, an inner one before the one around it. ``None``, or none at the end: not trained, which counts as zero."""

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
    """A trained dense network as a system, g = scale_out * net((u - mean) / scale_in).

    The inputs ``u`` are the states in order, in place of each angle its sine and then its cosine, and last the time
    where there is a ``time_input``. What the outputs ``g`` mean is told by the structure:

    - plain: dx/dt = g, one output per state.
    - second order: for each pair (q, v) it is known that dq/dt = v. The outputs are the time derivatives of all other
      states, in the order of the states.
    - Hamiltonian: the pairs (q, p) hold every state once. There is one output, the energy H:
      dq/dt = dH/dp and dp/dt = -dH/dq - friction * dH/dp.

    ``weights`` holds, layer by layer, the matrix (out, in) in row-major order and then the bias (out),
    which is torch's own layout. ``mean`` and ``scale_in`` have a number per input, ``scale_out`` one per output.
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
    structure: Structure = Structure.PLAIN
    pairs: tuple[tuple[str, str], ...] = ()
    """Names of states: a coordinate, and its velocity or momentum. Empty for a plain system."""
    angles: tuple[str, ...] = ()
    """Names of the states that are angles in radians: the field repeats after a full turn."""
    time_input: bool = False
    friction: tuple[float, ...] = ()
    """One number per pair of a Hamiltonian system; empty for no friction."""

    @property
    def inputs(self) -> int:
        """How many inputs the network has."""
        return len(self.states) + len(self.angles) + self.time_input

    @property
    def outputs(self) -> int:
        """How many outputs the network has."""
        known = {Structure.PLAIN: 0, Structure.SECOND_ORDER: len(self.pairs)}
        return len(self.states) - known[self.structure] if self.structure in known else 1

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
