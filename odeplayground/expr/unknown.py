"""The terms of a system that are to be learned."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from odeplayground.expr.build import read_system
from odeplayground.expr.graph import Op
from odeplayground.expr.printer import format_term
from odeplayground.expr.syntax import Expression
from odeplayground.spec import System


def unknown_terms(system: System) -> list[tuple[str, ...]]:
    """The canonical texts of the arguments of every ``[?]``, in the order of ``System.terms``.

    Raises:
        ModelError: if the texts of the system cannot be read.
    """
    reading = read_system(msgspec.structs.replace(system, terms=()))
    equations = [reading.equations[state] for state in system.states]
    definitions = [reading.definitions[definition.name] for definition in system.definitions]
    return [texts for expression in (*equations, *definitions) for texts in _arguments(expression)]


def untrained(system: System) -> int:
    """How many ``[?]`` count as zero, since nothing was learned for them yet.

    Raises:
        ModelError: if the texts of the system cannot be read.
    """
    return len(unknown_terms(system)) - sum(term is not None for term in system.terms)


def _arguments(expression: Expression) -> Iterator[tuple[str, ...]]:
    for term in expression.terms:
        if term.op is Op.LEARNED:
            yield tuple(format_term(expression, argument) for argument in term.args)
