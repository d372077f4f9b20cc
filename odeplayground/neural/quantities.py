"""Scores of conserved quantities and energies: what a true system keeps, or loses in its own way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec
import numpy as np

from odeplayground import dynamics
from odeplayground.neural.data import Floats
from odeplayground.neural.paths import Parameters, Paths
from odeplayground.spec import Score, System

KEPT = 1e-5
"""Largest change along the true trajectories, relative to the size, of what is called conserved."""
GRID = 2001
"""Places at which the force is added up to a potential."""
Quantity = Callable[[Floats], Floats]
"""Of states (m, n_states) the values (m,)."""


def energy_scores(
    system: System, truth: Paths, learned: Paths, parameters: Parameters, declared: Mapping[str, str]
) -> Iterator[Score]:
    """How far declared quantities, or else the energy of a single second-order equation, are off along the solutions.

    Relative to the size of the quantity: its standard deviation over the true states, each state shuffled on its own,
    so that a quantity that stays the same has a size, too. Medians over the trajectories: one start near a saddle can
    rule the mean.

    Args:
        system: the true one.
        truth: its solutions.
        learned: solutions of the learned system from the same starts.
        parameters: values that override the system's own.
        declared: expressions of quantities by name.
    """
    if not np.isfinite(learned.y).all() or not np.isfinite(truth.y).all():
        return
    for name, quantity in _quantities(system, truth, parameters, declared).items():
        yield from _score(name, quantity, truth, learned)


def _score(name: str, quantity: Quantity, truth: Paths, learned: Paths) -> Iterator[Score]:
    true, found = (_along(quantity, paths.y) for paths in (truth, learned))
    size = _size(quantity, truth.y)
    if not (np.isfinite(true).all() and np.isfinite(found).all() and size > 0):
        return
    if np.abs(true - true[:, :1]).max() <= KEPT * size:
        drift = 100 * float(np.median(np.abs(found - true).max(axis=1))) / size
        yield Score(f"Drift of {name}", drift, "%", "Largest one, median over the starts; truly it stays the same.")
    else:
        off = 100 * float(np.median(np.sqrt(np.mean((found - true) ** 2, axis=1)))) / size
        yield Score(
            name[:1].upper() + name[1:], off, "%", "How far it is off along a trajectory: median over the starts."
        )


def _along(quantity: Quantity, y: Floats) -> Floats:
    """Of states (m, n_states, n): (m, n)."""
    m, n_states, n = y.shape
    return quantity(y.transpose(0, 2, 1).reshape(-1, n_states)).reshape(m, n)


def _size(quantity: Quantity, y: Floats) -> float:
    numbers = np.random.default_rng(0)
    shuffled = np.stack(
        [numbers.permutation(column) for column in y.transpose(1, 0, 2).reshape(y.shape[1], -1)], axis=1
    )
    values = quantity(shuffled)
    return float(values[np.isfinite(values)].std()) if np.isfinite(values).any() else 0.0


def _quantities(
    system: System, truth: Paths, parameters: Parameters, declared: Mapping[str, str]
) -> dict[str, Quantity]:
    if declared:
        return {name: _expression(system, text, parameters) for name, text in declared.items()}
    pair = _second_order(system)
    return {} if pair is None else {"Energy": _energy(system, truth, parameters, *pair)}


def _expression(system: System, text: str, parameters: Parameters) -> Quantity:
    """An expression in states and parameters, as the right-hand side of a system that shares them."""
    variables = tuple(msgspec.structs.replace(variable, rhs=text) for variable in system.variables)
    of = msgspec.structs.replace(system, variables=variables, terms=())

    def quantity(states: Floats) -> Floats:
        values: Floats = dynamics.evaluate(of, states, np.zeros(len(states)), parameters)[:, 0]
        return values

    return quantity


def _second_order(system: System) -> tuple[int, int] | None:
    """The indices of x and v of x' = v, v' = f(x, v); ``None`` for any other system."""
    states = system.states
    if len(states) != 2 or not dynamics.is_autonomous(system):
        return None
    for x, variable in enumerate(system.variables):
        if variable.rhs == states[1 - x]:
            return x, 1 - x
    return None


def _energy(system: System, truth: Paths, parameters: Parameters, x: int, v: int) -> Quantity:
    """Per mass: v^2 / 2 and the potential of the force at rest, f(x, 0)."""
    low, high = float(truth.y[:, x].min()), float(truth.y[:, x].max())
    margin = high - low
    places = np.linspace(low - margin, high + margin, GRID)
    at_rest = np.zeros((GRID, 2))
    at_rest[:, x] = places
    force = dynamics.evaluate(system, at_rest, np.zeros(GRID), parameters)[:, v]
    steps = 0.5 * (force[1:] + force[:-1]) * np.diff(places)
    potential = -np.concatenate([[0.0], np.cumsum(steps)])
    return lambda states: 0.5 * states[:, v] ** 2 + np.interp(states[:, x], places, potential)
