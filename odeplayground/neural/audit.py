"""Are the gradients right? All ways to compute them against each other, on somebody's own field and data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from odeplayground.neural.adjoint import odeint_adjoint
from odeplayground.neural.data import Dataset
from odeplayground.neural.errors import SolveError
from odeplayground.neural.odeint import odeint
from odeplayground.neural.sensitivity import record, sensitivities
from odeplayground.neural.solution import solve
from odeplayground.spec import Status

TIGHT = 1e-11
"""Tolerance of the reference: plain autograd through every step."""
STEP = 1e-4
"""Relative step of the central differences."""
MOST_SUBSTEPS = 256
AGREE = 1e-8
"""Forward sensitivities halve their steps until the states change by less."""

_TIME = "times["
"""So the name of a single time begins."""

Blocks = dict[str, Tensor]
Solver = Callable[[nn.Module, Tensor, Tensor, float], Tensor]


def _by(gradient: str) -> Solver:
    """``solve`` with one of its gradients; failures raise, so that a row can say that this way does not go."""

    def solved(f: nn.Module, y0: Tensor, t: Tensor, tol: float) -> Tensor:
        found = solve(f, y0, t, gradient=gradient, engine="torch", rtol=tol, atol=1e-2 * tol)
        if found.status[0] is not Status.FINISHED:
            raise SolveError(found.message, found.status[0])
        values: Tensor = found.values
        return values

    return solved


MODES: dict[str, Solver] = {
    "direct": lambda f, y0, t, tol: odeint(f, y0, t, rtol=tol, atol=1e-2 * tol),
    "discrete": _by("discrete"),
    "interpolating": _by("interpolating"),
    "adjoint": lambda f, y0, t, tol: odeint_adjoint(f, y0, t, rtol=tol, atol=1e-2 * tol),
    "adjoint, pure": lambda f, y0, t, tol: odeint_adjoint(
        f, y0, t, rtol=tol, atol=1e-2 * tol, adjoint_options={"checkpoints": 0}
    ),
}


@dataclass(frozen=True)
class Row:
    """How far one way is from the reference, for one block: a parameter's name, ``"start"``, ``"times"`` or one of
    them, ``"times[0]"`` and so on.
    """

    mode: str
    tolerance: float
    block: str
    error: float
    """Norm of the difference relative to the norm of the reference, for one time relative to the largest among the
    times; NaN where the way does not go."""


@dataclass(frozen=True)
class Audit:
    """Rows per way, tolerance and block; the drift of the backward reconstruction per tolerance."""

    rows: tuple[Row, ...]
    drift: tuple[tuple[float, float], ...]
    """Tolerance, and how far the solution that went forwards and back is from its start, relative to it."""

    def worst(self, mode: str, tolerance: float) -> float:
        """The largest error of a way at a tolerance."""
        return max(row.error for row in self.rows if row.mode == mode and row.tolerance == tolerance)


def audit(func: nn.Module, data: Dataset, tolerances: Sequence[float] = (1e-4, 1e-6, 1e-8)) -> Audit:
    """Gradients of the mean square along the first trajectory of the data, in double precision on a copy of its times.

    The reference is plain autograd at a tolerance of 1e-11. Against it: the modes at each tolerance, and for the
    reference's own sake central differences (along one random direction per block) and forward sensitivities.

    Args:
        func: called as ``func(t, y)`` with y (1, n_states), with parameters in double precision.
        data: its first trajectory is used, from its first known values.
        tolerances: relative ones; the absolute ones are a hundredth.

    Raises:
        SolveError: not even the reference can be solved.
        ValueError: parameters that are not in double precision.
    """
    parts = list(audit_parts(func, data, tolerances))
    return Audit(tuple(row for part in parts for row in part.rows), tuple(one for part in parts for one in part.drift))


def audit_parts(func: nn.Module, data: Dataset, tolerances: Sequence[float] = (1e-4, 1e-6, 1e-8)) -> Iterator[Audit]:
    """The same bit by bit, for those who watch: the ways one by one, tolerance by tolerance, and the checks last.

    Raises:
        SolveError: as :func:`audit`.
        ValueError: as :func:`audit`.
    """
    if any(p.dtype != torch.float64 for p in func.parameters()):
        raise ValueError("An audit needs parameters in double precision: call .double() on the module first.")
    case = _Case(func, data)
    reference = case.gradients(MODES["direct"], TIGHT)
    for tolerance in tolerances:
        for name, solver in MODES.items():
            yield Audit(tuple(case.rows(name, solver, tolerance, reference)), ())
        yield Audit((), ((tolerance, case.drift(tolerance)),))
    yield Audit(tuple(_compared("finite differences", TIGHT, case.differences(reference), case.along(reference))), ())
    yield Audit(tuple(_compared("forward sensitivities", AGREE, case.forward(), reference)), ())


class _Case:
    """One loss: the mean square along a trajectory."""

    def __init__(self, func: nn.Module, data: Dataset) -> None:
        one = data.trajectories[0]
        self._func = func
        self._t, self._y0 = torch.tensor(one.t), torch.tensor(one.first)[None]
        self._target = torch.tensor(np.nan_to_num(one.y.T))[:, None]
        self._weight = torch.tensor(np.isfinite(one.y.T))[:, None].double()
        self._named = dict(func.named_parameters())

    def gradients(self, solver: Solver, tolerance: float) -> Blocks:
        """By every parameter, the start, the times, and each of them."""
        y0, t = self._y0.clone().requires_grad_(), self._t.clone().requires_grad_()
        loss = self._loss(solver(self._func, y0, t, tolerance))
        names = [*self._named, "start", "times"]
        found = torch.autograd.grad(loss, [*self._named.values(), y0, t], allow_unused=True)
        like = [*self._named.values(), y0, t]
        whole = {
            name: torch.zeros_like(one) if g is None else g for name, g, one in zip(names, found, like, strict=True)
        }
        return whole | {f"{_TIME}{i}]": one for i, one in enumerate(whole["times"])}

    def rows(self, name: str, solver: Solver, tolerance: float, reference: Blocks) -> list[Row]:
        """One way at one tolerance."""
        try:
            found = self.gradients(solver, tolerance)
        except SolveError:
            return [Row(name, tolerance, block, math.nan) for block in reference]
        return _compared(name, tolerance, found, reference)

    def along(self, blocks: Blocks) -> Blocks:
        """Each block times its random direction."""
        return {name: (block * self._direction(name, block)).sum() for name, block in blocks.items()}

    @torch.no_grad()
    def differences(self, like: Blocks) -> Blocks:
        """Central differences along the same directions."""
        result = {}
        for name, block in like.items():
            move = STEP * self._direction(name, block)
            ends = [self._moved(name, sign * move) for sign in (1, -1)]
            result[name] = (ends[0] - ends[1]) / (2 * STEP)
        return result

    def forward(self) -> Blocks:
        """By forward sensitivities of finer and finer Runge-Kutta steps; not for the times."""
        times, steps = self._t[:, None], 4
        tape = record(self._func, self._y0, times, steps)
        while steps < MOST_SUBSTEPS:
            before, steps = tape, 2 * steps
            tape = record(self._func, self._y0, times, steps)
            if float((tape.y - before.y).abs().max()) <= AGREE * float(tape.y.abs().max()):
                break
        by_parameters, by_start = sensitivities(self._func, tape)
        pull = 2 * self._weight * (tape.y - self._target) / self._weight.sum()
        flat = torch.einsum("kmn,kmnp->p", pull, by_parameters)
        pieces = torch.split(flat, [p.numel() for p in self._named.values()])
        found = {name: piece.reshape(p.shape) for (name, p), piece in zip(self._named.items(), pieces, strict=True)}
        return found | {"start": torch.einsum("kmn,kmns->ms", pull, by_start)}

    @torch.no_grad()
    def drift(self, tolerance: float) -> float:
        """There and back again."""
        ends = self._t[[0, -1]]
        try:
            there = odeint(self._func, self._y0, ends, rtol=tolerance, atol=1e-2 * tolerance)[-1]
            back = odeint(self._func, there, ends.flip(0), rtol=tolerance, atol=1e-2 * tolerance)[-1]
        except SolveError:
            return math.inf
        return float((back - self._y0).norm() / self._y0.norm().clamp_min(1e-300))

    def _loss(self, y: Tensor) -> Tensor:
        return ((y - self._target).square() * self._weight).sum() / self._weight.sum()

    def _moved(self, name: str, move: Tensor) -> Tensor:
        y0, t = self._y0, self._t
        if name in self._named:
            self._named[name].add_(move)
        elif name == "start":
            y0 = y0 + move
        elif name == "times":
            t = t + move
        else:
            t = t.clone()
            t[int(name.removeprefix(_TIME)[:-1])] += move
        loss = self._loss(odeint(self._func, y0, t, rtol=TIGHT, atol=1e-2 * TIGHT, method="dopri8"))
        if name in self._named:
            self._named[name].sub_(move)
        return loss

    def _direction(self, name: str, like: Tensor) -> Tensor:
        if like.ndim == 0:
            return torch.ones_like(like)
        numbers = torch.Generator().manual_seed(sum(name.encode()))
        return torch.randn(like.shape, generator=numbers, dtype=like.dtype) / math.sqrt(max(1, like.numel()))


def _compared(mode: str, tolerance: float, found: Blocks, reference: Blocks) -> list[Row]:
    largest = max(block.norm() for name, block in reference.items() if name.startswith(_TIME))
    return [
        Row(mode, tolerance, name, float((found[name] - block).norm() / size.clamp_min(1e-300)))
        for name, block in reference.items()
        for size in [largest if name.startswith(_TIME) else block.norm()]
        if name in found
    ]
