"""What becomes of learned terms when the text around them is edited."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec
import numpy as np

from odeplayground import expr
from odeplayground.session.training_choices import wholly_unknown
from odeplayground.spec import (
    AnySystem,
    Array,
    Experiment,
    LearnedSystem,
    LearnedTerm,
    Structure,
    System,
    number_of_weights,
)


def with_terms(system: System, old: System) -> System:
    """A system just read, with what was learned for the terms ``[?]`` of the system before.

    A network stays with its term as long as that has the same arguments. While there are as many terms as before, the
    arguments may change, too, but not how many they are.
    """
    if not old.terms:
        return system
    before, after = expr.unknown_terms(old), expr.unknown_terms(system)
    terms: list[LearnedTerm | None] = [None] * len(after)
    for i, j in _partners(before, after):
        if i < len(old.terms) and len(before[i]) == len(after[j]):
            terms[j] = old.terms[i]
    while terms and terms[-1] is None:
        terms.pop()
    return msgspec.structs.replace(system, terms=tuple(terms))


def learned(experiment: Experiment, field: AnySystem) -> Experiment:
    """The experiment with what a training learned for the terms ``[?]`` of its equations."""
    if isinstance(field, LearnedSystem) and field.structure is Structure.PLAIN and wholly_unknown(experiment.system):
        system = msgspec.structs.replace(experiment.system, terms=output_terms(field))
        return msgspec.structs.replace(experiment, system=system)
    if not isinstance(field, System) or not field.terms:
        return experiment
    system = with_terms(msgspec.structs.replace(experiment.system, terms=()), field)
    return msgspec.structs.replace(experiment, system=system)


def output_terms(field: LearnedSystem) -> tuple[LearnedTerm, ...]:
    """Each output of a network as a term of its own: all hidden layers, and a row of the last one."""
    weights, (before, after) = np.array(field.weights), field.layers[-2:]
    head = number_of_weights(field.layers[:-1])
    matrix, bias = weights[head : head + before * after].reshape(after, before), weights[head + before * after :]
    layers = (*field.layers[:-1], 1)
    return tuple(
        LearnedTerm(layers, field.activation, Array.of(cut), field.mean, field.scale_in, field.scale_out[row])
        for row in range(field.outputs)
        for cut in [np.concatenate([weights[:head], matrix[row], bias[row : row + 1]])]
    )


def _partners(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Which term was which."""
    if len(set(before)) == len(before) and set(before) == set(after) and len(before) == len(after):
        return [(before.index(arguments), j) for j, arguments in enumerate(after)]
    if len(before) == len(after):
        return [(i, i) for i in range(len(after))]
    matches = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return [(match.a + k, match.b + k) for match in matches for k in range(match.size)]


def note(system: System) -> str:
    """A sentence about terms that count as zero; nothing if there are none."""
    count = expr.untrained(system)
    if not count:
        return ""
    terms, verb = ("One term [?]", "is") if count == 1 else (f"{count} terms [?]", "are")
    return f"{terms} {verb} not learned yet and {'counts' if count == 1 else 'count'} as zero."
