"""Adaptive steps with dense output: the solver never stops at the requested times."""

from __future__ import annotations

import math
from dataclasses import replace

import torch

from odeplayground.neural.implicit import Implicit
from odeplayground.neural.outputs import Outputs
from odeplayground.neural.schemes import Scheme
from odeplayground.neural.spectral import SpectralRadius, linear_step_limit
from odeplayground.neural.stepping import Control, Step, Tolerance, Watcher, stopped
from odeplayground.neural.tangent import Tangent
from odeplayground.spec import Status

SLACK = 10.0
"""How much more than the tolerance the error may be, relative to the change of the state, before rates are checked."""


class AdaptiveRun:
    """Takes accepted steps from ``first`` towards ``end``, in either direction of time."""

    def __init__(self, scheme: Scheme, first: float, end: float, control: Control, watcher: Watcher) -> None:
        self.scheme, self.control, self.watcher = scheme, control, watcher
        self.first = self.time = first
        self.end = end
        self.sign = 1.0 if end >= first else -1.0
        self.rejections = self.taken = 0
        self._jumps = set(control.jumps)
        self._stops = self._sorted((*control.stops, *control.jumps))
        self._side = 0
        scheme.begin(first, int(self.sign) if first in self._jumps else 0)
        self.h = self.sign * min(control.first_step or self._first_step(), control.max_step)
        watch, rtol = control.sensitive or scheme.k1.requires_grad, _smallest(control.rtol)
        implicit = bool(scheme.tableau.gamma)
        self._radius = SpectralRadius() if watch and not implicit else None
        self._tangent = Tangent(scheme.tableau, rtol) if watch and implicit else None
        self._limit = linear_step_limit(rtol)
        self._resting = False

    def _sorted(self, times: tuple[float, ...]) -> list[float]:
        """Stops that lie ahead, the nearest last."""
        ahead = {t for t in times if (t - self.first) * self.sign > 0 and (self.end - t) * self.sign > 0}
        return sorted(ahead, reverse=self.sign > 0)

    def advance(self, outputs: Outputs) -> Step:
        """Take one accepted step.

        Raises:
            SolveError: the steps became too small, or too many.
        """
        scheme, broken = self.scheme, False
        while True:
            self._check(outputs)
            if self._resting and self._radius is not None:
                self._cap()
            target = self._stops[-1] if self._stops else self.end
            last = (self.time + 1.0000001 * self.h - target) * self.sign >= 0
            h = target - self.time if last else self.h
            broken = last and target in self._jumps
            self.watcher.begun(self.time, scheme.y, h)
            scheme.attempt(self.time, h, self._side, -int(self.sign) if broken else 0)
            self.taken += 1
            ratio, change = self._ratios()
            size = self.h
            self.h = h * self._growth(ratio)
            if (ratio <= 1 and self._resolved(ratio, change, h)) or abs(h) <= self.control.min_step:
                break
            self.rejections += 1
            self.watcher.rejected(self.time, scheme.y, h)
        if last and self._stops:
            # A step cut short by a stop says little about the next size.
            self.h = self.sign * max(abs(self.h), abs(size))
        self.h = self.sign * min(max(abs(self.h), self.control.min_step), self.control.max_step)
        t0, self.time = self.time, target if last else self.time + h
        return Step(t0, h, self.time, scheme.states, scheme.slopes, scheme.new, broken)

    def proceed(self, step: Step) -> None:
        """Move on to the end of an accepted step."""
        self.watcher.accepted(step)
        self.scheme.accept()
        self._side = 0
        if self._stops and self.time == self._stops[-1]:
            self._stops.pop()
        if step.broken:
            self._side = int(self.sign)
            self.scheme.begin(self.time, self._side)

    @torch.no_grad()
    def _ratios(self) -> tuple[float, float]:
        """Error and change of the latest attempt, relative to the tolerance."""
        scheme, control = self.scheme, self.control
        y, new = scheme.y.detach(), scheme.new.detach()
        scale = torch.maximum(y.abs(), new.abs()).mul_(control.rtol).add_(control.atol)
        error = control.norm(scheme.error().detach() / scale)
        if self._radius is None and self._tangent is None:
            return float(error), 0.0
        change = control.norm((new - y).div_(scale))
        both: list[float] = torch.stack([torch.as_tensor(error), torch.as_tensor(change)]).tolist()
        return both[0], both[1]

    def _resolved(self, ratio: float, change: float, h: float) -> bool:
        """Whether perturbations are resolved as well as the trajectory; bounds the next step."""
        if self._radius is None and self._tangent is None:
            return True
        resting = ratio >= SLACK * _smallest(self.control.rtol) * change
        if self._tangent is not None:
            return self._carry(self._tangent, resting, h)
        first, self._resting = resting and not self._resting, resting
        if not first:
            return True
        self._cap()
        return abs(self.h) >= 0.5 * abs(h)

    def _carry(self, tangent: Tangent, resting: bool, h: float) -> bool:
        if not resting:
            tangent.forget()
            return True
        assert isinstance(self.scheme, Implicit)
        ratio = tangent.attempt(self.scheme.jacobian, h)
        self.h = self.sign * min(abs(self.h), abs(h) * self._growth(ratio))
        if ratio > 1:
            return False
        tangent.accept()
        return True

    def _cap(self) -> None:
        assert self._radius is not None
        clock, scheme = self.scheme.clock, self.scheme
        now = clock.at(self.time).detach()
        rate = self._radius.estimate(lambda y: scheme.f(now, y), scheme.y.detach(), scheme.k1.detach())
        if rate * abs(self.h) > self._limit:
            self.h = self.sign * self._limit / rate

    def _check(self, outputs: Outputs) -> None:
        if self.taken >= self.control.max_steps:
            sentence = f"All {self.control.max_steps} steps are used up."
            raise stopped(Status.STEP_LIMIT, self.time, outputs.values(), sentence)
        if abs(self.h) > 1e-15 * max(abs(self.time), 1e-3 * abs(self.end - self.first), 1e-300) and math.isfinite(
            self.h
        ):
            return
        if not bool(torch.isfinite(self.scheme.y).all() and torch.isfinite(self.scheme.k1).all()):
            sentence = "The state became infinite or undefined."
            raise stopped(Status.DIVERGED, self.time, outputs.values(), sentence)
        sentence = "The steps became too small; the solution may blow up."
        if not self.scheme.tableau.gamma:
            sentence = 'The steps became too small; the solution may blow up, or be stiff: try "kvaerno5".'
        raise stopped(Status.STEP_TOO_SMALL, self.time, outputs.values(), sentence)

    def _growth(self, ratio: float) -> float:
        control = self.control
        if not math.isfinite(ratio):
            return 0.1
        if ratio == 0:
            return control.ifactor
        factor = control.safety * math.pow(ratio, -1 / self.scheme.tableau.order)
        return min(control.ifactor, factor) if ratio <= 1 else max(control.dfactor, min(factor, 0.95))

    @torch.no_grad()
    def _first_step(self) -> float:
        """Hairer, Norsett and Wanner, Solving ODEs I, II.4."""
        scheme, control = self.scheme, self.control
        y, k1, norm = scheme.y.detach(), scheme.k1.detach(), control.norm
        span = abs(self.end - self.first)
        scale = control.atol + control.rtol * y.abs()
        d0, d1 = float(norm(y / scale)), float(norm(k1 / scale))
        h0 = 0.01 * d0 / d1 if d0 > 1e-5 and d1 > 1e-5 else 1e-6 * span
        if not math.isfinite(h0):
            return 1e-6 * span
        h0 = min(h0, span)
        moment = scheme.clock.at(self.first + self.sign * h0)
        k2 = scheme.f(moment, torch.add(y, k1, alpha=self.sign * h0))
        scheme.evaluations += 1
        fastest = max(d1, float(norm((k2 - k1) / scale)) / h0)
        usable = 1e-15 < fastest < math.inf
        h1 = (0.01 / fastest) ** (1 / scheme.tableau.order) if usable else max(1e-6 * span, h0 * 1e-3)
        return min(100 * h0, h1, span)


def solve_adaptive(scheme: Scheme, outputs: Outputs, control: Control, watcher: Watcher) -> AdaptiveRun:
    """Fill ``outputs`` by dense output; returns the run at its end, for its counters.

    Raises:
        SolveError: the solution diverged, the steps became too small, or there were too many.
    """
    times = outputs.times
    if scheme.tableau.order > 3 and not scheme.tableau.dense:
        # A cubic between the ends of a step is not as good as the step: land on every output.
        control = replace(control, stops=(*control.stops, *times[1:-1]))
    run = AdaptiveRun(scheme, times[0], times[-1], control, watcher)
    while not outputs.complete:
        step = run.advance(outputs)
        outputs.add(step, run.sign)
        run.proceed(step)
    return run


def _smallest(rtol: Tolerance) -> float:
    return rtol if isinstance(rtol, float) else float(torch.as_tensor(rtol).min())
