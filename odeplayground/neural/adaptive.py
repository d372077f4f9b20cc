"""Adaptive steps with dense output: the solver never stops at the requested times."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from odeplayground.neural.spectral import SpectralRadius, linear_step_limit
from odeplayground.neural.stepping import Clock, Control, Field, Tolerance, Watcher, combine, stopped
from odeplayground.neural.tableaus import Tableau
from odeplayground.spec import Status


def solve_adaptive(f: Field, tableau: Tableau, y: Tensor, t: Tensor, control: Control, watcher: Watcher) -> Tensor:
    """Values at the times ``t``, shape (len(t),) + y.shape, by dense output."""
    run = _AdaptiveRun(f, tableau, t, control)
    times: list[float] = t.tolist()
    outputs, done = [y[None]], 1
    run.start(y, times)
    watcher.discarded()
    while done < len(times):
        t0, h, ks, new = run.advance(watcher, outputs)
        reached = done
        while reached < len(times) and (run.time - times[reached]) * run.sign >= 0:
            reached += 1
        if reached > done:
            outputs.append(_dense(run, t0, h, ks, slice(done, reached)))
            done = reached
        run.y = new
    return torch.cat(outputs)


def _dense(run: _AdaptiveRun, t0: float, h: float, ks: list[Tensor], which: slice) -> Tensor:
    """Interpolate at the requested times inside the step that began at ``t0``."""
    t = (run.t if run.clock.tracked else run.t.detach()).double()
    start = t0 if not run.clock.tracked else t[0] + (t0 - run.first)
    theta = ((t[which] - start) / h).to(run.y)
    powers = theta[:, None] ** torch.arange(1, 5, device=theta.device)
    weights: Tensor = h * powers @ torch.tensor(run.tableau.dense, dtype=theta.dtype, device=theta.device).T
    step: Tensor = torch.tensordot(weights, torch.stack(ks), dims=1)
    return run.y + step


class _AdaptiveRun:
    """The moving parts of one adaptive solve."""

    def __init__(self, f: Field, tableau: Tableau, t: Tensor, control: Control) -> None:
        self.f, self.tableau, self.t, self.control = f, tableau, t, control
        self.clock = Clock(t)
        self.taken = 0

    def start(self, y: Tensor, times: list[float]) -> None:
        self.first = self.time = times[0]
        self.end = times[-1]
        self.sign = 1.0 if self.end >= self.first else -1.0
        self.y = y
        self.k1 = self.f(self._moment(self.first), y)
        # Gradients flow through the steps: the steps must suit perturbations too, not only the trajectory.
        self.radius = SpectralRadius() if self.k1.requires_grad and torch.is_grad_enabled() else None
        self.limit = linear_step_limit(_smallest(self.control.rtol))
        self.h = self.sign * (self.control.first_step or self._first_step())

    def _moment(self, time: float) -> Tensor:
        """A time as a tensor; all steps move along with the first time when that is tracked."""
        return self.t[0] + (time - self.first) if self.clock.tracked else self.clock.at(time)

    def advance(self, watcher: Watcher, outputs: list[Tensor]) -> tuple[float, float, list[Tensor], Tensor]:
        """Take one accepted step; returns its start, size, stage derivatives and the new state."""
        self._cap()
        while True:
            self._check(outputs)
            last = (self.time + 1.0000001 * self.h - self.end) * self.sign >= 0
            h = self.end - self.time if last else self.h
            ks = [self.k1]
            for c, row in zip(self.tableau.c[1:], self.tableau.a[1:], strict=True):
                state = combine(self.y, ks, row, h)
                ks.append(self.f(self._moment(self.time + c * h), state))
            ratio = self._error_ratio(ks, state, h)
            self.taken += 1
            grow = _growth(ratio, self.tableau.order)
            if ratio <= 1:
                # A step cut short by the end says little about the next size, and there is none.
                t0, self.time, self.h, self.k1 = self.time, self.end if last else self.time + h, h * grow, ks[-1]
                watcher.accepted(self.time, state, h)
                return t0, h, ks, state
            watcher.discarded()
            self.h = h * grow

    def _error_ratio(self, ks: list[Tensor], new: Tensor, h: float) -> float:
        with torch.no_grad():
            error = combine(torch.zeros_like(new), ks, self.tableau.error, h)
            scale = torch.maximum(self.y.abs(), new.abs()).mul_(self.control.rtol).add_(self.control.atol)
            return self.control.norm(error.div_(scale)).item()

    def _cap(self) -> None:
        if self.radius is not None:
            rate = self.radius.estimate(lambda y: self.f(self.clock.at(self.time), y), self.y, self.k1)
            if rate * abs(self.h) > self.limit:
                self.h = self.sign * self.limit / rate

    def _check(self, outputs: list[Tensor]) -> None:
        if self.taken >= self.control.max_steps:
            raise stopped(Status.STEP_LIMIT, self.time, outputs, f"All {self.control.max_steps} steps are used up.")
        if abs(self.h) > 1e-15 * max(abs(self.first), abs(self.end), 1e-300) and math.isfinite(self.h):
            return
        outputs = [part for output in outputs for part in output]
        if not bool(torch.isfinite(self.y).all() and torch.isfinite(self.k1).all()):
            raise stopped(Status.DIVERGED, self.time, outputs, "The state became infinite or undefined.")
        raise stopped(
            Status.STEP_TOO_SMALL, self.time, outputs, "The steps became too small; the solution may blow up."
        )

    @torch.no_grad()
    def _first_step(self) -> float:
        """Hairer, Norsett and Wanner, Solving ODEs I, II.4."""
        y, k1, norm = self.y, self.k1, self.control.norm
        span = abs(self.end - self.first)
        scale = self.control.atol + self.control.rtol * y.abs()
        d0, d1 = norm(y / scale).item(), norm(k1 / scale).item()
        h0 = 0.01 * d0 / d1 if d0 > 1e-5 and d1 > 1e-5 else 1e-6 * span
        if not math.isfinite(h0):
            return 1e-6 * span
        h0 = min(h0, span)
        k2 = self.f(self.clock.at(self.first + self.sign * h0), torch.add(y, k1, alpha=self.sign * h0))
        d2 = norm((k2 - k1) / scale).item() / h0
        fastest = max(d1, d2)
        h1 = (0.01 / fastest) ** (1 / self.tableau.order) if 1e-15 < fastest < math.inf else max(1e-6 * span, h0 * 1e-3)
        return min(100 * h0, h1, span)


def _growth(ratio: float, order: int) -> float:
    if not math.isfinite(ratio):
        return 0.1
    if ratio == 0:
        return 10.0
    factor = 0.9 * math.pow(ratio, -1 / order)
    return min(10.0, factor) if ratio <= 1 else max(0.2, min(factor, 0.95))


def _smallest(rtol: Tolerance) -> float:
    return rtol if isinstance(rtol, float) else torch.as_tensor(rtol).min().item()
