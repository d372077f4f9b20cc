"""From tapes and a method to a kernel: machine code, and how much working memory it wants."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from llvmlite import ir

from odeplayground.dynamics.kernels.alone import Alone
from odeplayground.dynamics.kernels.arguments_block import Functions
from odeplayground.dynamics.kernels.compile import Code, Level, compile_module, compile_written
from odeplayground.dynamics.kernels.draft import Draft
from odeplayground.dynamics.kernels.driver import DRIVE, reserve, write_driver
from odeplayground.dynamics.kernels.equations import FUNCTIONS, Equations, Written, behind_constants
from odeplayground.dynamics.kernels.features import Features, host_features
from odeplayground.dynamics.kernels.steps.explicit import ExplicitStep
from odeplayground.dynamics.kernels.steps.form import Step
from odeplayground.dynamics.kernels.steps.rosenbrock import RosenbrockStep
from odeplayground.dynamics.kernels.tableaus.form import Explicit, Tableau
from odeplayground.dynamics.kernels.work import Memory
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
    functions: Functions = (0, 0, 0, 0)
    """Of the equations, where the driver was compiled without them."""
    apart: Code | None = None
    """Holds the machine code of such a driver."""
    keeps: object | None = None
    """Whatever else has to live as long as the code may run."""
    alone: Alone | None = None
    """What to take for one trajectory, if there is something better."""
    memories: deque[Memory] = field(default_factory=deque)
    """Working memories that are not in use. Any thread may take one, and put it back."""


def make_kernel(
    equations: Equations,
    tableau: Tableau,
    level: Level = Level.OPTIMISED,
    features: Features | None = None,
) -> Kernel:
    """Write and compile a driver. Any thread may call it. By default it is for this machine.

    Raises:
        ValueError: if the method needs derivatives that the equations lack.
    """
    features = features or host_features()
    step = step_of(tableau)
    if isinstance(step, RosenbrockStep) and equations.linear is None:
        raise ValueError(f"The method {tableau.name} needs the derivatives of the equations.")
    if level is Level.QUICK:
        return _quick_kernel(equations, tableau, features)
    draft = draft_of(equations, step, level, features)
    code = compile_module(draft.module, features, level)
    return Kernel(equations, tableau, features.width, draft.layout.doubles(features.width), code, _callable(code))


def make_narrow_kernel(equations: Equations, tableau: Tableau) -> Kernel:
    """An optimised kernel of one lane: on one trajectory it is twice as fast as with lanes that idle."""
    return make_kernel(equations, tableau, Level.OPTIMISED, replace(host_features(), width=1))


def _quick_kernel(equations: Equations, tableau: Tableau, features: Features) -> Kernel:
    """Compiles the equations only, once there is a driver for so many states, parameters and constants."""
    written = Written(equations)
    sizes = (_rounded(equations.n_parameters), _rounded(written.n_constants), equations.n_events)
    driver = _quick_driver(tableau, equations.n_states, *sizes, features)
    draft = Draft(features, equations.n_states, written.n_constants, equations.n_parameters, equations.n_events, 0)
    written.write(draft, driver.behind, internal=False)
    code = compile_module(draft.module, features, Level.QUICK)
    constants, rhs, linear, events = (code.address(name) if name in written.names else 0 for name in FUNCTIONS)
    functions = (constants, rhs, linear, events)
    return Kernel(equations, tableau, features.width, driver.doubles, code, driver.drive, functions, driver.code)


@dataclass(frozen=True, eq=False)
class Driver:
    """A compiled loop over steps that calls the equations by their addresses."""

    code: Code
    """Holds the machine code."""
    drive: Callable[[int, int], int]
    doubles: int
    """Working memory per thread, without that of the equations."""
    behind: int
    """How many vectors after the begin of the constants it ends."""


def compile_driver(draft: Draft, level: Level, write: Callable[[], None], what: object) -> Driver:
    """The driver that ``write`` puts into a draft. It depends on ``what`` alone: see :func:`compile_written`."""

    def written() -> ir.Module:
        write()
        return draft.module

    code = compile_written(written, what, draft.features, level)
    return Driver(code, _callable(code), draft.layout.doubles(draft.features.width), behind_constants(draft.layout))


@lru_cache(maxsize=64)
def _quick_driver(
    tableau: Tableau, n_states: int, n_parameters: int, n_constants: int, n_events: int, features: Features
) -> Driver:
    draft = Draft(features, n_states, n_constants, n_parameters, n_events, UNROLL[Level.QUICK], apart=True)
    step = step_of(tableau)
    reserve(draft, step)
    what = ("driver", tableau.name, n_states, n_parameters, n_constants, n_events)
    return compile_driver(draft, Level.QUICK, partial(write_driver, draft, step), what)


def _rounded(count: int) -> int:
    """Room for that many, with few different sizes."""
    return -(-max(count, 1) // 8) * 8


def _callable(code: Code) -> Callable[[int, int], int]:
    return ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(code.address(DRIVE))


def step_of(tableau: Tableau) -> Step:
    """What writes the steps of a method."""
    return ExplicitStep(tableau) if isinstance(tableau, Explicit) else RosenbrockStep(tableau)


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
    written.write(draft, behind_constants(draft.layout))
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
        n_parameters=len(model.parameters) + model.networks,
        rhs=model.tape(model.rhs),
        linear=linear,
        events=model.tape(events) if events else None,
    )
