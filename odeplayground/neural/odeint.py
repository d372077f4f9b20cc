"""``odeint``: solve an initial value problem with tensors, differentiable by plain autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from odeplayground.neural.adaptive import solve_adaptive
from odeplayground.neural.callbacks import Callbacks
from odeplayground.neural.errors import SolveError
from odeplayground.neural.fixed import solve_fixed
from odeplayground.neural.flatten import Shape, State, Tolerances, TreeField, check_state, check_times, reshape_error
from odeplayground.neural.implicit import Implicit
from odeplayground.neural.jacobian import independent_rows
from odeplayground.neural.methods import SCIPY, find_method
from odeplayground.neural.outputs import LeanOutputs, Outputs, TracedOutputs
from odeplayground.neural.schemes import Lean, Scheme, Traced
from odeplayground.neural.scipy_solver import solve_by_scipy
from odeplayground.neural.settings import make_control
from odeplayground.neural.stepping import Clock, Control, Field, Watcher
from odeplayground.neural.tableaus import Tableau

EventFunction = Callable[[Tensor, Any], Tensor]


def odeint(
    func: TreeField,
    y0: State,
    t: Tensor,
    *,
    rtol: Tolerances = 1e-7,
    atol: Tolerances = 1e-9,
    method: str | None = None,
    options: Mapping[str, Any] | None = None,
    event_fn: EventFunction | None = None,
) -> Any:
    """Solve dy/dt = func(t, y), y(t[0]) = y0. Called like torchdiffeq's function of this name.

    Gradients for ``y0``, ``t`` and everything that ``func`` uses flow through every solver step. The adaptive step
    is bounded by the spectral radius of the Jacobian where the state rests, so that they are right at an equilibrium.

    Args:
        func: takes a scalar tensor and the state, returns the derivative in the form of the state.
        y0: real or complex tensor of any shape, or a tuple of tensors.
        t: times, shape (n,), strictly increasing or decreasing.
        rtol: relative tolerance of adaptive methods; for tuple states also one per part.
        atol: absolute tolerance, likewise.
        method: adaptive: "dopri5" (the default), "tsit5", "dopri8", "bosh3", "fehlberg2", "adaptive_heun", and for
            stiff fields "kvaerno5"; fixed steps: "rk4", "heun3", "heun2", "midpoint", "euler"; "scipy_solver" without
            gradients.
        options: for fixed steps "step_size" (largest step; otherwise one step per interval of ``t``),
            "grid_constructor" and "perturb"; for adaptive ones "first_step", "min_step", "max_step", "jump_t",
            "step_t", "norm", "safety", "ifactor" and "dfactor"; for both "max_num_steps".
        event_fn: solve from t[0] in the direction of t[1] until ``event_fn(t, y)`` changes its sign.

    Returns:
        The states at the times ``t``, shape (n,) + y0.shape; a tuple of such tensors for a tuple state. With
        ``event_fn`` the time of the event and the states at the start and at the event.

    Raises:
        SolveError: the solution diverged, the steps became too small, or there were too many.
        ValueError: unknown method or option, or times that are not strictly monotonic.
        TypeError: ``y0`` or ``t`` is not made of floating point tensors.
    """
    check_state(y0)
    check_times(t)
    shape = Shape(y0)
    if method == SCIPY:
        return shape.split(solve_by_scipy(shape.field(func), shape.join(y0), t, rtol, atol, options))
    tableau, control = find_method(method), make_control(shape, rtol, atol, options)
    field, start, watcher = shape.field(func), shape.join(y0), Callbacks.of(func, shape)
    try:
        if event_fn is not None:
            from odeplayground.neural.events import solve_until

            return solve_until(field, tableau, shape, start, t, control, watcher, event_fn)
        control = with_grid(control, options, func, y0, t)
        y = solve_direct(field, tableau, start, t, control, watcher, func)
    except SolveError as error:
        raise reshape_error(error, shape) from None
    return shape.split(y)


def solve_direct(
    f: Field, tableau: Tableau, y0: Tensor, t: Tensor, control: Control, watcher: Watcher, owner: object = None
) -> Tensor:
    """States at the times ``t``, shape (len(t),) + y0.shape, with checked arguments; autograd follows if it is on."""
    if len(t) == 1:
        return y0[None]
    return march(make_scheme(f, tableau, y0, t, control, owner), t, control, watcher)


def march(scheme: Scheme, t: Tensor, control: Control, watcher: Watcher) -> Tensor:
    """Solve over the times ``t`` from the state of ``scheme``; shape (len(t), *state)."""
    times: list[float] = t.tolist()
    if not scheme.tableau.adaptive:
        return solve_fixed(scheme, times, control, watcher)
    outputs = make_outputs(scheme, times)
    solve_adaptive(scheme, outputs, control, watcher)
    return outputs.values()


def make_outputs(scheme: Scheme, times: list[float]) -> Outputs:
    """The collector that suits the scheme."""
    if isinstance(scheme, Traced) and torch.is_grad_enabled():
        return TracedOutputs(times, scheme, scheme.clock)
    return LeanOutputs(times, scheme.tableau, scheme.y)


def make_scheme(
    f: Field, tableau: Tableau, y: Tensor, t: Tensor, control: Control, owner: object = None, rows: int | None = None
) -> Scheme:
    """The scheme for a solve: traced where autograd will follow it."""
    clock = Clock(t, y)
    if tableau.gamma:
        count = rows or independent_rows(f, clock.at(float(t[0].detach())).detach(), y, owner)
        return Implicit(f, tableau, clock, y, count, (control.rtol, control.atol))
    return Traced(f, tableau, clock, y) if torch.is_grad_enabled() else Lean(f, tableau, clock, y)


def with_grid(control: Control, options: Mapping[str, Any] | None, func: TreeField, y0: State, t: Tensor) -> Control:
    """Settings with the steps of a caller's ``grid_constructor``."""
    constructor = (options or {}).get("grid_constructor")
    if constructor is None:
        return control
    with torch.no_grad():
        grid = constructor(func, y0, t)
    return replace(control, grid=tuple(sorted(grid.tolist())))
