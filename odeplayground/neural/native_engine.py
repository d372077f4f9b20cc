"""Dense networks solved by native code, as a differentiable operation of torch.

The engine knows :class:`MLP` and :class:`ScaledField`. Every trajectory has steps of its own, so that its result is
the same alone or among others. Gradients are the exact adjoint of the steps that were taken; those by the times are
``g_i f(z(t_i))``, and by the first time minus the sum of the others, since the field does not depend on time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.dynamics.dense_shape import DenseShape, Reals
from odeplayground.dynamics.dense_solver import DenseSolver, DenseStats, Loss
from odeplayground.dynamics.endings import STATUS, Ending
from odeplayground.neural.counters import Counters
from odeplayground.neural.models import MLP, ScaledField, hooked
from odeplayground.neural.tape import LIMIT
from odeplayground.spec import Activation, Status

STAGES = 6
"""Evaluations per step."""


def supports(model: object, y0: Tensor | None = None) -> bool:
    """Whether the engine can solve this field: a plain dense network from states to slopes, on the processor.

    ``y0``, where given, has to be states (..., n_states) of the network's precision.
    """
    net = model.net if type(model) is ScaledField else model
    if type(net) is not MLP or not net.plain or net.sizes[0] != net.sizes[-1]:
        return False
    if hooked(net) or (isinstance(model, ScaledField) and hooked(model)):
        return False
    kinds = {(p.dtype, p.device.type) for p in net.parameters()}
    if kinds not in ({(torch.float32, "cpu")}, {(torch.float64, "cpu")}):
        return False
    if y0 is None:
        return True
    return (y0.dtype, y0.device.type) in kinds and y0.ndim > 0 and y0.shape[-1] == net.sizes[0]


def native_solve(
    model: nn.Module,
    y0: Tensor,
    t: Tensor,
    rtol: float | Tensor = 1e-7,
    atol: float | Tensor = 1e-9,
    *,
    capped: bool = True,
    shared: bool = False,
    max_steps: int = 100_000,
    tape_bytes: int = LIMIT,
    threads: int = 0,
    counters: list[Counters] | None = None,
) -> tuple[Tensor, list[Status], Counters]:
    """States at the times, (k, *y0.shape), NaN from where a trajectory ended early; differentiable.

    Args:
        model: a field for which :func:`supports` is true.
        y0: starts, (..., n_states).
        t: times, (k,) or, for one axis of samples, (samples, k); strictly increasing or decreasing.
        rtol: relative tolerance; of several the smallest counts.
        atol: absolute tolerance, in the same way.
        capped: bound steps at equilibria by the spectral radius, so that gradients are right there, too.
        shared: one step for all trajectories of a block of neighbours.
        max_steps: tried steps per trajectory.
        tape_bytes: memory for the steps of all trajectories; beyond it they are repeated on the way back.
        threads: 0 for as many as torch has.
        counters: filled with what each sample cost.

    Returns:
        The values, a status per sample, and what it cost in all.
    """
    control = DenseControl(_least(rtol), _least(atol), shared, capped, max_steps, tape_bytes)
    threads = threads or torch.get_num_threads()
    weights = tuple(model.parameters())
    plan = _Plan(model, control, threads, Counters(), [] if counters is None else counters)
    values: Tensor = _NativeSolve.apply(plan, y0, t, *weights)  # type: ignore[no-untyped-call]
    return values, plan.statuses, plan.counters


def network(model: nn.Module) -> NativeField:
    """A field that :func:`supports` knows, for loops of training: see :class:`NativeField`."""
    return NativeField(model)


class NativeField:
    """A dense network as the native code wants it: flat weights, with its pace folded into the last layer."""

    def __init__(self, model: nn.Module, sign: float = 1.0) -> None:
        scaled = type(model) is ScaledField
        net = model.net if scaled else model
        assert isinstance(net, MLP)
        self.net = net
        first = next(net.parameters())
        self.shape = _shape(net.sizes, net.activation, str(first.dtype).removeprefix("torch."))
        rate = model.rate.detach().numpy() if isinstance(model, ScaledField) else None
        self._scale: Reals | None = None
        if rate is not None or sign != 1.0:
            n, last = self.shape.states, self.shape.sizes[-2]
            pace = np.ones(n) if rate is None else np.broadcast_to(rate, n)
            self._scale = (sign * np.concatenate([np.repeat(pace, last), pace])).astype(self.shape.dtype)

    def flat(self) -> Reals:
        """The weights as they are now, for the native code, (count,)."""
        with torch.no_grad():
            flat: Reals = torch.cat([p.reshape(-1) for p in self.net.parameters()]).numpy()
        return self.folded(flat)

    def folded(self, weights: Reals) -> Reals:
        """Multiply those of the last layer, in place."""
        if self._scale is not None:
            weights[-len(self._scale) :] *= self._scale
        return weights


@lru_cache(maxsize=64)
def _shape(sizes: tuple[int, ...], activation: Activation, dtype: str) -> DenseShape:
    return DenseShape(sizes, activation, dtype)


@lru_cache(maxsize=64)
def _solver(shape: DenseShape, control: DenseControl, threads: int) -> DenseSolver:
    return DenseSolver(shape, control, threads)


class NativeTrainer:
    """Loss and gradient of a dense network over the same windows again and again, in one go.

    Args:
        model: a field that :func:`supports` knows; its parameters are read at each call.
        y0: starts, (m, n).
        t: times, (k,) or (m, k), increasing or decreasing.
        control: how steps are chosen. Trajectories begin with the first step of the last call.
        threads: blocks that are worked on at a time.
    """

    def __init__(self, model: nn.Module, y0: Tensor, t: Tensor, control: DenseControl, threads: int = 1) -> None:
        times, sign = _relative(t)
        self._times = times
        self.field = NativeField(model, sign)
        self._y0 = np.array(y0.detach().numpy(), dtype=self.field.shape.dtype)
        self.first: Reals = np.zeros(len(self._y0), self.field.shape.dtype)
        """The first steps that the next call begins with, (m,); zeros to choose them."""
        self.solver = _solver(self.field.shape, control, threads)

    def loss_and_gradient(self, loss: Loss, y0: Tensor | None = None) -> tuple[float, Reals, Reals, DenseStats]:
        """The sum of losses, gradients by the weights (count,) in torch's order and by the starts (m, n).

        Args:
            loss: of a slice of trajectories and their values (k, n, m): the loss and its cotangents. Values are NaN
                from where a trajectory ended early; their cotangents are not looked at.
            y0: other starts, (m, n).
        """
        if y0 is not None:
            self._y0[:] = y0.detach().numpy()
        found = self.solver.loss_and_gradient(self.field.flat(), self._y0, self._times, loss, self.first)
        value, by_weights, by_start, stats = found
        return value, self.field.folded(by_weights), by_start, stats

    def values(self, field: NativeField) -> Reals:
        """Solutions (k, m, n) of a field of the same shape from the latest starts, NaN where one ended early."""
        return self.solver.solve(field.flat(), self._y0, self._times, keep=False).values


def squares(targets: Tensor | Reals, weights: Tensor | Reals | None = None) -> Loss:
    """The mean square of the differences to targets (k, m, n), each times a weight of that shape.

    What a trajectory did not reach is left out.
    """
    wanted = np.ascontiguousarray(np.asarray(targets).transpose(0, 2, 1))
    factors = None if weights is None else np.ascontiguousarray(np.asarray(weights).transpose(0, 2, 1))
    scale = 2.0 / wanted.size

    def loss(part: slice, values: Reals) -> tuple[float, Reals]:
        off = values - wanted[:, :, part]
        weighed = off if factors is None else off * factors[:, :, part]
        total = float(np.vdot(weighed, off))
        if not np.isfinite(total):
            off, weighed = np.nan_to_num(off), np.nan_to_num(weighed)
            total = float(np.vdot(weighed, off))
        return 0.5 * scale * total, weighed * off.dtype.type(scale)

    return loss


@dataclass
class _Plan:
    model: nn.Module
    control: DenseControl
    threads: int
    counters: Counters
    each: list[Counters]
    """Of each sample."""
    statuses: list[Status] = field(default_factory=list)


class _NativeSolve(torch.autograd.Function):
    """Values at the times; the tape waits for ``backward``."""

    @staticmethod
    def forward(ctx: Any, plan: _Plan, y0: Tensor, t: Tensor, *parameters: Tensor) -> Tensor:
        times, sign = _relative(t)
        field = NativeField(plan.model, sign)
        solver = _solver(field.shape, plan.control, plan.threads)
        rows = y0.detach().reshape(-1, y0.shape[-1]).numpy().astype(field.shape.dtype, copy=False)
        share = plan.control.tape_bytes // max(1, len(solver.blocks(len(rows))))
        solver = DenseSolver(field.shape, replace(plan.control, tape_bytes=share), plan.threads)
        keep = any(ctx.needs_input_grad)
        run = solver.solve(field.flat(), rows, times, keep=keep)
        plan.statuses = [STATUS[Ending(code)] for code in run.stats.endings.tolist()]
        _count(plan.counters, run.stats)
        plan.each[:] = _apart(run.stats)
        values = torch.from_numpy(run.values).to(y0.dtype).reshape(len(run.values), *y0.shape)
        if keep:
            ctx.plan, ctx.run, ctx.field = plan, run, field
            ctx.save_for_backward(values, *parameters)
        return values

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, cotangent: Tensor) -> tuple[Tensor | None, ...]:
        values, *parameters = ctx.saved_tensors
        run, field = ctx.run, ctx.field
        steps = int(run.stats.accepted.sum())
        ctx.plan.counters.backward_evaluations += STAGES * steps + len(run.stats.accepted)
        for one in ctx.plan.each:
            one.backward_evaluations += STAGES * one.accepted + 1
        rows = cotangent.reshape(*run.values.shape).numpy().astype(field.shape.dtype, copy=False)
        by_weights, by_start = run.pull(rows)
        pieces = torch.split(torch.from_numpy(field.folded(by_weights)), [p.numel() for p in parameters])
        gradients = [piece.reshape(p.shape) for piece, p in zip(pieces, parameters, strict=True)]
        start = torch.from_numpy(by_start).to(cotangent.dtype).reshape(values.shape[1:])
        times = _by_times(ctx.plan.model, values, cotangent, ctx.needs_input_grad[2], run)
        return None, start, times, *gradients


def _by_times(model: Callable[..., Tensor], values: Tensor, cotangent: Tensor, wanted: bool, run: Any) -> Tensor | None:
    if not wanted:
        return None
    with torch.no_grad():
        each = torch.nan_to_num(cotangent * model(None, values)).sum(dim=-1).reshape(len(values), -1)
    each[0] = -each[1:].sum(dim=0)
    return each.T if run.per_sample_times else each.sum(dim=1)


def _relative(t: Tensor) -> tuple[np.ndarray[Any, np.dtype[np.float64]], float]:
    """Times since the first one, and the direction."""
    times = t.detach().double().numpy()
    since = times - times[..., :1]
    sign = 1.0 if since.shape[-1] < 2 or since.flat[since.shape[-1] - 1] >= 0 else -1.0
    return sign * since, sign


def _count(counters: Counters, stats: DenseStats) -> None:
    tried, accepted = int(stats.tried.sum()), int(stats.accepted.sum())
    counters.evaluations += STAGES * tried + len(stats.tried)
    counters.accepted += accepted
    counters.rejected += tried - accepted


def _apart(stats: DenseStats) -> list[Counters]:
    pairs = zip(stats.tried.tolist(), stats.accepted.tolist(), strict=True)
    return [Counters(STAGES * tried + 1, accepted, tried - accepted) for tried, accepted in pairs]


def _least(tolerance: float | Tensor) -> float:
    return float(tolerance.min()) if isinstance(tolerance, Tensor) else float(tolerance)
