"""The exact adjoint of steps that every row of a state chose for itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from odeplayground.neural.counters import Counters
from odeplayground.neural.flatten import Shape
from odeplayground.neural.jacobian import WIDEST, jacobian_of
from odeplayground.neural.outputs import dense_rates, dense_weights
from odeplayground.neural.row_steps import RowSteps, Taken, evaluate_rows
from odeplayground.neural.stepping import Control, Field, rms
from odeplayground.neural.tableaus import Tableau
from odeplayground.spec import Status


@dataclass(frozen=True)
class RowPlan:
    """All that a solve and its way back need besides tensors; ``status`` is filled by the solve."""

    field: Field
    tableau: Tableau
    control: Control
    counters: list[Counters]
    status: list[Status]


def rows_fit(shape: Shape, tableau: Tableau, control: Control, y: Tensor) -> bool:
    """Whether rows can take their steps together; else they are solved one after the other."""
    explicit = tableau.adaptive and not tableau.gamma and (bool(tableau.dense) or tableau.order <= 3)
    plain = shape.plain and control.norm is rms and not (control.jumps or control.stops)
    numbers = isinstance(control.rtol, float) and isinstance(control.atol, float)
    return explicit and plain and numbers and y.shape[-1] <= WIDEST


class RowDiscrete(torch.autograd.Function):
    """Rows (rows, n) over grids (rows, times) give (times, rows, n)."""

    @staticmethod
    def forward(ctx: Any, plan: RowPlan, y0: Tensor, grids: Tensor, *parameters: Tensor) -> Tensor:
        control = replace(plan.control, sensitive=any(ctx.needs_input_grad))
        solve = RowSteps(plan.field, plan.tableau, control, y0.detach(), grids.detach(), plan.counters)
        solve.run()
        plan.status[:] = solve.status
        ctx.plan, ctx.tape, ctx.parameters = plan, solve.tape, parameters
        return solve.values

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        walk = _Walk(ctx.plan, g, ctx.parameters, ctx.needs_input_grad[2])
        with torch.no_grad():
            for taken in reversed(ctx.tape):
                walk.over(taken)
        to_times = walk.times if ctx.needs_input_grad[2] else None
        return (None, walk.state + g[0], to_times, *walk.parameters)


class _Walk:
    """Gradients so far: of the rows' states at the beginning, of their times, and of the parameters."""

    def __init__(self, plan: RowPlan, g: Tensor, parameters: tuple[Tensor, ...], want_times: bool) -> None:
        self._plan, self._g, self._want = plan, g, want_times
        self._leaves, self.parameters = parameters, [torch.zeros_like(p) for p in parameters]
        self.state = torch.zeros_like(g[0])
        self.times = g.new_zeros(g.shape[1], g.shape[0], dtype=torch.float64)
        self._polynomials = torch.tensor(plan.tableau.polynomials, dtype=torch.float64, device=g.device)

    def over(self, taken: Taken) -> None:
        """One step of some rows; as in ``discrete.py``, but the last stage counts to its own step."""
        (stages, m, n), tableau = taken.states.shape, self._plan.tableau
        if m == 0:
            return
        to_state, to_slopes, g = self._asked(taken)
        moments = torch.stack([taken.t + c * taken.h for c in tableau.c]).reshape(-1).to(taken.states)
        with torch.enable_grad():
            points = taken.states.reshape(-1, n).detach().requires_grad_()
            moments.requires_grad_(self._want)
            values = evaluate_rows(self._plan.field, moments, points)
        turned = jacobian_of(values, points, stages * m).transpose(1, 2).view(stages, m, n, n)
        h = taken.h[:, None].to(g)
        kappas = list(to_slopes)
        pulled = [torch.zeros_like(kappas[0]) for _ in range(stages)]
        pulled[-1] = (turned[-1] @ kappas[-1][..., None])[..., 0]
        lam = self.state[taken.rows] + pulled[-1]
        for i in range(stages - 2, -1, -1):
            later = sum(tableau.a[j][i] * pulled[j] for j in range(i + 1, stages - 1) if tableau.a[j][i])
            kappas[i] = kappas[i] + h * (tableau.b[i] * lam + later)
            pulled[i] = (turned[i] @ kappas[i][..., None])[..., 0]
        self.state[taken.rows] = lam + torch.stack(pulled[:-1]).sum(0) + to_state
        leaves = [*self._leaves, *([moments] if self._want else [])]
        parts: tuple[Tensor | None, ...] = (None,) * len(leaves)
        if values.requires_grad and leaves:
            parts = torch.autograd.grad(values, leaves, torch.cat(kappas), allow_unused=True)
        for total, part in zip(self.parameters, parts, strict=False):
            if part is not None:
                total.add_(part)
        if self._want:
            by_time = parts[-1] if parts[-1] is not None else torch.zeros_like(moments)
            self._add_times(taken, values.detach().view(stages, m, n), by_time.view(stages, m))
        for row in taken.rows.tolist():
            self._plan.counters[row].backward_evaluations += stages

    def _asked(self, taken: Taken) -> tuple[Tensor, Tensor, Tensor]:
        """What the outputs in these steps ask of the first state, and of the stages' derivatives."""
        stages, m, n = taken.states.shape
        g = self._g[taken.number, taken.rows[taken.local]]
        weights = (taken.h[taken.local, None] * dense_weights(self._polynomials, taken.theta)).to(g)
        to_state = g.new_zeros(m, n).index_add_(0, taken.local, g)
        to_slopes = g.new_zeros(stages, m, n).index_add_(1, taken.local, weights.T[:, :, None] * g)
        return to_state, to_slopes, g

    def _add_times(self, taken: Taken, slopes: Tensor, by_time: Tensor) -> None:
        """All steps of a row move along with its first time; outputs move through the dense output."""
        rates = dense_rates(self._polynomials, taken.theta).to(slopes)
        paces = torch.einsum("ks,skn->kn", rates, slopes[:, taken.local])
        rows = taken.rows[taken.local]
        change = (self._g[taken.number, rows] * paces).sum(1).double()
        self.times.index_put_((rows, taken.number), change, accumulate=True)
        self.times[taken.rows, 0] += by_time.double().sum(0)
        self.times[:, 0].index_add_(0, rows, -change)
