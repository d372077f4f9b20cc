"""What is to be expressed: each right-hand side, or each learned term of equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from odeplayground import expr
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.distil.terms import arguments_at, replaced, term_values
from odeplayground.dynamics.evaluate import evaluate
from odeplayground.spec import AnySystem, Parameter, System, Variable


@dataclass(frozen=True, eq=False)
class Target:
    """A function of variables, as it is at the places: values (m,)."""

    name: str
    variables: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, eq=False)
class Task:
    """What to express, and the system that the names in candidate terms belong to."""

    context: System
    targets: tuple[Target, ...]
    of_terms: bool
    """Whether learned terms are to be expressed, and all else stays."""

    def system(self, expressions: Sequence[str], constants: Sequence[Parameter] = ()) -> System:
        """The equations with these expressions for the targets, and further parameters. In canonical form.

        Raises:
            ModelError: the texts cannot be read.
        """
        if self.of_terms:
            whole = replaced(self.context, expressions)
        else:
            pairs = zip(self.context.variables, expressions, strict=True)
            sides = tuple(msgspec.structs.replace(variable, rhs=text) for variable, text in pairs)
            whole = msgspec.structs.replace(self.context, variables=sides)
        result = expr.parse(
            expr.format_system(msgspec.structs.replace(whole, constants=(*whole.constants, *constants)))
        )
        if result.system is None:
            raise expr.ModelError(result.problems)
        return result.system


def task(field: AnySystem, states: Floats, times: Floats, parameters: Floats) -> Task:
    """The learned terms of equations, or else every right-hand side.

    Args:
        field: what was learned.
        states: places, (m, n_states).
        times: (m,).
        parameters: (n,), of the equations.

    Raises:
        ValueError: a term [?] has none of its own network, does not matter, or is inside of another.
    """
    if isinstance(field, System) and expr.unknown_terms(field):
        return _of_terms(field, states, times, parameters)
    values = evaluate(field, states, times, dict(zip(field.parameters, parameters, strict=True)))
    pairs = zip(field.states, field.initial, strict=True)
    context = System(tuple(Variable(name, "0", initial) for name, initial in pairs), t_span=field.t_span)
    targets = (Target(f"{name}'", field.states, column) for name, column in zip(field.states, values.T, strict=True))
    return Task(context, tuple(targets), of_terms=False)


def _of_terms(field: System, states: Floats, times: Floats, parameters: Floats) -> Task:
    texts = expr.unknown_terms(field)
    trained = [term for term in field.terms if term is not None]
    if len(trained) < len(texts):
        raise ValueError("A term [?] is not learned yet.")
    if any("[?]" in text for arguments in texts for text in arguments):
        raise ValueError("A term [?] inside of another one cannot be told apart from it.")
    found = arguments_at(field, np.ascontiguousarray(states.T), times, parameters)
    if len(found) < len(texts):
        raise ValueError("A term [?] is not used by any equation.")
    targets = (
        Target(f"[?]({', '.join(arguments)})", arguments, term_values(term, found[number]))
        for number, (arguments, term) in enumerate(zip(texts, trained, strict=True))
    )
    pairs = zip(field.constants, parameters.tolist(), strict=True)
    constants = tuple(msgspec.structs.replace(one, value=value) for one, value in pairs)
    return Task(msgspec.structs.replace(field, constants=constants), tuple(targets), of_terms=True)
