"""Algorithm 2 of Chen et al. 2018: z and a = dL/dz solved backwards in time together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from odeplayground.neural.adaptive import AdaptiveRun
from odeplayground.neural.checkpoints import Checkpoints
from odeplayground.neural.counters import Drift
from odeplayground.neural.errors import SolveError
from odeplayground.neural.fixed import solve_fixed
from odeplayground.neural.odeint import make_scheme
from odeplayground.neural.outputs import LeanOutputs
from odeplayground.neural.pullback import Pullback
from odeplayground.neural.quadrature import Quadrature
from odeplayground.neural.schemes import Scheme
from odeplayground.neural.side_by_side import Segment, SideBySide, batches
from odeplayground.neural.stepping import Clock, Control, Step, Tolerance, Watcher
from odeplayground.neural.tableaus import Tableau


class WayBack(Watcher):
    """Solves (z, a) from one stored state back to the one before."""

    def __init__(
        self,
        pullback: Pullback,
        quadrature: Quadrature,
        tableau: Tableau,
        control: Control,
        state: Tensor,
        watcher: Watcher,
        both_norm: Any = None,
    ) -> None:
        norm = control.norm
        self._pullback, self._quadrature, self._tableau, self._inner = pullback, quadrature, tableau, watcher
        self._control = replace(
            control,
            rtol=_doubled(control.rtol),
            atol=_doubled(control.atol),
            norm=both_norm or (lambda s: torch.maximum(norm(s[0]), norm(s[1]))),
        )
        self._used = [j for j, b in enumerate(tableau.b) if b]
        self._both = torch.zeros((2, *state.shape), dtype=state.dtype, device=state.device)
        self._scheme: Scheme | None = None
        self._size: float | None = None
        self.drift = Drift()

    def solve(self, start: float, stop: float, z: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        """State and adjoint at ``stop``."""
        torch.stack([z, a], out=self._both)
        # The times stay in double precision here, whatever the type of t: checkpoints may lie close together.
        times = torch.tensor([start, stop], dtype=torch.float64)
        scheme = self._renew(times)
        if not self._tableau.adaptive:
            final = solve_fixed(scheme, [start, stop], self._control, self)[-1]
            return final[0], final[1]
        control = replace(self._control, first_step=self._even(abs(stop - start)))
        run = AdaptiveRun(scheme, start, stop, control, self)
        outputs = LeanOutputs([start, stop], self._tableau, self._both)
        largest = 0.0
        while run.time != stop:
            step = run.advance(outputs)
            if abs(step.h) > largest:
                largest, self._size = abs(step.h), abs(run.h)
            run.proceed(step)
        self.drift.rejected += run.rejections
        final = scheme.y
        return final[0].clone(), final[1].clone()

    def _even(self, span: float) -> float | None:
        """The size that the last segment suggests, such that no small step is left over."""
        size = self._size or self._control.first_step
        return None if size is None else span / max(1, math.ceil(0.999 * span / size))

    def _renew(self, times: Tensor) -> Scheme:
        if self._scheme is not None:
            self._scheme.reset(self._both)
        else:
            self._scheme = make_scheme(self._derivative, self._tableau, self._both, times, self._control, rows=1)
        return self._scheme

    def _derivative(self, t: Tensor, both: Tensor) -> Tensor:
        self.drift.evaluations += 1
        f, pulled = self._pullback(t, both[0], both[1])
        return torch.stack([f, -pulled])

    def begun(self, t: float, y: Tensor, h: float) -> None:
        self._inner.begun(t, y, h)

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        self._inner.rejected(t, y, h)

    def accepted(self, step: Step) -> None:
        """Add the step's share of the parameter gradient; ``h`` points back in time, hence the sign."""
        self._inner.accepted(step)
        self.drift.accepted += 1
        tableau = self._tableau
        times = [step.t + tableau.c[j] * step.h for j in self._used]
        self._quadrature.add(times, [-step.h * tableau.b[j] for j in self._used], step.states[self._used])


def solve_back(
    back: WayBack, together: SideBySide | None, times: list[float], y: Tensor, g: Tensor, kept: Checkpoints
) -> tuple[Tensor, Tensor]:
    """dL/dz(t_0), with z(t_1), ..., z(t_n) following, and the same without the jump at t_0.

    ``together`` takes several segments at a time where that is possible.
    """
    a = g[-1]
    segments = _segments(times, y, g, kept)
    step = kept.mean_step or abs(times[-1] - times[0])
    groups = [[one] for one in segments] if together is None else batches(segments, together.rows, step)
    for group in groups:
        a = _over(back, together if len(group) > 1 else None, group, a, step)
    if together is not None:
        back.drift.add(together.drift)
    return (a + g[0] if len(times) > 1 else a), a


def _segments(times: list[float], y: Tensor, g: Tensor, kept: Checkpoints) -> list[Segment]:
    """From stored state to stored state, the last one first."""
    segments = []
    for i in range(len(times) - 1, 0, -1):
        start, state = times[i], y[i]
        for stop, stored in reversed(kept.between(times[i - 1], times[i])):
            segments.append(Segment(start, stop, state, stored, None))
            start, state = stop, stored
        segments.append(Segment(start, times[i - 1], state, y[i - 1], g[i - 1] if i > 1 else None))
    return segments


def _over(back: WayBack, together: SideBySide | None, group: list[Segment], a: Tensor, step: float) -> Tensor:
    if together is not None:
        try:
            return together.solve(group, a, step)
        except SolveError:
            pass  # one after the other: perhaps it is possible, and if not, the error names the time
    for one in group:
        found, a = back.solve(one.start, one.stop, one.state, a)
        off = float((found - one.stored).norm()) / (float(one.stored.norm()) or 1.0)
        back.drift.largest = max(back.drift.largest, off)
        if one.jump is not None:
            a = a + one.jump
    return a


def time_gradient(f: Callable[[Tensor, Tensor], Tensor], t: Tensor, y: Tensor, g: Tensor, a_after: Tensor) -> Tensor:
    """dL/dt for every time, shape (n,), by dL/dt_i = g_i . f and dL/dt_0 = -a(t_0+) . f."""
    if len(t) == 1:
        return torch.zeros_like(t)
    clock = Clock(t.detach(), y)
    with torch.no_grad():
        slopes = [f(clock.at(moment), state) for moment, state in zip(t.tolist(), y, strict=True)]
        rest = [(gi * fi).sum() for gi, fi in zip(g[1:], slopes[1:], strict=True)]
        return torch.stack([-(a_after * slopes[0]).sum(), *rest]).to(t)


def adjoint_norm(
    norm: Any, state_norm: Callable[[Tensor], Tensor], split: Callable[[Tensor], Any], parameters: Any
) -> Any:
    """A caller's norm of (time, state, adjoint, *parameters), as one of (2, *state); the others count as zero."""
    if norm in (None, "seminorm"):
        return None

    def of_both(both: Tensor) -> Tensor:
        z, a = split(both[0]), split(both[1])
        parts = (*z, *a) if isinstance(z, tuple) else (z, a)
        return torch.as_tensor(norm((both.new_zeros(()), *parts, *(torch.zeros_like(p) for p in parameters))))

    return of_both


def _doubled(tolerance: Tolerance) -> Tolerance:
    return tolerance.expand(2, *tolerance.shape) if isinstance(tolerance, Tensor) else tolerance
