"""Adam (Kingma and Ba 2015, algorithm 1), without the second that the first use of ``torch.optim`` costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


class Adam:
    """Changes ``parameters`` in place, one step per call."""

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self._parameters = list(parameters)
        self._mean = [torch.zeros_like(p) for p in parameters]
        self._square = [torch.zeros_like(p) for p in parameters]
        self._steps = 0

    @torch.no_grad()
    def step(self, gradients: Sequence[Tensor], rate: float) -> None:
        """One step of size about ``rate`` per parameter."""
        self._steps += 1
        torch._foreach_lerp_(self._mean, list(gradients), 0.1)
        torch._foreach_mul_(self._square, 0.999)
        torch._foreach_addcmul_(self._square, list(gradients), list(gradients), 0.001)
        size = torch._foreach_sqrt(torch._foreach_div(self._square, 1 - 0.999**self._steps))
        torch._foreach_add_(size, 1e-8)
        torch._foreach_addcdiv_(self._parameters, self._mean, size, -rate / (1 - 0.9**self._steps))

    def state(self) -> dict[str, Tensor]:
        """The moments and the number of steps."""
        moments = {f"mean{i}": m for i, m in enumerate(self._mean)} | {
            f"square{i}": v for i, v in enumerate(self._square)
        }
        return {**moments, "steps": torch.tensor(self._steps)}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on from such a state."""
        self._steps = int(state["steps"])
        for i in range(len(self._parameters)):
            self._mean[i].copy_(state[f"mean{i}"])
            self._square[i].copy_(state[f"square{i}"])
