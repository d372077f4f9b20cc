"""Candidate terms: monomials of the variables, and expressions that a person adds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from odeplayground import expr
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.tape import Program
from odeplayground.expr import Op
from odeplayground.spec import System
from odeplayground.spec.candidates import HIGHEST_DEGREE

MOST_TERMS = 250
_NAME = "candidate"


class Factor(msgspec.Struct, frozen=True):
    """What monomials are made of: its text, and the highest power that is not told by others."""

    text: str
    highest: int


def factors(names: Sequence[str], angles: Sequence[str], degree: int) -> list[Factor]:
    """Each variable itself; of an angle the sine and the cosine, where sin^2 = 1 - cos^2 is nothing new."""
    found = []
    for name in names:
        if name in angles:
            found += [Factor(f"sin({name})", 1), Factor(f"cos({name})", degree)]
        else:
            found.append(Factor(name if name.isidentifier() else f"({name})", degree))
    return found


def monomials(names: Sequence[str], angles: Sequence[str], degree: int) -> list[str]:
    """All products of powers up to a degree, the lowest first; the first one is the constant ``1``.

    Raises:
        ValueError: the degree is none, or there would be too many.
    """
    if not 0 <= degree <= HIGHEST_DEGREE:
        raise ValueError(f"The degree of the polynomials has to be between 0 and {HIGHEST_DEGREE}.")
    parts = factors(names, angles, degree)
    texts = list(itertools.islice(_products(parts, degree), MOST_TERMS + 1))
    if len(texts) > MOST_TERMS:
        raise ValueError(f"There would be more than {MOST_TERMS} candidate terms: choose a lower degree.")
    return texts


def _products(parts: Sequence[Factor], degree: int) -> Iterator[str]:
    yield "1"
    for total in range(1, degree + 1):
        for chosen in itertools.combinations_with_replacement(range(len(parts)), total):
            powers = {i: chosen.count(i) for i in dict.fromkeys(chosen)}
            if all(power <= parts[i].highest for i, power in powers.items()):
                yield "*".join(_power(parts[i].text, power) for i, power in powers.items())


def _power(text: str, power: int) -> str:
    return text if power == 1 else f"{text}^{power}"


def extended(system: System, texts: Sequence[str]) -> tuple[System, tuple[str, ...]]:
    """The system with an expression per text as one more definition, and the names of these.

    Raises:
        ValueError: a text is no expression of the system's states and parameters; the sentence says what is wrong.
    """
    taken = {*system.states, *system.parameters, *(definition.name for definition in system.definitions)}
    stem = _NAME
    while any(name.startswith(stem) for name in taken):
        stem += "_"
    names = tuple(f"{stem}{number}" for number in range(len(texts)))
    # Numbers would be read as parameters.
    lines = [f"{name} = ({text}) + 0*{system.states[0]}" for name, text in zip(names, texts, strict=True)]
    result = expr.parse("\n".join([expr.format_system(system), *lines]))
    if result.system is None:
        first = result.problems[0]
        raise ValueError(f"A candidate term cannot be read. {first.message} {first.suggestion}".strip())
    return msgspec.structs.replace(result.system, terms=system.terms), names


def values(system: System, texts: Sequence[str], states: Floats, times: Floats, parameters: Floats) -> Floats:
    """Expressions (m, k) at states (m, n_states) and times (m,), with parameters (n,); not finite where undefined.

    Raises:
        ValueError: as :func:`extended`.
    """
    whole, names = extended(system, texts)
    model = expr.model(whole)
    tape = model.tape([model.definitions[name] for name in names])
    if any(node.op is Op.LEARNED for node in tape.nodes):
        raise ValueError("A candidate term may not depend on what was learned.")
    program = Program(tape)
    with np.errstate(all="ignore"):
        return program.run(program.prepare(parameters), times, np.ascontiguousarray(states.T)).T


def checked(extra: Sequence[str]) -> list[str]:
    """Terms that a person adds, each in brackets.

    Raises:
        ValueError: one is empty, or more than an expression.
    """
    for text in extra:
        if not text.strip() or any(mark in text for mark in "\n;=#") or "[?]" in text:
            raise ValueError(f'A candidate term is one expression, such as sin(x) or x/(1 + x), not "{text.strip()}".')
    return [f"({text.strip()})" for text in extra]
