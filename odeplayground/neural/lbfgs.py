"""L-BFGS: quasi-Newton steps with a line search (Nocedal and Wright 2006, algorithms 7.4 and 7.5)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.neural.errors import SolveError
from odeplayground.neural.improver import State, loaded, stored
from odeplayground.neural.learners import Learner
from odeplayground.neural.preparation import Batch
from odeplayground.neural.shooting import Windows
from odeplayground.spec import Gradient

MEMORY = 20
TRIES = 12
SUFFICIENT = 1e-4
"""Armijo's condition: the share of the promised decrease that a step must bring."""
ENOUGH = 1e-5
"""Relative gains below this, twice in a row, mean that a stage has converged."""


class LBFGS:
    """One stage: windows of one length; the weights and the starts are improved together."""

    def __init__(
        self,
        learner: Learner,
        batches: Sequence[Batch],
        gradient: Gradient,
        substeps: int,
        ridge: float,
        free: bool,
        poll: Callable[[], None] = lambda: None,
        control: DenseControl | None = None,
    ) -> None:
        self._poll = poll
        self._windows = Windows(learner, batches, gradient, substeps, ridge, control)
        self._tensors = [*self._windows.parameters, *(self._windows.starts if free else [])]
        self._free = free
        self.evaluations = self._windows.evaluations(len(batches))
        self.backward = 0 if gradient is Gradient.DIRECT else self.evaluations
        self.forget()

    def forget(self) -> None:
        """Begin anew, without the memory of curvature."""
        self._pairs: list[tuple[Tensor, Tensor]] = []
        self._calm = 0

    @property
    def converged(self) -> bool:
        """Whether the last steps gained nothing to speak of."""
        return self._calm >= 2

    @property
    def steps(self) -> tuple[int, int]:
        """As :class:`improver.Improver`."""
        return self._windows.steps

    def epoch(self, rate: float) -> tuple[float, float]:
        """As :class:`improver.Improver`: one step. The rate bounds the very first one only."""
        x = self._read()
        loss, gradient = self._evaluate(x)
        direction = self._direction(gradient)
        slope = float(direction @ gradient)
        if slope >= 0:
            self._pairs.clear()
            direction, slope = -gradient, -float(gradient @ gradient)
        size = 1.0 if self._pairs else min(1.0, 10 * rate / max(float(gradient.norm()), 1e-12))
        best = loss
        for _ in range(TRIES):
            found = self._try(x + size * direction)
            if found is not None and found[0] <= loss + SUFFICIENT * size * slope:
                best = found[0]
                self._remember(size * direction, found[1] - gradient)
                break
            size *= 0.3
        else:
            self._write(x)
            self._calm = 2 if not self._pairs else self._calm
            self._pairs.clear()
        self._calm = self._calm + 1 if loss - best < ENOUGH * loss else 0
        return loss, float(gradient.norm())

    def state(self) -> State:
        """As :class:`improver.Improver`."""
        pairs = {f"{kind}{i}": one for i, pair in enumerate(self._pairs) for kind, one in zip("sy", pair, strict=True)}
        starts = {f"start{i}": start for i, start in enumerate(self._windows.starts)}
        parts = stored(pairs | starts) | self._windows.state()
        return {**parts, "pairs": np.array(len(self._pairs)), "calm": np.array(self._calm)}

    def restore(self, state: State) -> None:
        """As :class:`improver.Improver`."""
        self._windows.restore(state)
        tensors = loaded(state)
        self._calm = int(tensors["calm"])
        self._pairs = [(tensors[f"s{i}"], tensors[f"y{i}"]) for i in range(int(tensors["pairs"]))]
        with torch.no_grad():
            for i, start in enumerate(self._windows.starts):
                start.copy_(tensors[f"start{i}"])

    def _try(self, x: Tensor) -> tuple[float, Tensor] | None:
        try:
            return self._evaluate(x)
        except (SolveError, FloatingPointError):
            return None

    def _evaluate(self, x: Tensor) -> tuple[float, Tensor]:
        self._poll()
        self._write(x)
        loss, gradients, starts = self._windows.loss(range(len(self._windows.batches)))
        flat = torch.cat([g.reshape(-1) for g in [*gradients, *(starts if self._free else [])]])
        if not math.isfinite(float(flat.norm())):
            raise FloatingPointError("The gradient is not finite.")
        return loss, flat

    def _direction(self, gradient: Tensor) -> Tensor:
        """The two-loop recursion."""
        q, shares = gradient.clone(), []
        for s, y in reversed(self._pairs):
            share = float(s @ q) / float(s @ y)
            shares.append(share)
            q -= share * y
        if self._pairs:
            s, y = self._pairs[-1]
            q *= float(s @ y) / float(y @ y)
        for (s, y), share in zip(self._pairs, reversed(shares), strict=True):
            q += (share - float(y @ q) / float(s @ y)) * s
        return -q

    def _remember(self, s: Tensor, y: Tensor) -> None:
        if float(s @ y) > 1e-10 * float(s.norm() * y.norm()):
            self._pairs = [*self._pairs[-MEMORY + 1 :], (s, y)]

    def _read(self) -> Tensor:
        return torch.cat([one.detach().reshape(-1) for one in self._tensors])

    @torch.no_grad()
    def _write(self, x: Tensor) -> None:
        place = 0
        for one in self._tensors:
            one.copy_(x[place : place + one.numel()].reshape(one.shape))
            place += one.numel()
