"""The discrete adjoint as a function of autograd."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from odeplayground.neural.counters import Counters
from odeplayground.neural.discrete import DiscreteAdjoint
from odeplayground.neural.jacobian import independent_rows
from odeplayground.neural.odeint import make_scheme, march
from odeplayground.neural.stepping import Clock, Control, Field
from odeplayground.neural.tableaus import Tableau
from odeplayground.neural.tape import LIMIT, Tape


@dataclass(frozen=True)
class DiscretePlan:
    """All that a solve and its way back need besides tensors."""

    field: Field
    tableau: Tableau
    control: Control
    func: object
    counters: Counters
    tape_bytes: int = LIMIT


class Discrete(torch.autograd.Function):
    """Forward with a tape, backward by the exact adjoint of its steps."""

    @staticmethod
    def forward(ctx: Any, plan: DiscretePlan, y0: Tensor, t: Tensor, *parameters: Tensor) -> Tensor:
        times = t.detach()
        start = y0.detach()
        moment = Clock(times, start).at(float(times[0]))
        rows = independent_rows(plan.field, moment, start, plan.func)
        control = replace(plan.control, sensitive=True)
        scheme = make_scheme(plan.field, plan.tableau, start, times, control, plan.func, rows)
        tape = Tape(scheme, plan.counters.watcher, plan.tape_bytes)
        try:
            y = march(scheme, times, control, tape) if len(times) > 1 else start[None].clone()
        finally:
            plan.counters.evaluations = scheme.evaluations
        ctx.plan, ctx.tape, ctx.parameters, ctx.times, ctx.rows = plan, tape, parameters, times, rows
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        plan: DiscretePlan = ctx.plan
        adjoint = DiscreteAdjoint(plan.field, plan.tableau, ctx.times.tolist(), g, ctx.parameters, ctx.rows)
        with torch.no_grad():
            pulled = adjoint.walk(ctx.tape, want_times=ctx.needs_input_grad[2])
        plan.counters.backward_evaluations = pulled.evaluations
        to_t = pulled.times.to(ctx.times) if ctx.needs_input_grad[2] else None
        return (None, pulled.state.view(g.shape[1:]), to_t, *pulled.parameters)
