"""Algorithm 2 on many segments at once.

On the way back z starts anew from every stored state, and between two of them the adjoint is linear in its end value:
a(t_{i-1}) = M_i a(t_i), where column j of M_i is the adjoint that ends as unit vector j. So z and all M_i of many
segments are solved together, each segment in its own time s from 0 to 1, and a is a chain of small products after
that. States of few components only: one product with the Jacobian per component takes the place of one in all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from odeplayground.neural.adaptive import AdaptiveRun
from odeplayground.neural.batching import evaluate_many, refused
from odeplayground.neural.counters import Drift
from odeplayground.neural.models import written_out
from odeplayground.neural.outputs import LeanOutputs
from odeplayground.neural.quadrature import Quadrature
from odeplayground.neural.schemes import Lean
from odeplayground.neural.stepping import Clock, Control, Field, Step, Watcher, rms
from odeplayground.neural.tableaus import Tableau

WIDEST = 4
"""States with more components go one segment after the other."""
ROWS = 4096
"""Rows of states that are solved together: about what the caches hold."""


@dataclass(frozen=True)
class Segment:
    """From a stored state at ``start`` back to the one at ``stop``; ``jump`` joins the adjoint there."""

    start: float
    stop: float
    state: Tensor
    stored: Tensor
    jump: Tensor | None

    @property
    def length(self) -> float:
        """How long it is, at least zero."""
        return abs(self.stop - self.start)


def fits(f: Field, tableau: Tableau, control: Control, watcher: Watcher, width: int) -> bool:
    """Whether settings and state allow segments side by side."""
    plain = control.norm is rms and not (control.jumps or control.stops or control.min_step)
    explicit = tableau.adaptive and not tableau.gamma
    return (
        plain
        and explicit
        and control.max_step == math.inf
        and type(watcher) is Watcher
        and width <= WIDEST
        and (not refused(f))
    )


def batches(segments: list[Segment], rows: int, step: float) -> list[list[Segment]]:
    """Consecutive segments to solve together: not too many, nor short ones with long ones of several steps."""
    most = max(1, ROWS // rows)
    groups: list[list[Segment]] = []
    total = longest = 0.0
    for one in segments:
        total, longest = total + one.length, max(longest, one.length)
        uneven = groups and longest > 1.5 * step and (len(groups[-1]) + 1) * longest > 4 * total
        if not groups or uneven or len(groups[-1]) >= most:
            groups.append([])
            total = longest = one.length
        groups[-1].append(one)
    return groups


class SideBySide(Watcher):
    """Solves batches of segments; ``rows`` rows of the state do not influence each other."""

    def __init__(
        self, func: object, f: Field, quadrature: Quadrature, tableau: Tableau, control: Control, rows: int
    ) -> None:
        self._func, self._f, self._quadrature, self._tableau = func, f, quadrature, tableau
        self._written_out = written_out(func)
        self._control = replace(control, norm=self._norm, rtol=_wide(control.rtol), atol=_wide(control.atol))
        self._used = [j for j, b in enumerate(tableau.b) if b]
        self._steps: list[tuple[float, float, Tensor]] = []
        self.rows, self.drift = rows, Drift()

    def solve(self, segments: list[Segment], a: Tensor, step: float) -> Tensor:
        """The adjoint behind the last segment, its jump included; ``step`` is a first guess.

        Raises:
            SolveError: a segment cannot be solved backwards; nothing was added to the quadrature yet.
        """
        z = torch.stack([one.state for one in segments])
        n, d = len(segments), z[0].numel() // self.rows
        units = torch.eye(d, dtype=z.dtype, device=z.device).view(d, 1, 1, d)
        both = torch.cat([z[None], units.expand(d, n, self.rows, d).reshape(d, *z.shape)])
        starts = [one.start for one in segments]
        spans = [one.stop - one.start for one in segments]
        self._steps = []
        final = self._run(both, starts, spans, step)
        stored = torch.stack([one.stored for one in segments])
        sizes = _norms(stored, n)
        off = _norms(final[0] - stored, n) / torch.where(sizes > 0, sizes, torch.ones_like(sizes))
        self.drift.largest = max(self.drift.largest, float(off.max()))
        ends, a = self._chain(segments, final[1:].view(d, n, self.rows, d), a)
        self._integrate(starts, spans, ends)
        return a

    def _run(self, both: Tensor, starts: list[float], spans: list[float], step: float) -> Tensor:
        moments = torch.tensor([starts, spans], dtype=torch.float64, device=both.device)
        lengths = moments[1].to(both)
        paces = lengths.view(1, -1, *[1] * (both.ndim - 2))
        signs = torch.ones(len(both), dtype=both.dtype, device=both.device)
        signs[1:] = -1

        def derivative(s: Tensor, state: Tensor) -> Tensor:
            self.drift.evaluations += len(starts)
            times = (moments[0] + s * moments[1]).to(both)
            return self._pull(times, state).mul_(paces * signs.view(-1, *[1] * (both.ndim - 1)))

        ends = torch.tensor([0.0, 1.0], dtype=torch.float64)
        scheme = Lean(derivative, self._tableau, Clock(ends, both), both)
        count = max(1, math.ceil(0.999 * max(abs(span) for span in spans) / step))
        run = AdaptiveRun(scheme, 0.0, 1.0, replace(self._control, first_step=1 / count), self)
        outputs = LeanOutputs([0.0, 1.0], self._tableau, both[:0])
        while run.time != 1.0:
            run.proceed(run.advance(outputs))
        self.drift.rejected += run.rejections
        return scheme.y

    def _pull(self, times: Tensor, state: Tensor) -> Tensor:
        """f, and J^T times each of the other states, in one tensor."""
        if self._written_out:
            value, pulled = self._func.pullback(state[0], state[1:])  # type: ignore[attr-defined]
            return torch.cat([value[None], pulled])
        leaf = state[0].detach().requires_grad_()
        with torch.enable_grad():
            value = evaluate_many(self._f, times, leaf)
        parts = [value.detach()]
        for j in range(1, len(state)):
            part = None
            if value.requires_grad:
                again = j + 1 < len(state)
                (part,) = torch.autograd.grad(value, leaf, state[j], retain_graph=again, allow_unused=True)
            parts.append(torch.zeros_like(leaf) if part is None else part)
        return torch.stack(parts)

    def _chain(self, segments: list[Segment], columns: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
        """The adjoint at the start of each segment, (n, rows, d), and behind the last."""
        matrices = columns.permute(1, 2, 3, 0)  # [i, row] maps a(start) to a(stop)
        lam, starts = a.reshape(self.rows, -1, 1), []
        for i, one in enumerate(segments):
            starts.append(lam)
            lam = matrices[i] @ lam
            if one.jump is not None:
                lam = lam + one.jump.reshape(lam.shape)
        return torch.stack(starts)[..., 0], lam.reshape(a.shape)

    def _integrate(self, starts: list[float], spans: list[float], ends: Tensor) -> None:
        """Each step's share of the parameter gradient."""
        c, b = self._tableau.c, self._tableau.b
        n, rows, d = ends.shape
        for s, h, states in self._steps:
            z = states[:, 0].flatten(0, 1)
            columns = states[:, 1:].view(len(self._used), -1, n, rows, d)
            a = torch.einsum("qjnrc,nrj->qnrc", columns, ends).reshape(z.shape)
            times = [
                start + (s + c[j] * h) * span for j in self._used for start, span in zip(starts, spans, strict=True)
            ]
            weights = [-h * b[j] * span for j in self._used for span in spans]
            self._quadrature.add(times, weights, torch.stack([z, a], dim=1))

    def accepted(self, step: Step) -> None:
        """Keep the nodes: their cotangents are known only after the chain."""
        self.drift.accepted += 1
        self._steps.append((step.t, step.h, step.states[self._used]))

    def _norm(self, both: Tensor) -> Tensor:
        """The largest root mean square of a segment's z or adjoint."""
        rows = both.flatten(2) if both.ndim > 2 else both[..., None]
        norms: Tensor = torch.linalg.vector_norm(rows, dim=-1)
        return norms.max() / math.sqrt(rows.shape[-1])


def _norms(states: Tensor, n: int) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(states.reshape(n, -1), dim=1)
    return norms


def _wide(tolerance: float | Tensor) -> float | Tensor:
    return tolerance if isinstance(tolerance, float) else tolerance[None, None]
