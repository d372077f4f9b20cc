"""The learned terms ``[?]`` of equations: where they are seen, what they are, and expressions in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from odeplayground import expr
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.dense import DenseNetwork
from odeplayground.dynamics.tape import Program
from odeplayground.expr import Op, Tape
from odeplayground.spec import LearnedTerm, System

_OPEN = "[?]("


def arguments_at(system: System, states: Floats, times: Floats | float, parameters: Floats) -> dict[int, Floats]:
    """The arguments (k, m) of each learned term that matters, by its number in ``System.terms``.

    Args:
        system: equations with learned terms.
        states: (n_states, m).
        times: one number, or (m,).
        parameters: (n,).
    """
    model = expr.model(system)
    tape = model.tape(model.rhs)
    trained = [number for number, term in enumerate(system.terms) if term is not None]
    networks = [DenseNetwork(term) for term in system.terms if term is not None]
    calls = {trained[node.index]: node.args[1:] for node in tape.nodes if node.op is Op.LEARNED}
    found = {}
    for number, arguments in calls.items():
        program = Program(Tape(tape.nodes, arguments), networks)
        with np.errstate(all="ignore"):
            found[number] = program.run(program.prepare(parameters), times, states)
    return found


def term_values(term: LearnedTerm, arguments: Floats) -> Floats:
    """What was learned (m,) for arguments (k, m)."""
    return DenseNetwork(term).value(term.part, *arguments)


def replaced(system: System, expressions: Sequence[str]) -> System:
    """The equations with an expression in place of each ``[?]``, in the order of ``System.terms``."""
    waiting = iter(expressions)
    variables = tuple(
        msgspec.structs.replace(variable, rhs=_replaced(variable.rhs, waiting)) for variable in system.variables
    )
    definitions = tuple(
        msgspec.structs.replace(definition, text=_replaced(definition.text, waiting))
        for definition in system.definitions
    )
    return msgspec.structs.replace(system, variables=variables, definitions=definitions, terms=())


def _replaced(text: str, expressions: Iterator[str]) -> str:
    """A canonical text without ``[?]``: where one closes, the next expression takes its place."""
    pieces, opened, place = [""], [], 0
    while place < len(text):
        if text.startswith(_OPEN, place):
            opened.append(True)
            pieces.append("")
            place += len(_OPEN)
            continue
        mark = text[place]
        if mark == "(":
            opened.append(False)
        if mark == ")" and opened.pop():
            pieces.pop()
            pieces[-1] += f"({next(expressions)})"
        else:
            pieces[-1] += mark
        place += 1
    return pieces[0]
