"""Multiple shooting: solve from many starts over short windows, and compare with the samples.

The starts are unknowns too, because samples are noisy; they begin on the smoothed curves. Bock 1983.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.neural.adam import Adam
from odeplayground.neural.adjoint import odeint_adjoint
from odeplayground.neural.improver import State, loaded, prefixed, stored, under
from odeplayground.neural.learners import Learner
from odeplayground.neural.native_windows import NativeWindows
from odeplayground.neural.odeint import odeint
from odeplayground.neural.preparation import Batch
from odeplayground.neural.segments import MOST_RATIO
from odeplayground.neural.solution import solve
from odeplayground.spec import Gradient

GROUPS = 4
"""Batches with different times per epoch, in turns; usually there is one."""
START_RATE = 0.1
"""Learning rate of the starts, relative to that of the weights."""
NOISY = 0.02
"""Noise, in deviations of the data, below which the starts move less: their smoothed values are as good as that."""
LARGEST_NORM = 1.0
"""Longer gradients are shortened to this."""


class Windows:
    """The loss of windows and its gradient by the weights and the starts, some batches at a time.

    With a ``control`` native code does it, by the discrete adjoint of the steps that this chooses. Otherwise torch
    does, in so many ``substeps`` per interval between samples.
    """

    def __init__(
        self,
        learner: Learner,
        batches: Sequence[Batch],
        gradient: Gradient,
        substeps: int,
        ridge: float = 0.0,
        control: DenseControl | None = None,
    ) -> None:
        self.batches = batches
        self.starts = [batch.start.clone().requires_grad_() for batch in batches]
        self.parameters = list(learner.field.parameters())
        self._fields = [learner.over(learner.field, batch.times) for batch in batches]
        self._solve = _SOLVERS[gradient]
        self._substeps, self._ridge = substeps, ridge
        self._native = None
        if control is not None:
            self._native = [NativeWindows(learner.field, batch, control) for batch in batches]

    def state(self) -> State:
        """What the next loss depends on besides weights and starts: the steps to begin with, in native code."""
        return {f"first{i}": one.first.copy() for i, one in enumerate(self._native or ())}

    def restore(self, state: State) -> None:
        """Go on from such a state."""
        for i, one in enumerate(self._native or ()):
            one.first[:] = state[f"first{i}"]

    @property
    def steps(self) -> tuple[int, int]:
        """Steps accepted and rejected the last time, of all batches; none where they are fixed."""
        pairs = [one.steps for one in self._native or ()]
        return sum(accepted for accepted, _ in pairs), sum(rejected for _, rejected in pairs)

    def evaluations(self, groups: int) -> int:
        """Evaluations of the field for so many batches, one way; where steps are chosen, those of the last time.

        Before the first time, those of fixed steps.
        """
        if self._native is not None and any(one.evaluations for one in self._native):
            return sum(sorted((one.evaluations for one in self._native), reverse=True)[:groups])
        lengths = sorted((len(batch.times) for batch in self.batches), reverse=True)[:groups]
        return sum(4 * self._substeps * (length - 1) for length in lengths)

    def loss(self, turn: Sequence[int]) -> tuple[float, list[Tensor], list[Tensor]]:
        """Of these batches: the mean square, its gradients by the weights, and by the starts of each batch.

        Raises:
            SolveError: the solution diverged.
            FloatingPointError: something is not finite.
        """
        total = sum(float(self.batches[i].weight.sum()) for i in turn)
        pieces = [self._gradients(i, total) for i in turn]
        gradients = [torch.stack(parts).sum(dim=0) for parts in zip(*(g for _, g, _ in pieces), strict=True)]
        loss = sum(part for part, _, _ in pieces)
        if self._ridge:
            gradients = [
                g + (2 * self._ridge / total) * p.detach() for g, p in zip(gradients, self.parameters, strict=True)
            ]
            loss += self._ridge / total * sum(p.detach().square().sum().item() for p in self.parameters)
        if not math.isfinite(loss):
            raise FloatingPointError("The loss is not finite.")
        return loss, gradients, [start for _, _, start in pieces]

    def _gradients(self, i: int, total: float) -> tuple[float, list[Tensor], Tensor]:
        batch, start = self.batches[i], self.starts[i]
        if self._native is not None:
            squares, by_weights, by_start = self._native[i].gradients(start)
            return squares / total, [g / total for g in by_weights], by_start / total
        y = self._solve(self._fields[i], start, batch.t, step_options(batch, self._substeps))
        loss = ((y - batch.y).square() * batch.weight).sum() / total
        *weights, start_gradient = torch.autograd.grad(loss, [*self.parameters, start], materialize_grads=True)
        return loss.item(), weights, start_gradient


Solver = Callable[[nn.Module, Tensor, Tensor, dict[str, float]], Tensor]
"""Of a field, starts, times and options of fixed steps: the values, with one kind of gradient or another."""


def _by_adjoint(field: nn.Module, start: Tensor, t: Tensor, options: dict[str, float]) -> Tensor:
    y: Tensor = odeint_adjoint(field, start, t, method="rk4", options=options)
    return y


def _directly(field: nn.Module, start: Tensor, t: Tensor, options: dict[str, float]) -> Tensor:
    y: Tensor = odeint(field, start, t, method="rk4", options=options)
    return y


def _by_steps(field: nn.Module, start: Tensor, t: Tensor, options: dict[str, float]) -> Tensor:
    y: Tensor = solve(
        field, start, t, gradient="discrete", engine="torch", method="rk4", options=options
    ).values  # NaN where it diverged
    return y


_SOLVERS: dict[Gradient, Solver] = {
    Gradient.ADJOINT: _by_adjoint,
    Gradient.DIRECT: _directly,
    Gradient.DISCRETE: _by_steps,
}


class Shooting:
    """One stage of Adam: windows of one length, with an optimiser for the weights and one per batch for the starts.

    ``noise``, in deviations of the data, says how far the starts are known beforehand; zero: exactly.
    """

    converged = False

    def __init__(
        self,
        learner: Learner,
        batches: Sequence[Batch],
        gradient: Gradient,
        substeps: int,
        ridge: float = 0.0,
        noise: float = math.inf,
        control: DenseControl | None = None,
    ) -> None:
        self._windows = Windows(learner, batches, gradient, substeps, ridge, control)
        self._turn = 0
        self._start_rate = START_RATE * min(1.0, noise / NOISY)
        self.evaluations = self._windows.evaluations(GROUPS)
        self.backward = 0 if gradient is Gradient.DIRECT else self.evaluations
        self.forget()

    def forget(self) -> None:
        """Begin the optimisers anew."""
        self._adam = Adam(self._windows.parameters)
        self._start_adams = [Adam([start]) for start in self._windows.starts]

    @property
    def steps(self) -> tuple[int, int]:
        """As :class:`improver.Improver`."""
        return self._windows.steps

    def epoch(self, rate: float) -> tuple[float, float]:
        """As :class:`improver.Improver`: one step of Adam."""
        n = len(self._windows.batches)
        turn = [(self._turn + i) % n for i in range(min(GROUPS, n))]
        self._turn = (self._turn + len(turn)) % n
        loss, gradients, start_gradients = self._windows.loss(turn)
        self.evaluations = self._windows.evaluations(GROUPS)
        self.backward = self.evaluations if self.backward else 0
        norm = torch.stack([g.square().sum() for g in gradients]).sum().sqrt().item()
        if not math.isfinite(norm):
            raise FloatingPointError("The gradient is not finite.")
        shrink = min(1.0, LARGEST_NORM / max(norm, 1e-12))
        self._adam.step([g * shrink for g in gradients], rate)
        for i, gradient in zip(turn, start_gradients, strict=True):
            self._start_adams[i].step([gradient * shrink], rate * self._start_rate)
        return loss, norm

    def state(self) -> State:
        """As :class:`improver.Improver`."""
        parts = prefixed("weights/", stored(self._adam.state()))
        for i, (adam, start) in enumerate(zip(self._start_adams, self._windows.starts, strict=True)):
            parts |= prefixed(f"start{i}/", stored({**adam.state(), "start": start}))
        return {**parts, **self._windows.state(), "turn": np.array(self._turn)}

    def restore(self, state: State) -> None:
        """As :class:`improver.Improver`."""
        self._turn = int(state["turn"])
        self._windows.restore(state)
        self._adam.restore(loaded(under("weights/", state)))
        for i, (adam, start) in enumerate(zip(self._start_adams, self._windows.starts, strict=True)):
            part = loaded(under(f"start{i}/", state))
            adam.restore(part)
            with torch.no_grad():
                start.copy_(part["start"])


Poll = Callable[[], None]
"""Called now and then; may raise."""


def _nothing() -> None:
    """Nobody asks."""


@torch.no_grad()
def judge(learner: Learner, field: nn.Module, batches: Sequence[Batch], substeps: int, poll: Poll = _nothing) -> float:
    """Weighted mean square of the normalised residuals of windows that start from the smoothed curves.

    ``poll`` is called before every evaluation of the field, and may raise.

    Raises:
        SolveError: the solution diverged.
    """
    squares = weights = 0.0
    for batch in batches:
        y = _solved(learner, field, batch, substeps, poll)
        squares += ((y - batch.y).square() * batch.weight).sum().item()
        weights += batch.weight.sum().item()
    return squares / weights


@torch.no_grad()
def step_error(
    learner: Learner, field: nn.Module, batches: Sequence[Batch], substeps: int, poll: Poll = _nothing
) -> float:
    """What halving the solver's step changes: root mean square per window, the largest one, in deviations of the data.

    Raises:
        SolveError: the solution diverged.
    """
    worst = 0.0
    for batch in batches[:GROUPS]:
        one, two = (_solved(learner, field, batch, n, poll) for n in (substeps, 2 * substeps))
        worst = max(worst, (one - two).square().mean(dim=(0, 2)).max().sqrt().item())
    return worst


def _solved(learner: Learner, field: nn.Module, batch: Batch, substeps: int, poll: Poll) -> Tensor:
    over = learner.over(field, batch.times)

    def polled(t: Tensor, z: Tensor) -> Tensor:
        poll()
        value: Tensor = over(t, z)
        return value

    y: Tensor = odeint(polled, batch.start, batch.t, method="rk4", options=step_options(batch, substeps))
    return y


def step_options(batch: Batch, substeps: int) -> dict[str, float]:
    """A step that divides the usual sample interval; longer intervals get more steps, but a pause not without end."""
    gaps = batch.t.diff()
    return {"step_size": max(gaps.median().item(), gaps.max().item() / MOST_RATIO) / substeps}
