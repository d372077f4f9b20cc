"""Is a system that comes from a file one that could have been typed?"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from odeplayground import expr
from odeplayground.spec import Parameter, System
from odeplayground.storage.check_network import check_network


def checked_system(system: System, path: str) -> tuple[System, list[str]]:
    """The system as its own canonical text reads, and what is wrong with it (nothing: it is good).

    Only the reading is used further on, so that no expression that the parser would refuse gets in, and files stay
    readable when the canonical spelling changes.
    """
    problems = list(_check_numbers(system, path))
    if problems:
        return system, problems
    result = expr.parse(expr.format_system(system))
    if result.system is None:
        return system, [f"{path}: The equations cannot be read: {problem.message}" for problem in result.problems]
    read = msgspec.structs.replace(result.system, terms=system.terms)
    if _without_texts(read) != _without_texts(system):
        return system, [f"{path}: The names and numbers do not fit the equations."]
    return read, list(_check_terms(read, path))


def _check_terms(system: System, path: str) -> Iterator[str]:
    counts = expr.unknown_terms(system)
    if len(system.terms) > len(counts):
        yield f"{path}.terms: Expected {len(counts)} at most, one per term of the equations, got {len(system.terms)}."
    for i, (term, count) in enumerate(zip(system.terms, counts, strict=False)):
        if term is not None:
            yield from check_network(term, len(count), 1, f"{path}.terms[{i}]")


def _check_numbers(system: System, path: str) -> Iterator[str]:
    if not system.variables:
        yield f"{path}.variables: A system needs at least one state."
    if not system.t_span[0] < system.t_span[1]:
        yield f"{path}.t_span: The numbers must increase, got {system.t_span[0]!r}, {system.t_span[1]!r}."
    for i, parameter in enumerate(system.constants):
        yield from _check_range(parameter, f"{path}.constants[{i}]")


def _check_range(parameter: Parameter, path: str) -> Iterator[str]:
    low, high = parameter.low, parameter.high
    if (low is None) != (high is None):
        yield f"{path}: A range needs both ends, low and high."
    elif low is not None and high is not None and not low < high:
        yield f"{path}.low: The range must increase, got {low!r} to {high!r}."


def _without_texts(system: System) -> System:
    return msgspec.structs.replace(
        system,
        variables=tuple(msgspec.structs.replace(variable, rhs="") for variable in system.variables),
        definitions=tuple(msgspec.structs.replace(definition, text="") for definition in system.definitions),
    )
