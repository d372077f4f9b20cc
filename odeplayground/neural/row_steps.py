"""Adaptive steps of its own for every row of a state: all rows that still run take a step at a time together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from odeplayground.neural.adaptive import SLACK
from odeplayground.neural.batching import evaluate_many
from odeplayground.neural.counters import Counters
from odeplayground.neural.jacobian import jacobian_of
from odeplayground.neural.outputs import dense_weights
from odeplayground.neural.spectral import linear_step_limit
from odeplayground.neural.stepping import Control, Field
from odeplayground.neural.tableaus import Tableau
from odeplayground.spec import Status


@dataclass(frozen=True)
class Taken:
    """Accepted steps of some rows: which, from where by how much, stage states (stages, rows, n), and the outputs.

    Output ``number[k]`` of row ``rows[local[k]]`` lies in its step at the fraction ``theta[k]``.
    """

    rows: Tensor
    t: Tensor
    h: Tensor
    states: Tensor
    local: Tensor
    number: Tensor
    theta: Tensor


def evaluate_rows(f: Field, times: Tensor, states: Tensor) -> Tensor:
    """Values for rows with times of their own: times (m,), states (m, n); each row is a batch of one to ``f``."""
    return evaluate_many(f, times.to(states.dtype), states[:, None])[:, 0]


class RowSteps:
    """Solves rows ``y`` (rows, n) over ``grids`` (rows, times). Call :meth:`run` once, under ``no_grad``."""

    def __init__(
        self, f: Field, tableau: Tableau, control: Control, y: Tensor, grids: Tensor, counters: list[Counters]
    ) -> None:
        assert isinstance(control.rtol, float)
        assert isinstance(control.atol, float)
        self._f, self._tableau, self._control, self._counters = f, tableau, control, counters
        self._rtol, self._atol = control.rtol, control.atol
        self._grids = grids.to(y.device, torch.float64)
        self._sign = torch.where(self._grids[:, -1] >= self._grids[:, 0], 1.0, -1.0).double()
        self._t, self._y = self._grids[:, 0].clone(), y.clone()
        self._k1 = evaluate_rows(f, self._t, y)
        self._h = self._first_steps()
        self._resting = torch.zeros(len(y), dtype=torch.bool, device=y.device)
        self._limit = linear_step_limit(self._rtol)
        self._polynomials = torch.tensor(tableau.polynomials, dtype=torch.float64, device=y.device)
        self.values = y.new_full((grids.shape[1], *y.shape), float("nan"))
        self.values[0] = y
        self.status = [Status.FINISHED] * len(y)
        self.tape: list[Taken] = []

    def run(self) -> None:
        """Fill ``values`` (times, rows, n), ``status`` and ``tape``."""
        rows, taken = torch.arange(len(self._y), device=self._y.device), 0
        accepted = torch.zeros(len(rows), dtype=torch.long, device=rows.device)
        tried = torch.zeros_like(accepted)
        while len(rows):
            if taken >= self._control.max_steps:
                self._end(rows, Status.STEP_LIMIT)
                break
            good, over = self._advance(rows)
            tried[rows] += 1
            accepted[rows[good]] += 1
            taken += 1
            rows = self._alive(rows[~over])
        stages = self._tableau.stages - 1
        for one, yes, all_ in zip(self._counters, accepted.tolist(), tried.tolist(), strict=True):
            one.accepted, one.rejected, one.evaluations = yes, all_ - yes, 2 + stages * all_

    def _advance(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Try a step of these rows; which of them took it, and which are through."""
        t, y, h, end = self._t[rows], self._y[rows], self._h[rows], self._grids[rows, -1]
        last = (t + 1.0000001 * h - end) * self._sign[rows] >= 0
        step = torch.where(last, end - t, h)
        states, slopes = self._stages(t, step, y, self._k1[rows])
        scale = torch.maximum(y.abs(), states[-1].abs()).mul_(self._rtol).add_(self._atol)
        weights = torch.tensor(self._tableau.error, dtype=y.dtype, device=y.device)
        error = torch.einsum("s,smn->mn", weights, slopes) * step[:, None].to(y)
        ratio, change = _rms(error / scale), _rms((states[-1] - y) / scale)
        following = step.abs() * self._growth(ratio)
        good = (ratio <= 1) | (step.abs() <= self._control.min_step)
        if self._control.sensitive:
            good, following = self._resolve(rows, t, y, good, ratio, change, step, following)
        self._h[rows] = self._sign[rows] * following.clamp(self._control.min_step, self._control.max_step)
        self._record(rows[good], t[good], step[good], states[:, good], slopes[:, good])
        moved = rows[good]
        self._t[moved] = torch.where(last, end, t + step)[good]
        self._y[moved], self._k1[moved] = states[-1, good], slopes[-1, good]
        return good, good & last

    def _stages(self, t: Tensor, h: Tensor, y: Tensor, k1: Tensor) -> tuple[Tensor, Tensor]:
        states, slopes = [y], [k1]
        size = h[:, None].to(y)
        for c, row in zip(self._tableau.c[1:], self._tableau.a[1:], strict=True):
            z = y + size * sum(w * k for w, k in zip(row, slopes, strict=True) if w)
            states.append(z)
            slopes.append(evaluate_rows(self._f, t + c * h, z))
        return torch.stack(states), torch.stack(slopes)

    def _resolve(
        self,
        rows: Tensor,
        t: Tensor,
        y: Tensor,
        good: Tensor,
        ratio: Tensor,
        change: Tensor,
        step: Tensor,
        following: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Bound steps of rows that rest, so that perturbations are resolved too."""
        resting = good & (ratio >= SLACK * self._rtol * change)
        first = resting & ~self._resting[rows]
        self._resting[rows] = torch.where(good, resting, self._resting[rows])
        if not bool(resting.any()):
            return good, following
        with torch.enable_grad():
            point = y[resting].detach().requires_grad_()
            value = evaluate_rows(self._f, t[resting], point)
        # The norm of the Jacobian is never below its spectral radius.
        size = torch.linalg.matrix_norm(jacobian_of(value, point, len(point))).double()
        bound = torch.full_like(following, math.inf)
        bound[resting] = self._limit / size
        following = torch.minimum(following, bound)
        return good & ~(first & (bound < 0.5 * step.abs())), following

    def _record(self, rows: Tensor, t: Tensor, h: Tensor, states: Tensor, slopes: Tensor) -> None:
        times, sign = self._grids[rows], self._sign[rows, None]
        ahead = (times - t[:, None]) * sign > 0
        ended = torch.where(((t + h) - times[:, -1]).abs() <= 1e-12 * h.abs(), times[:, -1], t + h)
        local, number = (ahead & ((ended[:, None] - times) * sign >= 0)).nonzero(as_tuple=True)
        theta = (times[local, number] - t[local]) / h[local]
        weights = h[local, None] * dense_weights(self._polynomials, theta)
        change = torch.einsum("ks,skn->kn", weights.to(states), slopes[:, local])
        self.values[number, rows[local]] = states[0, local] + change
        self.tape.append(Taken(rows, t, h, states, local, number, theta))

    def _growth(self, ratio: Tensor) -> Tensor:
        control, ratio = self._control, ratio.double()
        factor = control.safety * ratio.clamp_min(1e-300).pow(-1 / self._tableau.order)
        accepted, refused = factor.clamp_max(control.ifactor), factor.clamp(control.dfactor, 0.95)
        return torch.where(ratio <= 1, accepted, refused).nan_to_num(0.1).where(ratio.isfinite(), ratio.new_tensor(0.1))

    def _alive(self, rows: Tensor) -> Tensor:
        """Those whose steps are not too small; the others get their status."""
        t, span = self._t[rows].abs(), (self._grids[rows, -1] - self._grids[rows, 0]).abs()
        fine = self._h[rows].abs() > 1e-15 * torch.maximum(t, 1e-3 * span)
        lost = rows[~fine]
        if len(lost):
            finite = (self._y[lost].isfinite() & self._k1[lost].isfinite()).all(1)
            self._end(lost[finite], Status.STEP_TOO_SMALL)
            self._end(lost[~finite], Status.DIVERGED)
        return rows[fine]

    def _end(self, rows: Tensor, status: Status) -> None:
        for row in rows.tolist():
            self.status[row] = status

    def _first_steps(self) -> Tensor:
        """Hairer, Norsett and Wanner, Solving ODEs I, II.4, row by row; signed."""
        control, span = self._control, (self._grids[:, -1] - self._grids[:, 0]).abs()
        if control.first_step is not None:
            return self._sign * torch.full_like(span, min(control.first_step, control.max_step))
        scale = self._atol + self._rtol * self._y.abs()
        d0, d1 = _rms(self._y / scale).double(), _rms(self._k1 / scale).double()
        tiny = 1e-6 * span
        h0 = torch.where((d0 > 1e-5) & (d1 > 1e-5), 0.01 * d0 / d1, tiny)
        h0 = torch.where(h0.isfinite(), torch.minimum(h0, span), tiny)
        moved = self._y + (self._sign * h0)[:, None].to(self._y) * self._k1
        k2 = evaluate_rows(self._f, self._t + self._sign * h0, moved)
        fastest = torch.maximum(d1, _rms((k2 - self._k1) / scale).double() / h0)
        usable = (fastest > 1e-15) & fastest.isfinite()
        h1 = torch.where(usable, (0.01 / fastest).pow(1 / self._tableau.order), torch.maximum(tiny, h0 * 1e-3))
        return self._sign * torch.minimum(torch.minimum(100 * h0, h1), span).clamp_max(control.max_step)


def _rms(rows: Tensor) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(rows, dim=1)
    return norms / math.sqrt(rows.shape[1])
