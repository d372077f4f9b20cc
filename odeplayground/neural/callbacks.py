"""Callbacks that a field may have, under torchdiffeq's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from odeplayground.neural.flatten import Shape
from odeplayground.neural.stepping import Step, Watcher

Callback = Callable[[Tensor, Any, Tensor], Any]


class Callbacks(Watcher):
    """Calls ``callback_step``, ``callback_accept_step`` and ``callback_reject_step`` with (t, y, size of the step)."""

    def __init__(
        self, shape: Shape, begun: Callback | None, accepted: Callback | None, rejected: Callback | None
    ) -> None:
        self._shape, self._begun, self._accepted, self._rejected = shape, begun, accepted, rejected

    @staticmethod
    def of(func: object, shape: Shape, suffix: str = "") -> Watcher:
        """The callbacks of ``func``; a watcher that does nothing where it has none."""
        names = ("callback_step", "callback_accept_step", "callback_reject_step")
        found = [getattr(func, name + suffix, None) for name in names]
        return Callbacks(shape, *found) if any(found) else Watcher()

    def begun(self, t: float, y: Tensor, h: float) -> None:
        self._call(self._begun, t, y, h)

    def accepted(self, step: Step) -> None:
        self._call(self._accepted, step.t, step.states[0], step.h)

    def rejected(self, t: float, y: Tensor, h: float) -> None:
        self._call(self._rejected, t, y, h)

    def _call(self, callback: Callback | None, t: float, y: Tensor, h: float) -> None:
        if callback is not None:
            now, size = (torch.tensor(x, dtype=torch.float64, device=y.device) for x in (t, abs(h)))
            callback(now, self._shape.split(y), size)
