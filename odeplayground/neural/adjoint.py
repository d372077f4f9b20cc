"""``odeint_adjoint``: gradients by the continuous adjoint, Chen et al. 2018 (arXiv 1806.07366), algorithm 2.

With a(t) = dL/dz(t): da/dt = -a^T df/dz, solved backwards in time together with z, and a jump dL/dz(t_i) at every
output. dL/dp is the integral of a^T df/dp; dL/dt_i = dL/dz(t_i) . f(z(t_i), t_i) for i >= 1, and
dL/dt_0 = -a(t_0+) . f(z(t_0), t_0), where a(t_0+) leaves out the jump at t_0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from odeplayground.neural.callbacks import Callbacks
from odeplayground.neural.checkpoints import DEFAULT_CHECKPOINTS, Checkpoints
from odeplayground.neural.counters import Counters
from odeplayground.neural.errors import SolveError
from odeplayground.neural.flatten import Shape, State, Tolerances, TreeField, check_state, check_times, reshape_error
from odeplayground.neural.jacobian import independent_rows
from odeplayground.neural.methods import SCIPY, find_method
from odeplayground.neural.odeint import EventFunction, make_scheme, march, with_grid
from odeplayground.neural.pullback import make_pullback
from odeplayground.neural.quadrature import Quadrature
from odeplayground.neural.scipy_solver import solve_by_scipy
from odeplayground.neural.settings import make_control
from odeplayground.neural.side_by_side import SideBySide, fits
from odeplayground.neural.stepping import Clock, Control, Field, Watcher
from odeplayground.neural.tableaus import Tableau
from odeplayground.neural.way_back import WayBack, adjoint_norm, solve_back, time_gradient


def odeint_adjoint(
    func: TreeField,
    y0: State,
    t: Tensor,
    *,
    rtol: Tolerances = 1e-7,
    atol: Tolerances = 1e-9,
    method: str | None = None,
    options: Mapping[str, Any] | None = None,
    event_fn: EventFunction | None = None,
    adjoint_rtol: Tolerances | None = None,
    adjoint_atol: Tolerances | None = None,
    adjoint_method: str | None = None,
    adjoint_options: Mapping[str, Any] | None = None,
    adjoint_params: Iterable[Tensor] | None = None,
) -> Any:
    """Solve like :func:`odeint`, with gradients by the adjoint method. Called like torchdiffeq's function.

    Gradients reach ``y0``, ``t`` and ``adjoint_params`` (by default all parameters of the module ``func``), but
    nothing else that ``func`` may use. On the way back z is reset to its stored value at each output and at a bounded
    number of checkpoints, because solving a contracting system backwards magnifies every error. The parameter
    gradient is a quadrature and takes no part in the error norm of the way back.

    Args:
        func: as for :func:`odeint`.
        y0: as for :func:`odeint`.
        t: as for :func:`odeint`.
        rtol: as for :func:`odeint`.
        atol: as for :func:`odeint`.
        method: as for :func:`odeint`.
        options: as for :func:`odeint`.
        event_fn: as for :func:`odeint`.
        adjoint_rtol: for the way back; by default as forward.
        adjoint_atol: for the way back; by default as forward.
        adjoint_method: for the way back; by default as forward.
        adjoint_options: for the way back; by default as forward. Two more options: "checkpoints" (how many at most;
            0 is the algorithm as published) and "norm": "seminorm" is what happens anyway, a function gets
            (time, state, adjoint, *parameters), where only state and adjoint have values.
        adjoint_params: tensors to give gradients to; needed when ``func`` is not a module.

    Returns:
        As :func:`odeint`.

    Raises:
        As :func:`odeint`; a ``SolveError`` may come from the way back too.
        ValueError: also when ``func`` is a plain function and ``adjoint_params`` is missing.
    """
    check_state(y0)
    check_times(t)
    if adjoint_options is None and adjoint_method not in (None, method) and options:
        raise ValueError("Please give adjoint_options: options are for another method than adjoint_method.")
    parameters = trainable(func, adjoint_params)
    shape = Shape(y0)
    f, watcher = shape.field(func), Callbacks.of(func, shape)
    control = make_control(shape, rtol, atol, options if method != SCIPY else None)
    back_options = (
        {k: v for k, v in (options or {}).items() if k != "norm"} if adjoint_options is None else adjoint_options
    )
    back_options = dict(back_options)
    checkpoints = int(back_options.pop("checkpoints", DEFAULT_CHECKPOINTS))
    norm = adjoint_norm(back_options.pop("norm", None), control.norm, shape.split, parameters)
    back_method = adjoint_method or (method if method != SCIPY else None)
    plan = Plan(
        field=f,
        tableau=None if method == SCIPY else find_method(method),
        control=with_grid(control, options, func, y0, t),
        back_tableau=find_method(back_method),
        back_control=make_control(
            shape,
            rtol if adjoint_rtol is None else adjoint_rtol,
            atol if adjoint_atol is None else adjoint_atol,
            {k: v for k, v in back_options.items() if k != "grid_constructor"} if method != SCIPY else None,
        ),
        back_norm=norm,
        checkpoints=checkpoints,
        func=func,
        watcher=watcher,
        back_watcher=Callbacks.of(func, shape, "_adjoint"),
    )
    try:
        if event_fn is not None:
            from odeplayground.neural.events import solve_until_adjoint

            return solve_until_adjoint(plan, shape, shape.join(y0), t, parameters, event_fn)
        if method == SCIPY:
            joined = shape.join(y0)
            with torch.no_grad():
                plan = replace(plan, known=solve_by_scipy(f, joined, t, rtol, atol, options))
        y = Adjoint.apply(plan, shape.join(y0), t, *parameters)  # type: ignore[no-untyped-call]
    except SolveError as error:
        raise reshape_error(error, shape) from None
    return shape.split(y)


@dataclass(frozen=True)
class Plan:
    """All that a solve and its way back need besides tensors."""

    field: Field
    tableau: Tableau | None
    control: Control
    back_tableau: Tableau
    back_control: Control
    back_norm: Any
    checkpoints: int
    func: object
    watcher: Watcher
    back_watcher: Watcher
    known: Tensor | None = None
    counters: Counters | None = None


def trainable(func: object, given: Iterable[Tensor] | None) -> tuple[Tensor, ...]:
    """The tensors that get gradients: those given, else all parameters of the module.

    Raises:
        ValueError: ``func`` is a plain function, and nothing is given.
    """
    if given is None:
        if not isinstance(func, nn.Module):
            raise ValueError(
                "func is a plain function: name the tensors that want gradients in adjoint_params "
                "(an empty tuple if there are none)."
            )
        given = func.parameters()
    return tuple(p for p in given if p.requires_grad)


class Adjoint(torch.autograd.Function):
    """Forward without a graph; backward by the adjoint, with checkpoints."""

    @staticmethod
    def forward(ctx: Any, plan: Plan, y0: Tensor, t: Tensor, *parameters: Tensor) -> Tensor:
        kept = Checkpoints(plan.checkpoints, plan.watcher)
        if plan.known is not None:
            y = plan.known
        else:
            assert plan.tableau is not None
            scheme = make_scheme(plan.field, plan.tableau, y0, t.detach(), plan.control, plan.func)
            y = march(scheme, t.detach(), plan.control, kept) if len(t) > 1 else y0[None].clone()
            if plan.counters is not None:
                plan.counters.evaluations = scheme.evaluations
        ctx.plan, ctx.kept, ctx.parameters = plan, kept, parameters
        ctx.save_for_backward(t, y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        t, y = ctx.saved_tensors
        plan: Plan = ctx.plan
        quadrature = Quadrature(plan.field, ctx.parameters, y[0])
        pullback = make_pullback(plan.func, plan.field)
        back = WayBack(
            pullback, quadrature, plan.back_tableau, plan.back_control, y[0], plan.back_watcher, plan.back_norm
        )
        # The adjoint is linear in g: scaled to one, an absolute tolerance means something.
        size = g.abs().max().item() or 1.0
        with torch.no_grad():
            together = _side_by_side(plan, quadrature, t, y[0])
            a, a_after = solve_back(back, together, t.tolist(), y, g / size, ctx.kept)
            quadrature.flush()
        if plan.counters is not None:
            plan.counters.backward_evaluations, plan.counters.drift = back.drift.evaluations, back.drift.largest
        t_gradient = time_gradient(plan.field, t, y, g, a_after * size) if ctx.needs_input_grad[2] else None
        return (None, a * size, t_gradient, *[total * size for total in quadrature.sums])


def _side_by_side(plan: Plan, quadrature: Quadrature, t: Tensor, y: Tensor) -> SideBySide | None:
    """For several segments at a time, where the state and the settings allow it."""
    if plan.back_norm is not None:
        return None
    rows = independent_rows(plan.field, Clock(t.detach(), y).at(float(t[0])), y, plan.func)
    if not fits(plan.field, plan.back_tableau, plan.back_control, plan.back_watcher, y.numel() // rows):
        return None
    return SideBySide(plan.func, plan.field, quadrature, plan.back_tableau, plan.back_control, rows)
