"""Which learned term belongs to which ``[?]`` of a system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from odeplayground.expr.errors import ModelError
from odeplayground.expr.graph import LEARNED_NAME, Op
from odeplayground.expr.reading import Reading
from odeplayground.expr.syntax import Expression
from odeplayground.spec import Activation, Array, LearnedTerm, Problem, System


class Trained(NamedTuple):
    """What a ``[?]`` is: its network, counted among those that are trained, and what of it."""

    network: int
    part: tuple[int, ...]
    """As ``LearnedTerm.part``."""


Networks = Sequence[Trained | None]
"""For each ``[?]`` of an expression what it is; ``None``: nothing was learned for it."""


class Learned:
    """The learned terms of a system, by expression.

    Raises:
        ModelError: there are more of them than ``[?]``, or one has another number of arguments.
    """

    def __init__(self, reading: Reading, system: System) -> None:
        self._system = system
        self._seen = self.trained = 0
        in_order = {definition.name: reading.definitions[definition.name] for definition in system.definitions}
        self.of_equations = self._assign({state: reading.equations[state] for state in system.states})
        self.of_definitions = self._assign(in_order)
        if len(system.terms) > self._seen:
            raise _problem(f"There are {len(system.terms)} learned terms for {self._seen} times {LEARNED_NAME}.")

    def _assign(self, expressions: Mapping[str, Expression]) -> dict[str, Networks]:
        return {name: [self._next(count) for count in arguments(it)] for name, it in expressions.items()}

    def _next(self, count: int) -> Trained | None:
        terms, self._seen = self._system.terms, self._seen + 1
        term = terms[self._seen - 1] if self._seen <= len(terms) else None
        if term is None:
            return None
        if term.layers != (count, 1):
            sizes = f"{term.layers[0]} to {term.layers[-1]}"
            raise _problem(f"A term {LEARNED_NAME} with {count} arguments does not fit a network from {sizes}.")
        if term.by is not None and not 0 <= term.by < count:
            raise _problem(f"A term {LEARNED_NAME} with {count} arguments has no slope by argument {term.by + 1}.")
        self.trained += 1
        return Trained(self.trained - 1, term.part)


def arguments(expression: Expression) -> list[int]:
    """How many arguments each ``[?]`` of an expression has."""
    return [len(term.args) for term in expression.terms if term.op is Op.LEARNED]


def without_weights(term: LearnedTerm) -> LearnedTerm:
    """What the graph depends on: how many arguments a term has, and whether it is a derivative.

    Raises:
        ModelError: it has no layers.
    """
    if len(term.layers) < 2:
        raise _problem(f"A network cannot have the layers {term.layers}.")
    layers = (term.layers[0], term.layers[-1])
    return LearnedTerm(layers, Activation.TANH, Array((0,), b""), (), (), 0.0, term.by)


def _problem(message: str) -> ModelError:
    return ModelError([Problem(1, 1, 1, message)])
