"""See dynamical systems move, and learn them from data.

The public interface; names are imported when they are first used, so that ``import odeplayground`` is quick.
"""

from __future__ import annotations

import importlib
from typing import Any

from odeplayground._version import __version__

_HOME = {
    "presets": "storage.presets",
    "preset": "storage.presets",
    "load": "storage.systems",
    "open": "storage.project",
    "save": "storage.project",
    "parse": "expr.public",
    "ModelError": "expr.public",
    "simulate": "dynamics",
    "simulate_many": "dynamics",
    "continue_equilibria": "dynamics.continuation",
    "continue_cycles": "dynamics.continuation",
    "continue_boundary": "dynamics.continuation",
    "orbit_diagram": "dynamics.continuation",
    "picture": "gui.exporting.public",
    "evaluate": "dynamics",
    "distil": "dynamics.distil",
    "equilibria": "dynamics",
    "basins": "dynamics",
    "nullclines": "dynamics",
    "limit_cycles": "dynamics",
    "lyapunov": "dynamics",
    "poincare": "dynamics",
    "poincare_index": "dynamics",
    "poincare_many": "dynamics",
    "separatrices": "dynamics",
    "streamlines": "dynamics",
    "Solution": "dynamics",
    "Ensemble": "dynamics",
    "Equilibria": "dynamics",
    "Equilibrium": "dynamics",
    "System": "spec",
    "LearnedSystem": "spec",
    "LearnedTerm": "spec",
    "Experiment": "spec",
    "Problem": "spec",
    "neural": "",
}

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'odeplayground' has no attribute {name!r}")
    if name == "neural":
        return importlib.import_module("odeplayground.neural")
    value = getattr(importlib.import_module(f"odeplayground.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
