"""Short ways to kernels and their results, for the tests of the drivers."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np

from odeplayground import expr
from odeplayground.dynamics.kernels.batch import Batch
from odeplayground.dynamics.kernels.compile import Level
from odeplayground.dynamics.kernels.features import host_features
from odeplayground.dynamics.kernels.program import equations_of, make_kernel
from odeplayground.dynamics.kernels.tableaus import TABLEAUS, Rosenbrock
from odeplayground.spec import System


@lru_cache
def kernel(system: System, method: str = "dopri5", events: tuple[str, ...] = (), width: int = 0, fma: bool = True):
    """A quickly compiled kernel. Events are names of sub-expressions."""
    model = expr.model(system)
    tableau = TABLEAUS[method]
    nodes = tuple(model.definitions[name] for name in events)
    equations = equations_of(model, derivatives=isinstance(tableau, Rosenbrock), events=nodes)
    features = host_features()
    features = dataclasses.replace(features, width=width or features.width, fma=features.fma and fma)
    return make_kernel(equations, tableau, Level.QUICK, features)


def batch(system: System, t_span=None, initial=None, **settings) -> Batch:
    """By default the system's own span and start. ``initial`` are rows (m, n_states)."""
    begin, end = system.t_span if t_span is None else t_span
    rows = np.atleast_2d(np.array(system.initial if initial is None else initial, dtype=float))
    settings.setdefault("parameters", np.array(system.values, dtype=float))
    return Batch(rows.T.copy(), begin, end, **settings)
