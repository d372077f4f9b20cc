"""Kernels that write down where trajectories cross a section. Its level is a parameter: moving it compiles nothing."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from odeplayground import expr
from odeplayground.dynamics.arrays import Floats
from odeplayground.dynamics.endings import Ending
from odeplayground.dynamics.kernels.batch import Result
from odeplayground.dynamics.kernels.program import Kernel, equations_of
from odeplayground.dynamics.kernels.run import solve_with_trails
from odeplayground.dynamics.kernels.store import Wanted, store
from odeplayground.dynamics.kernels.tableaus import TABLEAUS
from odeplayground.dynamics.native import FIRST, FOR_STIFF, batch_of, watched
from odeplayground.dynamics.section import extended, level_of
from odeplayground.dynamics.task import Task
from odeplayground.spec import AnySystem, Method, System

_DIRECTIONS = (1.0, -1.0)
"""The section is two events: where it is crossed one way and the other, so that one can tell."""


def suits(system: AnySystem, method: Method) -> bool:
    """Whether there are such kernels: for typed equations without networks, and our own methods."""
    typed = isinstance(system, System) and not any(system.terms)
    return typed and (method is Method.AUTO or method in TABLEAUS)


def crossings(task: Task, system: System, place: str | Mapping[str, float], method: Method) -> tuple[Result, Floats]:
    """How trajectories ended, and where they crossed the section: rows of :attr:`Trails.crossings`.

    The number of the event is 0 where the section's expression rises, 1 where it falls.

    Raises:
        ValueError: if the place is not understood.
    """
    text, level = (place, None) if isinstance(place, str) else _with_level(system, place)
    watch = method is Method.AUTO
    batch = dataclasses.replace(
        batch_of(task, None, watch),
        parameters=_with(task.field.parameters, level),
        directions=_DIRECTIONS,
        stop_after=(0, 0),
    )
    with contextlib.nullcontext(batch) if task.cancel is None else watched(batch, task.cancel) as batch:
        result, trails = solve_with_trails(_kernel(system, text, FIRST if watch else method), batch, steps=False)
        rows = trails.crossings
        stiff = (result.endings == int(Ending.STIFF)).nonzero()[0]
        if stiff.size:
            further = dataclasses.replace(batch, y0=result.y, t0=result.t, watch_stiffness=False)
            _, more = solve_with_trails(_kernel(system, text, FOR_STIFF), further, result, stiff, steps=False)
            rows = np.concatenate([rows, more.crossings])
            rows = rows[np.argsort(rows[:, 0], kind="stable")]
    return result, rows


_LEVEL = "\n"
"""Stands for the level in the text of a section at the value of a state."""


def _with_level(system: System, place: Mapping[str, float]) -> tuple[str, float]:
    state, level = level_of(system, place)
    return system.states[state] + _LEVEL, level


def _with(parameters: Floats, level: float | None) -> Floats:
    """The parameters (k,) or (k, m), and the level behind them."""
    if level is None:
        return parameters
    return np.concatenate([parameters, np.full((1, *parameters.shape[1:]), level)])


def _kernel(system: System, text: str, method: Method) -> Kernel:
    return store().kernel(_wanted(system, text, method))


@lru_cache(maxsize=16)
def _wanted(system: System, text: str, method: Method) -> Wanted:
    known, name = extended(system, text.removesuffix(_LEVEL), level=text.endswith(_LEVEL))
    model = expr.model(known)
    event = model.definitions[name]
    equations = equations_of(model, derivatives=method is Method.RODAS4, events=(event, event))
    return Wanted(equations, TABLEAUS[method])
