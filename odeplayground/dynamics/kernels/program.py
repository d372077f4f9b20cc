"""From tapes and a method to a kernel: machine code, and how much working memory it wants."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass

from odeplayground.dynamics.kernels.compile import Code, Level, compile_module
from odeplayground.dynamics.kernels.draft import Draft
from odeplayground.dynamics.kernels.driver import DRIVE, reserve, write_driver
from odeplayground.dynamics.kernels.equations import Equations, Written
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.steps.explicit import ExplicitStep
from odeplayground.dynamics.kernels.steps.form import Step
from odeplayground.dynamics.kernels.steps.rosenbrock import RosenbrockStep
from odeplayground.dynamics.kernels.tableaus.form import Explicit, Tableau
from odeplayground.expr import Model

UNROLL = {Level.QUICK: 0, Level.OPTIMISED: 4}
"""Loops over so many states are written out, which costs time to compile and saves some to run."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A driver for one system and one method, ready to run from any number of threads."""

    equations: Equations
    tableau: Tableau
    width: int
    doubles: int
    """Working memory per thread."""
    code: Code
    """Holds the machine code."""
    drive: Callable[[int, int], int]
    """Takes the addresses of arguments and working memory; see :class:`Answer`."""


def make_kernel(
    equations: Equations,
    tableau: Tableau,
    level: Level = Level.OPTIMISED,
    features: Features | None = None,
) -> Kernel:
    """Write and compile a driver. Any thread may call it.

    Raises:
        ValueError: if the method needs derivatives that the equations lack.
    """
    features = features or host_features()
    step = _step(tableau)
    if isinstance(step, RosenbrockStep) and equations.linear is None:
        raise ValueError(f"The method {tableau.name} needs the derivatives of the equations.")
    draft = draft_of(equations, step, level, features)
    code = compile_module(draft.module, features, level)
    function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(code.address(DRIVE))
    return Kernel(equations, tableau, features.width, draft.layout.doubles(features.width), code, function)


def draft_of(equations: Equations, step: Step, level: Level, features: Features) -> Draft:
    """The module before it is compiled."""
    written = Written(equations)
    draft = Draft(
        features,
        n_states=equations.n_states,
        n_constants=written.n_constants,
        n_parameters=equations.n_parameters,
        n_events=equations.n_events,
        unroll=UNROLL[level],
    )
    reserve(draft, step)
    written.write(draft)
    write_driver(draft, step)
    return draft


def equations_of(model: Model, *, derivatives: bool = False, events: tuple[int, ...] = ()) -> Equations:
    """The tapes of a model; ``derivatives`` are wanted by Rosenbrock methods, ``events`` are nodes of its graph."""
    linear = None
    if derivatives:
        jacobian = [node for row in model.jacobian for node in row]
        linear = model.tape([*model.rhs, *jacobian, *model.time_derivative])
    return Equations(
        n_states=len(model.states),
        n_parameters=len(model.parameters),
        rhs=model.tape(model.rhs),
        linear=linear,
        events=model.tape(events) if events else None,
    )


def _step(tableau: Tableau) -> Step:
    return ExplicitStep(tableau) if isinstance(tableau, Explicit) else RosenbrockStep(tableau)
