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

from odeplayground.neural.checkpoints import DEFAULT_CHECKPOINTS, Checkpoints
from odeplayground.neural.errors import SolveError
from odeplayground.neural.flatten import (
    Shape,
    State,
    Tolerances,
    TreeField,
    check_state,
    check_times,
    find_method,
    make_control,
    reshape_error,
)
from odeplayground.neural.odeint import EventFunction, refuse_events, solve
from odeplayground.neural.pullback import Pullback, make_pullback
from odeplayground.neural.stepping import Control, Field, Tolerance, Watcher
from odeplayground.neural.tableaus import Tableau


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
            0 is the algorithm as published) and "norm", which may be "seminorm" because that is what happens anyway.
        adjoint_params: tensors to give gradients to; needed when ``func`` is not a module.

    Returns:
        As :func:`odeint`.

    Raises:
        As :func:`odeint`; a ``SolveError`` may come from the way back too.
        ValueError: also when ``func`` is a plain function and ``adjoint_params`` is missing.
    """
    refuse_events(event_fn)
    check_state(y0)
    check_times(t)
    if adjoint_options is None and adjoint_method not in (None, method) and options:
        raise ValueError("Please give adjoint_options: options are for another method than adjoint_method.")
    parameters = _parameters(func, adjoint_params)
    shape = Shape(y0)
    field = shape.field(func)
    back_options = dict((options if adjoint_options is None else adjoint_options) or {})
    _accept_seminorm(back_options)
    checkpoints = int(back_options.pop("checkpoints", DEFAULT_CHECKPOINTS))
    plan = _Plan(
        field=field,
        tableau=find_method(method),
        control=make_control(shape, rtol, atol, options),
        back_tableau=find_method(adjoint_method or method),
        back_control=make_control(
            shape,
            rtol if adjoint_rtol is None else adjoint_rtol,
            atol if adjoint_atol is None else adjoint_atol,
            back_options,
        ),
        checkpoints=checkpoints,
        func=func,
    )
    try:
        y = _Adjoint.apply(plan, shape.join(y0), t, *parameters)  # type: ignore[no-untyped-call]
    except SolveError as error:
        raise reshape_error(error, shape) from None
    return shape.split(y)


@dataclass(frozen=True)
class _Plan:
    """All that a solve and its way back need besides tensors."""

    field: Field
    tableau: Tableau
    control: Control
    back_tableau: Tableau
    back_control: Control
    checkpoints: int
    func: object


def _parameters(func: object, given: Iterable[Tensor] | None) -> tuple[Tensor, ...]:
    if given is None:
        if not isinstance(func, nn.Module):
            raise ValueError(
                "func is a plain function: name the tensors that want gradients in adjoint_params "
                "(an empty tuple if there are none)."
            )
        given = func.parameters()
    return tuple(p for p in given if p.requires_grad)


def _accept_seminorm(options: dict[str, Any]) -> None:
    norm = options.pop("norm", "seminorm")
    if norm != "seminorm":
        raise ValueError('The only norm that adjoint_options can name is "seminorm".')


class _Adjoint(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, plan: _Plan, y0: Tensor, t: Tensor, *parameters: Tensor) -> Tensor:
        kept = Checkpoints(plan.checkpoints)
        y = solve(plan.field, plan.tableau, y0, t.detach(), plan.control, kept)
        ctx.plan, ctx.kept, ctx.parameters = plan, kept, parameters
        ctx.save_for_backward(t, y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        t, y = ctx.saved_tensors
        pullback = make_pullback(ctx.plan.func, ctx.plan.field, ctx.parameters)
        # The adjoint is linear in g: scaled to one, an absolute tolerance means something.
        size = g.abs().max().item() or 1.0
        a, a_after = _solve_back(ctx.plan, pullback, t, y, g / size, ctx.kept)
        t_gradient = _time_gradient(ctx.plan.field, t, y, g, a_after * size) if ctx.needs_input_grad[2] else None
        gradients = [total * size for total in pullback.gradients()]
        return (None, a * size, t_gradient, *gradients)


def _time_gradient(f: Field, t: Tensor, y: Tensor, g: Tensor, a_after: Tensor) -> Tensor:
    """dL/dt for every time, shape (n,)."""
    if len(t) == 1:
        return torch.zeros_like(t)
    with torch.no_grad():
        slopes = [f(moment, state) for moment, state in zip(t, y, strict=True)]
        rest = [(gi * fi).sum() for gi, fi in zip(g[1:], slopes[1:], strict=True)]
        return torch.stack([-(a_after * slopes[0]).sum(), *rest]).to(t)


def _solve_back(
    plan: _Plan, pullback: Pullback, t: Tensor, y: Tensor, g: Tensor, kept: Checkpoints
) -> tuple[Tensor, Tensor]:
    """dL/dz(t_0), with z(t_1), ..., z(t_n) following, and the same without the jump at t_0."""
    times: list[float] = t.tolist()
    a = g[-1]
    back = _WayBack(plan, pullback, t)
    for i in range(len(times) - 1, 0, -1):
        stops = kept.between(times[i - 1], times[i])
        start, state = times[i], y[i]
        for stop, stored in reversed(stops):
            a = back.solve(start, stop, state, a)
            start, state = stop, stored
        a = back.solve(start, times[i - 1], state, a)
        if i > 1:
            a = a + g[i - 1]
    return (a + g[0] if len(times) > 1 else a), a


class _WayBack(Watcher):
    """Solves (z, a) from one stored state back to the one before."""

    def __init__(self, plan: _Plan, pullback: Pullback, t: Tensor) -> None:
        norm = plan.back_control.norm
        self._tableau = plan.back_tableau
        self._pullback = pullback
        self._t = t.detach()
        self._sizes: list[float] = []
        self._clean = True
        self._control = replace(
            plan.back_control,
            rtol=_doubled(plan.back_control.rtol),
            atol=_doubled(plan.back_control.atol),
            norm=lambda s: torch.maximum(norm(s[0]), norm(s[1])),
        )

    def solve(self, start: float, stop: float, z: Tensor, a: Tensor) -> Tensor:
        """The adjoint at ``stop``."""
        self._pullback.restart()
        self._sizes, self._clean = [], True
        # The times stay in double precision here, whatever the type of t: checkpoints may lie close together.
        times = torch.tensor([start, stop], dtype=torch.float64)
        y = solve(self._derivative, self._tableau, torch.stack([z, a]), times, self._control, self)
        # A step that the segment's end cut short, and that went well, should not keep the next one short.
        grow = 2.0 if self._clean and len(self._sizes) == 1 else 1.0
        self._control = replace(self._control, first_step=grow * max(self._sizes))
        return y[-1][1]

    def _derivative(self, t: Tensor, both: Tensor) -> Tensor:
        f, pulled = self._pullback.evaluate(t.to(self._t), both[0], both[1])
        return torch.stack([f, -pulled])

    def accepted(self, t: float, y: Tensor, h: float) -> None:
        """Add the step's share of the parameter gradient; ``h`` points back in time, hence the sign."""
        weights = self._tableau.b[:-1] if self._tableau.adaptive else self._tableau.b
        self._pullback.accept([-h * w for w in weights])
        self._sizes.append(abs(h))

    def discarded(self) -> None:
        """A stage that led nowhere adds nothing."""
        self._pullback.reject()
        self._clean = False


def _doubled(tolerance: Tolerance) -> Tolerance:
    return tolerance.expand(2, *tolerance.shape) if isinstance(tolerance, Tensor) else tolerance
