"""One step of a Runge-Kutta method: in buffers where no gradient follows, out of place where autograd does."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from odeplayground.neural.stepping import Clock, Field, Weight, combine
from odeplayground.neural.tableaus import Tableau


class Scheme(ABC):
    """Holds the present state and the stages of the latest attempt."""

    new: Tensor

    def __init__(self, f: Field, tableau: Tableau, clock: Clock) -> None:
        self.f, self.tableau, self.clock = f, tableau, clock
        self.evaluations = 0

    @property
    @abstractmethod
    def y(self) -> Tensor:
        """The present state."""

    @property
    @abstractmethod
    def k1(self) -> Tensor:
        """The derivative at the present state."""

    @property
    @abstractmethod
    def states(self) -> Tensor:
        """States of all stages, shape (stages, *state)."""

    @property
    @abstractmethod
    def slopes(self) -> Tensor:
        """Derivatives of all stages, shape (stages, *state)."""

    @abstractmethod
    def reset(self, y: Tensor) -> None:
        """Go to another state."""

    @abstractmethod
    def begin(self, time: Weight, side: int = 0) -> None:
        """Evaluate the first stage at the present state."""

    @abstractmethod
    def attempt(self, time: Weight, h: Weight, start: int = 0, end: int = 0) -> None:
        """Compute the stages of a step; ``start`` and ``end`` are the sides of times at its ends."""

    @abstractmethod
    def error(self) -> Tensor:
        """The difference to the embedded method in the latest attempt."""

    @abstractmethod
    def accept(self) -> None:
        """Move to the new state; an adaptive method's last stage becomes the first."""

    def _moments(self, time: Weight, h: Weight, start: int, end: int) -> list[Tensor]:
        """Times of the stages after the first."""
        return [self.clock.at(time + c * h, end if c == 1 else start if c == 0 else 0) for c in self.tableau.c[1:]]


class Lean(Scheme):
    """Explicit stages in one buffer, one matrix-vector product each. Call it under ``no_grad``."""

    def __init__(self, f: Field, tableau: Tableau, clock: Clock, y: Tensor) -> None:
        super().__init__(f, tableau, clock)
        n = tableau.stages
        self._states, self._slopes = (y.new_empty((n, *y.shape)) for _ in range(2))
        self._states[0].copy_(y)
        self._z: list[Tensor] = list(self._states)
        self._k: list[Tensor] = list(self._slopes)
        z, k = self._states.view(n, -1), self._slopes.view(n, -1)
        self._weights = _weights(tableau, y)
        self._scaled = torch.empty_like(self._weights)
        self._plan = [(self._scaled[i, :i], k[:i].T, z[i]) for i in range(1, n)]
        self._all, self._last = k.T, self._scaled[n]
        self._flat = z[0]
        self._end = y.new_empty(y.shape) if not tableau.adaptive else self._z[-1]
        self._error = y.new_empty(y.numel())
        self.new = self._end

    @property
    def y(self) -> Tensor:
        return self._z[0]

    @property
    def k1(self) -> Tensor:
        return self._k[0]

    @property
    def states(self) -> Tensor:
        return self._states

    @property
    def slopes(self) -> Tensor:
        return self._slopes

    def reset(self, y: Tensor) -> None:
        self._z[0].copy_(y)

    def begin(self, time: Weight, side: int = 0) -> None:
        self._k[0].copy_(self.f(self.clock.at(time, side), self._z[0]))
        self.evaluations += 1

    def attempt(self, time: Weight, h: Weight, start: int = 0, end: int = 0) -> None:
        torch.mul(self._weights, h, out=self._scaled)
        moments = self._moments(time, h, start, end)
        for (row, ks, z), state, slope, moment in zip(self._plan, self._z[1:], self._k[1:], moments, strict=True):
            torch.addmv(self._flat, ks, row, out=z)
            slope.copy_(self.f(moment, state))
        self.evaluations += len(moments)
        if not self.tableau.adaptive:
            torch.addmv(self._flat, self._all, self._last, out=self._end.view(-1))

    def error(self) -> Tensor:
        torch.mv(self._all, self._last, out=self._error)
        return self._error.view(self._end.shape)

    def accept(self) -> None:
        self._z[0].copy_(self._end)
        if self.tableau.adaptive:
            self._k[0].copy_(self._k[-1])


def _weights(tableau: Tableau, y: Tensor) -> Tensor:
    """The stages' weights, and below them those of the error, or of the new state; shape (stages + 1, stages)."""
    n = tableau.stages
    rows = [[*row, *[0.0] * (n - len(row))] for row in (*tableau.a, tableau.error or tableau.b)]
    return torch.tensor(rows, dtype=y.dtype, device=y.device)


class Traced(Scheme):
    """Stages as separate tensors, from out-of-place operations that autograd can follow."""

    def __init__(self, f: Field, tableau: Tableau, clock: Clock, y: Tensor) -> None:
        super().__init__(f, tableau, clock)
        self._y = y
        self.ks: list[Tensor] = []
        self._zs: list[Tensor] = []
        self._h: Weight = 0.0

    @property
    def y(self) -> Tensor:
        return self._y

    @property
    def k1(self) -> Tensor:
        return self.ks[0]

    @property
    def states(self) -> Tensor:
        return torch.stack(self._zs)

    @property
    def slopes(self) -> Tensor:
        return torch.stack(self.ks)

    def reset(self, y: Tensor) -> None:
        self._y = y

    def begin(self, time: Weight, side: int = 0) -> None:
        self.ks = [self.f(self.clock.at(time, side), self._y)]
        self.evaluations += 1

    def attempt(self, time: Weight, h: Weight, start: int = 0, end: int = 0) -> None:
        self.ks, self._zs, self._h = self.ks[:1], [self._y], h
        for row, moment in zip(self.tableau.a[1:], self._moments(time, h, start, end), strict=True):
            z, k = self._stage(moment, combine(self._y, self.ks, row, h), h)
            self._zs.append(z)
            self.ks.append(k)
        self.new = self._zs[-1] if self.tableau.adaptive else combine(self._y, self.ks, self.tableau.b, h)

    def _stage(self, moment: Tensor, base: Tensor, h: Weight) -> tuple[Tensor, Tensor]:
        """State and derivative of a stage; ``base`` holds what the earlier stages give."""
        self.evaluations += 1
        return base, self.f(moment, base)

    def error(self) -> Tensor:
        return combine(torch.zeros_like(self.new), self.ks, self.tableau.error, self._h)

    def accept(self) -> None:
        self._y = self.new
        self.ks = self.ks[-1:]
