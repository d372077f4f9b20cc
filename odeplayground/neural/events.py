"""Solve until a function of the state changes its sign, with gradients of the time when it does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from odeplayground.neural.adaptive import AdaptiveRun
from odeplayground.neural.flatten import Shape, State
from odeplayground.neural.odeint import EventFunction, make_outputs, make_scheme, odeint, solve_direct
from odeplayground.neural.outputs import dense_weights
from odeplayground.neural.stepping import Clock, Control, Field, Step, Watcher, stopped
from odeplayground.neural.tableaus import Tableau
from odeplayground.spec import Status

if TYPE_CHECKING:
    from odeplayground.neural.adjoint import Plan

HALVINGS = 100
FAR = 1e6
"""How far a search goes, in units of the first interval."""
Signed = Callable[[float, Tensor], float]


def solve_until(
    f: Field,
    tableau: Tableau,
    shape: Shape,
    y0: Tensor,
    t: Tensor,
    control: Control,
    watcher: Watcher,
    event_fn: EventFunction,
) -> Any:
    """Time of the event, and the states at the start and at the event in the caller's form.

    Raises:
        SolveError: the solve ended before the event.
        ValueError: ``t`` does not have two times, ``event_fn`` is not finite at the start, or a fixed-step method has
            no step size.
    """
    time = find_event(f, tableau, shape, y0, t, control, event_fn)
    if float(time) == float(t[0].detach()):
        return time, shape.split(torch.stack([y0, y0]))
    y = solve_direct(f, tableau, y0, torch.cat([t[:1], time[None]]), control, watcher)
    return time, shape.split(y)


def solve_until_adjoint(
    plan: Plan, shape: Shape, y0: Tensor, t: Tensor, parameters: tuple[Tensor, ...], event_fn: EventFunction
) -> Any:
    """The same with gradients by the adjoint method."""
    from odeplayground.neural.adjoint import Adjoint

    if plan.tableau is None:
        raise ValueError("scipy_solver finds no events; take another method.")
    time = find_event(plan.field, plan.tableau, shape, y0, t, plan.control, event_fn)
    y = Adjoint.apply(plan, y0, torch.cat([t[:1], time[None]]), *parameters)  # type: ignore[no-untyped-call]
    return time, shape.split(y)


@torch.no_grad()
def find_event(
    f: Field, tableau: Tableau, shape: Shape, y0: Tensor, t: Tensor, control: Control, event_fn: EventFunction
) -> Tensor:
    """The first time after t[0], in the direction of t[1], at which ``event_fn`` changes its sign.

    Raises:
        SolveError: the solve ended before.
        ValueError: ``t`` does not have two times, ``event_fn`` is not finite at the start, or there is no step size.
    """
    if len(t) != 2:
        raise ValueError(f"With event_fn, t has two times: the start and the direction. It has {len(t)}.")
    first, second = t.tolist()
    clock = Clock(t.detach(), y0)
    values = event_fn(clock.at(first), shape.split(y0))
    if not bool(torch.isfinite(values).all()):
        raise ValueError("event_fn is not finite at the start.")
    signs = torch.sign(values)

    def signed(time: float, y: Tensor) -> float:
        return float((event_fn(clock.at(time), shape.split(y)) * signs).min())

    if not bool(signs.all()):
        return t[0].detach().clone()
    span = second - first
    if tableau.adaptive:
        return t.new_tensor(_search(f, tableau, y0, first, first + FAR * span, control, signed))
    if control.step is None:
        raise ValueError("With event_fn, fixed steps need the option step_size.")
    return t.new_tensor(_search_fixed(f, tableau, y0, first, math.copysign(control.step, span), control, signed))


def _search(
    f: Field, tableau: Tableau, y0: Tensor, first: float, end: float, control: Control, signed: Signed
) -> float:
    scheme = make_scheme(f, tableau, y0.detach(), torch.tensor([first, end], dtype=torch.float64), control)
    guess = control.first_step or 1e-3 * abs(end - first) / FAR
    run = AdaptiveRun(scheme, first, end, replace(control, first_step=guess), Watcher())
    outputs = make_outputs(scheme, [first, end])
    dense = torch.tensor(tableau.polynomials, dtype=torch.float64)
    while run.time != end:
        step = run.advance(outputs)
        if signed(step.end, step.new) <= 0:
            return _halve(step, dense, signed)
        run.proceed(step)
    raise stopped(Status.STEP_LIMIT, run.time, outputs.values(), "No event was met so far.")


def _halve(step: Step, dense: Tensor, signed: Signed) -> float:
    """Bisection on the dense output of a step."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        weights = step.h * dense_weights(dense, torch.tensor(middle, dtype=torch.float64)).to(step.slopes)
        y = step.states[0] + torch.tensordot(weights, step.slopes, dims=1)
        low, high = (middle, high) if signed(step.t + middle * step.h, y) > 0 else (low, middle)
    return step.t + high * step.h


def _search_fixed(
    f: Field, tableau: Tableau, y0: Tensor, time: float, h: float, control: Control, signed: Signed
) -> float:
    scheme = make_scheme(f, tableau, y0.detach(), torch.tensor([time, time + h], dtype=torch.float64), control)

    def after(size: float) -> Tensor:
        scheme.begin(time)
        scheme.attempt(time, size)
        return scheme.new

    for _ in range(control.max_steps):
        if signed(time + h, after(h)) <= 0:
            low, high = 0.0, 1.0
            for _ in range(HALVINGS):
                middle = 0.5 * (low + high)
                if not low < middle < high:
                    break
                low, high = (middle, high) if signed(time + middle * h, after(middle * h)) > 0 else (low, middle)
            return time + high * h
        scheme.accept()
        time += h
    raise stopped(Status.STEP_LIMIT, time, y0.detach()[None], "No event was met so far.")


def odeint_event(
    func: Any,
    y0: State,
    t0: Tensor,
    *,
    event_fn: EventFunction,
    reverse_time: bool = False,
    odeint_interface: Callable[..., Any] = odeint,
    **settings: Any,
) -> Any:
    """Solve from ``t0`` until ``event_fn(t, y)`` changes its sign. Called like torchdiffeq's function.

    Gradients reach the time of the event and the state there: the time moves such that ``event_fn`` stays zero, by
    dt = -dg / (dg/dt + dg/dy . f).

    Args:
        func: as for :func:`odeint`.
        y0: as for :func:`odeint`.
        t0: the start, a tensor with one time.
        event_fn: takes a time and a state; where it returns several numbers, the first change of any ends the solve.
        reverse_time: search backwards in time.
        odeint_interface: ``odeint`` or ``odeint_adjoint``.
        **settings: for ``odeint_interface``.

    Returns:
        The time of the event, and the states at the start and at the event, shape (2,) + y0.shape.

    Raises:
        As :func:`odeint`; also when no event is met.
    """
    ahead = -1.0 if reverse_time else 1.0
    start = t0.reshape(-1)
    time, solution = odeint_interface(
        func, y0, torch.cat([start, start.detach() + ahead]), event_fn=event_fn, **settings
    )
    shape = Shape(y0)
    joined = shape.join(tuple(part[-1] for part in solution) if isinstance(solution, tuple) else solution[-1])
    if joined.requires_grad:
        time, joined = _EventGradient.apply(shape, func, event_fn, y0, time.detach(), joined)  # type: ignore[no-untyped-call]
    last = shape.split(joined)
    if isinstance(solution, tuple):
        return time, tuple(torch.cat([s[:-1], end[None]]) for s, end in zip(solution, last, strict=True))
    return time, torch.cat([solution[:-1], last[None]])


class _EventGradient(torch.autograd.Function):
    """Lets the time of an event depend on the state there."""

    @staticmethod
    def forward(
        ctx: Any, shape: Shape, func: Any, event_fn: EventFunction, y0: State, time: Tensor, y: Tensor
    ) -> tuple[Tensor, Tensor]:
        ctx.shape, ctx.func, ctx.event_fn, ctx.y0 = shape, func, event_fn, y0
        ctx.save_for_backward(time, y)
        return time.clone(), y.clone()

    @staticmethod
    def backward(ctx: Any, to_time: Tensor, to_y: Tensor) -> tuple[None, None, None, None, None, Tensor]:
        time, y = ctx.saved_tensors
        shape: Shape = ctx.shape
        with torch.enable_grad():
            moment, state = time.detach().to(y).requires_grad_(), y.detach().requires_grad_()
            values = ctx.event_fn(moment, shape.split(state)).reshape(-1)
            value = values[values.detach().abs().argmin()]
            by_time, by_state = torch.autograd.grad(value, (moment, state), allow_unused=True)
        by_time = torch.zeros_like(moment) if by_time is None else by_time
        by_state = torch.zeros_like(state) if by_state is None else by_state
        with torch.no_grad():
            slope = shape.field(ctx.func)(moment.detach(), y)
            pace = by_time + (by_state * slope).sum()
            total = to_time.to(y) + (to_y * slope).sum()
            return None, None, None, None, None, to_y - by_state * (total / pace)
