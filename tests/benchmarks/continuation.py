"""Branches with their bifurcations, and orbit diagrams. The peer for a branch is the plain way: an equilibrium of each
of as many values of the parameter by scipy's root, with eigenvalues, which finds no fold and no unstable side of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from odeplayground import dynamics
from odeplayground.dynamics.continuation import continue_cycles, continue_equilibria, orbit_diagram
from odeplayground.spec import Bifurcation
from odeplayground.storage import presets
from tests.benchmarks.clock import best
from tests.benchmarks.row import Row

REPEATS = 5
BRANCHES = (
    ("brusselator", "b", (0.0, 5.0), {"b": 0.5}, 1),
    ("fitzhugh-nagumo", "I", (0.0, 2.0), {}, 2),
    ("hodgkin-huxley", "I", (0.0, 200.0), {}, 2),
)
"""Preset, parameter, its range, other values, and how many Hopf points there are."""


def run() -> list[Row]:
    return [
        *(_branch(*branch) for branch in BRANCHES),
        _cycles("brusselator", "b", (0.0, 5.0), {"b": 0.5}),
        _cycles("hodgkin-huxley", "I", (0.0, 200.0), {}),
        _orbits(),
    ]


def _branch(name: str, parameter: str, bounds: tuple[float, float], values: dict[str, float], count: int) -> Row:
    system = presets.preset(name)

    def ours() -> Any:
        return continue_equilibria(system, parameter, bounds, parameters=values)

    found = ours()
    hopf = found.of(Bifurcation.HOPF)
    assert len(hopf) == count
    points = sum(branch.parameter.size for branch in found)
    branch = found.branches[0]
    peer = _roots(name, parameter, np.sort(branch.parameter), branch.states[:, 0])
    mine, other = best([ours, peer], REPEATS)
    where = ", ".join(f"{point.parameter:.6g}" for point in hopf)
    note = f"{points} points, Hopf points at {where}"
    return Row("branch of equilibria", 1e3 * mine, "ms", name, 1e3 * other, "scipy root, each value", note=note)


def _roots(name: str, parameter: str, places: np.ndarray, start: np.ndarray) -> Callable[[], Any]:
    from scipy.optimize import root

    system = presets.preset(name)

    def each() -> None:
        state = start
        for place in places:
            here = {parameter: float(place)}
            state = root(
                lambda x, here=here: dynamics.evaluate(system, x[None], parameters=here)[0],
                state,
                jac=lambda x, here=here: dynamics.jacobian(system, x[None], parameters=here)[0],
            ).x
            np.linalg.eigvals(dynamics.jacobian(system, state[None], parameters=here)[0])

    return each


def _cycles(name: str, parameter: str, bounds: tuple[float, float], values: dict[str, float]) -> Row:
    system = presets.preset(name)
    point = continue_equilibria(system, parameter, bounds, parameters=values).of(Bifurcation.HOPF)[0]

    def ours() -> Any:
        return continue_cycles(system, parameter, bounds, point)

    branch = ours()
    mine = best([ours], 2)[0]
    found = ", ".join(f"{special.label} {special.parameter:.6g}" for special in branch.points)
    note = f"{len(branch)} cycles{': ' if found else ''}{found}"
    return Row("branch of cycles", 1e3 * mine, "ms", f"{name}, {bounds[0]:g} to {bounds[1]:g}", note=note)


def _orbits() -> Row:
    system = presets.preset("roessler")

    def ours() -> Any:
        return orbit_diagram(system, "c", (2.0, 6.0), "x", columns=400, transient=500.0, time=500.0)

    diagram = ours()
    mine = best([ours], 2)[0]
    return Row("orbit diagram", 1e3 * mine, "ms", "Rössler, 400 columns, T = 1000", note=diagram.message)
