"""The continuous adjoint along the forward dense output: a alone is solved backwards, z is read off."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from odeplayground.neural.adaptive import AdaptiveRun
from odeplayground.neural.counters import Counters
from odeplayground.neural.odeint import make_scheme, march
from odeplayground.neural.outputs import LeanOutputs
from odeplayground.neural.pullback import make_pullback
from odeplayground.neural.quadrature import Quadrature
from odeplayground.neural.stepping import Control, Field, Step, Watcher
from odeplayground.neural.tableaus import Tableau
from odeplayground.neural.way_back import time_gradient


@dataclass(frozen=True)
class InterpolatingPlan:
    """All that a solve and its way back need besides tensors."""

    field: Field
    tableau: Tableau
    control: Control
    func: object
    counters: Counters


class _Path(Watcher):
    """The solution between the outputs, from the stages of every step."""

    def __init__(self, tableau: Tableau, inner: Watcher) -> None:
        self._dense = tableau.polynomials
        self._inner = inner
        self._steps: list[tuple[float, float, Tensor, Tensor]] = []
        self._ends: list[float] = []

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        self._inner.rejected(t, y, h)

    def accepted(self, step: Step) -> None:
        self._inner.accepted(step)
        self._steps.append((step.t, step.h, step.states[0].clone(), step.slopes.clone()))
        self._ends.append(step.end if step.h > 0 else -step.end)

    @property
    def corners(self) -> list[float]:
        """Where the steps meet."""
        return [t for t, _, _, _ in self._steps[1:]]

    def at(self, time: float) -> Tensor:
        """The state at one time."""
        key = time if self._steps[0][1] > 0 else -time
        t, h, y, slopes = self._steps[min(bisect.bisect_left(self._ends, key), len(self._steps) - 1)]
        theta = (time - t) / h
        # Plain numbers until the one product: this runs for every stage of every step back.
        weights = [h * sum(c * theta ** (k + 1) for k, c in enumerate(row)) for row in self._dense]
        change = torch.tensor(weights, dtype=slopes.dtype, device=slopes.device) @ slopes.view(len(slopes), -1)
        return y + change.view(y.shape)


class _Gather(Watcher):
    """Adds each step's share of the parameter gradient."""

    def __init__(self, path: _Path, quadrature: Quadrature, tableau: Tableau) -> None:
        self._path, self._quadrature, self._tableau = path, quadrature, tableau
        self._used = [j for j, b in enumerate(tableau.b) if b]

    def accepted(self, step: Step) -> None:
        times = [step.t + self._tableau.c[j] * step.h for j in self._used]
        nodes = torch.stack([torch.stack([self._path.at(t) for t in times]), step.states[self._used]], dim=1)
        self._quadrature.add(times, [-step.h * self._tableau.b[j] for j in self._used], nodes)


class Interpolating(torch.autograd.Function):
    """Forward with its dense output kept; backward by the adjoint along it."""

    @staticmethod
    def forward(ctx: Any, plan: InterpolatingPlan, y0: Tensor, t: Tensor, *parameters: Tensor) -> Tensor:
        times, start = t.detach(), y0.detach()
        path = _Path(plan.tableau, plan.counters.watcher)
        scheme = make_scheme(plan.field, plan.tableau, start, times, plan.control, plan.func)
        try:
            y = march(scheme, times, plan.control, path) if len(times) > 1 else start[None].clone()
        finally:
            plan.counters.evaluations = scheme.evaluations
        ctx.plan, ctx.path, ctx.parameters = plan, path, parameters
        ctx.save_for_backward(t, y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
        t, y = ctx.saved_tensors
        plan: InterpolatingPlan = ctx.plan
        path: _Path = ctx.path
        pullback = make_pullback(plan.func, plan.field)
        quadrature = Quadrature(plan.field, ctx.parameters, y[0])
        size = float(g.abs().max()) or 1.0
        times: list[float] = t.tolist()
        with torch.no_grad():
            a = g[-1] / size
            for i in range(len(times) - 1, 0, -1):
                a = _solve(plan, path, pullback, quadrature, times[i], times[i - 1], a)
                if i > 1:
                    a = a + g[i - 1] / size
            quadrature.flush()
            a_after, a = a, (a + g[0] / size if len(times) > 1 else a)
        to_t = time_gradient(plan.field, t, y, g, a_after * size) if ctx.needs_input_grad[2] else None
        return (None, a * size, to_t, *[total * size for total in quadrature.sums])


def _solve(
    plan: InterpolatingPlan,
    path: _Path,
    pullback: Any,
    quadrature: Quadrature,
    start: float,
    stop: float,
    a: Tensor,
) -> Tensor:
    """The adjoint at ``stop``. Steps end where forward steps meet: the dense output is smooth only between."""

    def derivative(t: Tensor, adjoint: Tensor) -> Tensor:
        plan.counters.backward_evaluations += 1
        pulled: Tensor = pullback(t, path.at(float(t)), adjoint)[1]
        return -pulled

    times = torch.tensor([start, stop], dtype=torch.float64)
    scheme = make_scheme(derivative, plan.tableau, a, times, plan.control, rows=1)
    control = replace(plan.control, stops=tuple(path.corners), jumps=())
    run = AdaptiveRun(scheme, start, stop, control, _Gather(path, quadrature, plan.tableau))
    outputs = LeanOutputs([start, stop], plan.tableau, a)
    while run.time != stop:
        run.proceed(run.advance(outputs))
    return scheme.y.clone()
