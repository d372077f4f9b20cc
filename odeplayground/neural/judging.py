"""How well a field fits windows: the held-out loss, and the loss where an optimiser tells none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn

from odeplayground.dynamics.dense_block import DenseControl
from odeplayground.neural.learners import Learner
from odeplayground.neural.native_windows import NativeWindows
from odeplayground.neural.preparation import Batch
from odeplayground.neural.shooting import judge


class Judge:
    """Weighted mean squares of the normalised residuals of windows that start from the smoothed curves.

    Args:
        learner: what is trained.
        batches: the windows.
        control: how native code solves them; ``None``: torch does, with steps of a fixed size.
    """

    def __init__(self, learner: Learner, batches: Sequence[Batch], control: DenseControl | None) -> None:
        self._learner, self._batches = learner, batches
        self._native = None
        if control is not None:
            self._native = [NativeWindows(learner.field, batch, control) for batch in batches]
        self._total = sum(float(batch.weight.sum()) for batch in batches)

    def loss(self, field: nn.Module, substeps: int, poll: Callable[[], None]) -> float:
        """Of a field of the learner's kind; NaN where native code could not solve a window.

        ``poll`` is called now and then, and may raise.

        Raises:
            SolveError: the solution of torch diverged.
        """
        if self._native is None:
            return judge(self._learner, field, self._batches, substeps, poll)
        squares = 0.0
        for windows in self._native:
            poll()
            squares += windows.squares(field)
        return squares / self._total
