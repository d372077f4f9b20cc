"""The period of what drives a system from outside."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from odeplayground.session.scene import Floats
from odeplayground.spec import System

_EVEN = 1e-9
"""Frequencies count as multiples of each other up to this."""


def period(system: System, parameters: dict[str, float]) -> float | None:
    """The time after which the equations repeat; ``None`` if the time occurs in no sine or cosine, or elsewhere too."""
    from odeplayground import expr
    from odeplayground.expr.graph import Op

    model = expr.model(system)
    nodes = model.nodes
    drifts, moves = [False] * len(nodes), [False] * len(nodes)
    phases = []
    for number, node in enumerate(nodes):
        moves[number] = node.op in (Op.STATE, Op.LEARNED) or any(moves[arg] for arg in node.args)
        drifts[number] = node.op is Op.TIME or any(drifts[arg] for arg in node.args)
        if drifts[number] and node.op in (Op.SIN, Op.COS) and not moves[node.args[0]]:
            drifts[number] = False
            phases.append(node.args[0])
    if not phases or any(drifts[output] for output in model.rhs):
        return None
    own = dict(zip(system.parameters, system.values, strict=True)) | parameters
    values = np.array([own[name] for name in system.parameters])
    return _common([_frequency(row) for row in _at_three_times(model, phases, values, len(system.states))])


def _at_three_times(model: object, phases: Sequence[int], values: Floats, n_states: int) -> Floats:
    """The phases (k, 3) at the times 0, 1 and 2."""
    from odeplayground import expr
    from odeplayground.dynamics.tape import Program

    assert isinstance(model, expr.Model)
    program = Program(model.tape(phases))
    with np.errstate(all="ignore"):
        return program.run(program.prepare(values), np.arange(3.0), np.zeros((n_states, 3)))


def _frequency(phase: Floats) -> float:
    """By how much a phase (3,) grows in a unit of time; NaN if not evenly."""
    first, second = np.diff(phase)
    even = math.isclose(first, second, rel_tol=_EVEN, abs_tol=_EVEN)
    return abs(float(first)) if even and first else math.nan


def _common(frequencies: Sequence[float]) -> float | None:
    if not all(map(math.isfinite, frequencies)):
        return None
    slowest = min(frequencies)
    ratios = [frequency / slowest for frequency in frequencies]
    if any(abs(ratio - round(ratio)) > _EVEN * ratio for ratio in ratios):
        return None
    return 2 * math.pi / slowest
