"""States at the requested times, from the stages of the steps around them."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from odeplayground.neural.schemes import Traced
from odeplayground.neural.stepping import Clock, Step
from odeplayground.neural.tableaus import Tableau

GATHERED = 64
"""Steps whose stages wait for one product together."""


class Outputs(ABC):
    """Collects the state at each of ``times``; the first one is there from the start."""

    def __init__(self, times: list[float]) -> None:
        self.times = times
        self.done = 1

    @property
    def complete(self) -> bool:
        """Whether every time was reached."""
        return self.done == len(self.times)

    def add(self, step: Step, sign: float) -> None:
        """Take what lies within an accepted step."""
        begun = self.done
        while self.done < len(self.times) and (step.end - self.times[self.done]) * sign >= 0:
            self.done += 1
        if self.done > begun:
            self._interpolate(step, slice(begun, self.done))

    @abstractmethod
    def _interpolate(self, step: Step, which: slice) -> None: ...

    @abstractmethod
    def values(self) -> Tensor:
        """What was reached so far, shape (done, *state)."""


class LeanOutputs(Outputs):
    """Without autograd: products over many steps at once."""

    def __init__(self, times: list[float], tableau: Tableau, y: Tensor) -> None:
        super().__init__(times)
        self._dense = torch.tensor(tableau.polynomials, dtype=torch.float64)
        self._parts = [y.detach()[None].clone()]
        self._starts: list[Tensor] = []
        self._slopes: list[Tensor] = []
        self._which: list[tuple[int, float, float]] = []

    def _interpolate(self, step: Step, which: slice) -> None:
        row = len(self._starts)
        self._starts.append(step.states[0].clone())
        self._slopes.append(step.slopes.clone())
        self._which += [(row, (time - step.t) / step.h, step.h) for time in self.times[which]]
        if row + 1 >= GATHERED:
            self._flush()

    def _flush(self) -> None:
        if not self._starts:
            return
        y = self._starts[0]
        rows, thetas, sizes = zip(*self._which, strict=True)
        weights = dense_weights(self._dense, torch.tensor(thetas, dtype=torch.float64)) * torch.tensor(
            sizes, dtype=torch.float64
        ).unsqueeze(-1)
        index = torch.tensor(rows, device=y.device)
        starts = torch.stack(self._starts).view(len(self._starts), 1, -1)[index]
        slopes = torch.stack(self._slopes).view(len(self._starts), self._dense.shape[0], -1)[index]
        values = torch.baddbmm(starts, weights.to(y)[:, None], slopes)
        self._parts.append(values.view(-1, *y.shape))
        self._starts, self._slopes, self._which = [], [], []

    def values(self) -> Tensor:
        self._flush()
        return torch.cat(self._parts)


class TracedOutputs(Outputs):
    """With autograd, also for the times."""

    def __init__(self, times: list[float], scheme: Traced, clock: Clock) -> None:
        super().__init__(times)
        self._scheme, self._clock = scheme, clock
        self._dense = torch.tensor(scheme.tableau.polynomials, dtype=torch.float64, device=scheme.y.device)
        self._parts = [scheme.y[None]]

    def _interpolate(self, step: Step, which: slice) -> None:
        t = (self._clock.t if self._clock.tracked else self._clock.t.detach()).double()
        start = t[0] + (step.t - self.times[0]) if self._clock.tracked else step.t
        theta = (t[which] - start).to(self._dense.device) / step.h
        weights = (step.h * dense_weights(self._dense, theta)).to(self._scheme.y)
        change: Tensor = torch.tensordot(weights, self._scheme.slopes, dims=1)
        self._parts.append(self._scheme.y + change)

    def values(self) -> Tensor:
        return torch.cat(self._parts)


def dense_weights(dense: Tensor, theta: Tensor) -> Tensor:
    """Weights of the stages for the state at theta, per unit of h; shape (*theta, stages)."""
    powers = theta[..., None] ** torch.arange(1, dense.shape[1] + 1, device=theta.device)
    return powers @ dense.T


def dense_rates(dense: Tensor, theta: Tensor) -> Tensor:
    """Their derivatives by theta, shape (*theta, stages)."""
    degrees = torch.arange(1, dense.shape[1] + 1, device=theta.device)
    rates: Tensor = (degrees * theta[..., None] ** (degrees - 1)) @ dense.T
    return rates
