"""The exact adjoint of the accepted Runge-Kutta steps, walked backwards from a tape.

With stages Z_i = y + h sum_j a_ij K_j, K_i = f(t + c_i h, Z_i), and cotangents lambda of the new state and kappa_i of
K_i: kappa_i = h (b_i lambda + sum_j a_ji J_j^T kappa_j) + (what outputs between the steps ask of K_i), and
lambda of the old state is lambda + sum_i J_i^T kappa_i. All Jacobians of a stretch of steps come from a few batched
products; so kappa_i and the old lambda are affine functions of the new lambda before the walk begins. Wide states,
and states whose rows influence each other, take single products instead.
Sanz-Serna, SIAM Review 58 (2016), p. 3, on what the adjoint of a method is.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

import torch
from torch import Tensor

from odeplayground.neural.batching import evaluate_many
from odeplayground.neural.jacobian import WIDEST, jacobian_of
from odeplayground.neural.outputs import dense_rates, dense_weights
from odeplayground.neural.stepping import Field
from odeplayground.neural.tableaus import Tableau
from odeplayground.neural.tape import Stretch, Tape


@dataclass
class Pulled:
    """Gradients so far: of the state at the beginning, of the times and of the parameters."""

    state: Tensor
    times: Tensor
    parameters: list[Tensor]
    evaluations: int = 0


class DiscreteAdjoint:
    """One walk back. ``g`` holds dL/dz at ``times``, shape (n, *state)."""

    def __init__(
        self, f: Field, tableau: Tableau, times: list[float], g: Tensor, parameters: tuple[Tensor, ...], rows: int
    ) -> None:
        self._f, self._tableau, self._times, self._parameters = f, tableau, times, parameters
        self._shape, self._rows = g.shape[1:], rows
        self._g = g.reshape(len(times), -1)
        # An explicit adaptive method's last stage only serves the next step, and outputs.
        self._shared = tableau.adaptive and not tableau.gamma
        self._stages = tableau.stages - self._shared
        self._a = torch.zeros(self._stages, self._stages, dtype=torch.float64)
        for i, row in enumerate(tableau.a[: self._stages]):
            self._a[i, : len(row)] = torch.tensor(row, dtype=torch.float64)
        self._a = self._a.to(g)
        self._b = torch.tensor(tableau.b[: self._stages], dtype=g.dtype, device=g.device)
        self.pulled = Pulled(
            torch.zeros_like(self._g[0]),
            torch.zeros(len(times), dtype=torch.float64),
            [torch.zeros_like(p) for p in parameters],
        )

    @property
    def _blocks(self) -> bool:
        wide = self._g.shape[1] // self._rows > WIDEST
        return bool(self._tableau.gamma) or not wide

    def walk(self, tape: Tape, *, want_times: bool) -> Pulled:
        """Over the whole tape, from its end."""
        if len(tape):
            self._place(tape)
        for stretch in tape.backwards():
            self._over(stretch, want_times)
        if not self._tableau.adaptive or len(tape) == 0:
            self.pulled.state = self.pulled.state + self._g[0]
        return self.pulled

    def _place(self, tape: Tape) -> None:
        """Which step each output lies in."""
        sign = 1.0 if tape.h[0] > 0 else -1.0
        ends = [sign * end for end in tape.end]
        last = len(ends) - 1
        self._index = [min(bisect.bisect_left(ends, sign * time), last) for time in self._times]
        self._theta = [(time - tape.t[i]) / tape.h[i] for time, i in zip(self._times, self._index, strict=True)]
        if not self._tableau.adaptive:
            self._index[0] = -1

    def _over(self, stretch: Stretch, want_times: bool) -> None:
        n = len(stretch.t)
        here = [i for i, step in enumerate(self._index) if stretch.first <= step < stretch.first + n]
        h = torch.tensor(stretch.h, dtype=torch.float64)
        index = torch.tensor([self._index[i] - stretch.first for i in here], dtype=torch.long)
        theta = torch.tensor([self._theta[i] for i in here], dtype=torch.float64)
        to_state, to_end = (self._g.new_zeros(n, self._g.shape[1]) for _ in range(2))
        to_slopes = self._g.new_zeros(n, self._tableau.stages, self._g.shape[1])
        g, where = self._g[here], index.to(self._g.device)
        if self._tableau.adaptive:
            dense = torch.tensor(self._tableau.polynomials, dtype=torch.float64)
            weights = (h[index, None] * dense_weights(dense, theta)).to(self._g)
            to_state.index_add_(0, where, g)
            to_slopes.index_add_(0, where, weights[:, :, None] * g[:, None])
            if self._shared:
                to_slopes[1:, 0] += to_slopes[:-1, -1]
        else:
            to_end.index_add_(0, where, g)
        times, points = self._points(stretch)
        with torch.enable_grad():
            points.requires_grad_()
            times.requires_grad_(want_times)
            values = evaluate_many(self._f, times, points) if self._blocks else None
        self.pulled.evaluations += len(times)
        walk = self._walk_blocks if values is not None else self._walk_singly
        cotangents, to_z, lams = walk(stretch, times, points, values, to_state, to_slopes, to_end)
        if values is None:
            with torch.enable_grad():
                values = evaluate_many(self._f, times, points)
        leaves = [*self._parameters, *([times] if want_times else [])]
        parts: tuple[Tensor | None, ...] = (None,) * len(leaves)
        if values.requires_grad and leaves:
            parts = torch.autograd.grad(values, leaves, cotangents.reshape(values.shape), allow_unused=True)
        for total, part in zip(self.pulled.parameters, parts, strict=False):
            if part is not None:
                total.add_(part)
        if want_times:
            by_time = torch.zeros_like(times) if parts[-1] is None else parts[-1]
            self._add_times(stretch, here, index, theta, h, values.detach(), points.detach(), by_time, to_z, lams)

    def _points(self, stretch: Stretch) -> tuple[Tensor, Tensor]:
        """Times and states of the stages, and for adaptive methods of the end of the stretch."""
        s = self._stages
        states = stretch.states[:, :s].flatten(0, 1)
        moments = [t + c * h for t, h in zip(stretch.t, stretch.h, strict=True) for c in self._tableau.c[:s]]
        if self._shared:
            states = torch.cat([states, stretch.states[-1:, -1]])
            moments.append(stretch.end[-1])
        return torch.tensor(moments, dtype=states.dtype, device=states.device), states.detach()

    def _walk_blocks(
        self,
        stretch: Stretch,
        times: Tensor,
        points: Tensor,
        values: Tensor | None,
        to_state: Tensor,
        to_slopes: Tensor,
        to_end: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        assert values is not None
        n, s, rows = len(stretch.t), self._stages, self._rows
        d = self._g.shape[1] // rows
        turned = jacobian_of(values, points, rows * len(points)).transpose(1, 2).view(-1, rows, d, d)
        inner = turned[: n * s].view(n, s, rows, d, d)
        h = torch.tensor(stretch.h, dtype=points.dtype, device=points.device)
        eye = torch.eye(d, dtype=points.dtype, device=points.device)
        x = points.new_empty(n, s, rows, d, d + 1)
        v = torch.empty_like(x)
        x[..., :d] = (h[:, None] * self._b)[:, :, None, None, None] * eye
        x[..., d] = to_slopes[:, :s].view(n, s, rows, d)
        flat_x, flat_v = x.view(n, s, -1), v.view(n, s, -1)
        weights = h[:, None, None] * self._a.T  # [n, j, i] = h a_ij
        for i in range(s - 1, -1, -1):
            if i < s - 1:
                flat_x[:, i] += torch.bmm(weights[:, i, None, i + 1 :], flat_v[:, i + 1 :])[:, 0]
            if self._tableau.gamma and i > 0:
                matrix = eye - (h * self._tableau.gamma)[:, None, None, None] * inner[:, i]
                x[:, i] = torch.linalg.solve(matrix, x[:, i])
            torch.matmul(inner[:, i], x[:, i], out=v[:, i])
        total = v.sum(1)
        total[..., :d] += eye
        total[..., d] += to_state.view(n, rows, d)
        lam = self.pulled.state.view(rows, d, 1)
        ends = to_end.view(n, rows, d, 1)
        last: Tensor | None = None
        if self._shared:
            last = to_slopes[-1, -1].view(rows, d)
            lam = lam + turned[-1] @ last[..., None]
        lams = []
        for i in range(n - 1, -1, -1):
            if not self._tableau.adaptive:
                lam = lam + ends[i]
            lams.append(lam)
            lam = torch.baddbmm(total[i, ..., d:], total[i, ..., :d], lam)
        self.pulled.state = lam.reshape(-1)
        after = torch.stack(lams[::-1])
        kappa = (x[..., :d] @ after[:, None])[..., 0] + x[..., d]
        to_z = (inner @ kappa[..., None])[..., 0]
        cotangents = kappa.reshape(n * s, -1)
        if last is not None:
            cotangents = torch.cat([cotangents, last.reshape(1, -1)])
        return cotangents, to_z.reshape(n, s, -1), after.reshape(n, -1)

    def _walk_singly(
        self,
        stretch: Stretch,
        times: Tensor,
        points: Tensor,
        values: Tensor | None,
        to_state: Tensor,
        to_slopes: Tensor,
        to_end: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        n, s = len(stretch.t), self._stages
        kappas, to_zs = torch.zeros_like(points), points.new_zeros(n, s, self._g.shape[1])
        lams = points.new_empty(n, self._g.shape[1])
        lam = self.pulled.state
        if self._shared:
            kappas[-1] = to_slopes[-1, -1].view(self._shape)
            lam = lam + self._product(times[-1], points[-1], kappas[-1]).reshape(-1)
        for j in range(n - 1, -1, -1):
            lam = lam + to_end[j]
            lams[j] = lam
            for i in range(s - 1, -1, -1):
                kappa = stretch.h[j] * (self._b[i] * lam + self._a[i + 1 :, i] @ to_zs[j, i + 1 :]) + to_slopes[j, i]
                kappas[j * s + i] = kappa.view(self._shape)
                to_zs[j, i] = self._product(times[j * s + i], points[j * s + i], kappas[j * s + i]).reshape(-1)
            lam = lam + to_zs[j].sum(0) + to_state[j]
        self.pulled.state = lam
        return kappas, to_zs, lams

    def _product(self, t: Tensor, z: Tensor, cotangent: Tensor) -> Tensor:
        leaf = z.detach().requires_grad_()
        with torch.enable_grad():
            value = self._f(t.detach(), leaf)
        self.pulled.evaluations += 1
        if not value.requires_grad:
            return torch.zeros_like(z)
        (part,) = torch.autograd.grad(value, leaf, cotangent, allow_unused=True)
        return torch.zeros_like(z) if part is None else part

    def _add_times(
        self,
        stretch: Stretch,
        here: list[int],
        index: Tensor,
        theta: Tensor,
        h: Tensor,
        values: Tensor,
        points: Tensor,
        by_time: Tensor,
        to_z: Tensor,
        lams: Tensor,
    ) -> None:
        n, s = len(stretch.t), self._stages
        to_t = self.pulled.times
        moved = by_time.double().cpu()
        if self._tableau.adaptive:
            # All steps move along with the first time; outputs move through the dense output.
            slopes = values[: n * s].reshape(n, s, -1)
            if self._shared:
                last = torch.cat([slopes[1:, 0], values[-1:].reshape(1, -1)])
                slopes = torch.cat([slopes, last[:, None]], dim=1)
            dense = torch.tensor(self._tableau.polynomials, dtype=torch.float64)
            rates = dense_rates(dense, theta).to(slopes)
            paces = (rates[:, :, None] * slopes[index.to(slopes.device)]).sum(1)
            change = (self._g[here] * paces).sum(1).double().cpu()
            to_t[torch.tensor(here, dtype=torch.long)] += change
            to_t[0] += moved.sum() - change.sum()
            return
        z, k = points.view(n, s, -1), values.view(n, s, -1)
        slope = (self._b[:, None] * k).sum(1)
        by_h = (lams * slope).sum(1).double().cpu()
        by_h += ((to_z * (z - z[:, :1])).sum((1, 2)).double().cpu()) / h
        stage_times = moved.view(n, s)
        c = torch.tensor(self._tableau.c, dtype=torch.float64)
        by_h += (stage_times * c).sum(1)
        by_start = stage_times.sum(1)
        sign = 1.0 if stretch.h[0] > 0 else -1.0
        ends = [sign * time for time in self._times]
        for j in range(n):
            i = max(1, bisect.bisect_left(ends, sign * (stretch.t[j] + 0.5 * stretch.h[j])))
            low, span = self._times[i - 1], self._times[i] - self._times[i - 1]
            a, share = (stretch.t[j] - low) / span, stretch.h[j] / span
            to_t[i] += share * by_h[j] + a * by_start[j]
            to_t[i - 1] += (1 - a) * by_start[j] - share * by_h[j]
