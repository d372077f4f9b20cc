"""What all optimisers have in common, so that one loop can drive any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

State = dict[str, NDArray[Any]]


class Improver(Protocol):
    """One stage of training with one optimiser."""

    @property
    def evaluations(self) -> int:
        """Evaluations of the field forwards per epoch."""
        ...

    @property
    def backward(self) -> int:
        """Evaluations of its derivatives per epoch, for gradients or sensitivities."""
        ...

    @property
    def steps(self) -> tuple[int, int]:
        """Steps that the solver accepted and rejected in the last epoch, all windows together; 0 where fixed."""
        ...

    @property
    def converged(self) -> bool:
        """Whether more epochs of this stage would change nothing."""
        ...

    def epoch(self, rate: float) -> tuple[float, float]:
        """Improve the field's parameters once; returns the loss before and the norm of its gradient.

        Raises:
            SolveError: the solution diverged. Nothing has changed then.
            FloatingPointError: the loss or the gradient is not finite. Nothing has changed then.
        """
        ...

    def forget(self) -> None:
        """Begin anew from the field's parameters as they are."""
        ...

    def state(self) -> State:
        """All that the next epoch depends on, besides the field's parameters, as copies."""
        ...

    def restore(self, state: State) -> None:
        """Go on from such a state."""
        ...


def stored(tensors: Mapping[str, Tensor]) -> State:
    """Copies as arrays."""
    return {name: np.array(tensor.detach().numpy()) for name, tensor in tensors.items()}


def loaded(state: State) -> dict[str, Tensor]:
    """Copies as tensors."""
    return {name: torch.tensor(array) for name, array in state.items()}


def under(prefix: str, state: State) -> State:
    """The entries of a part, their names without the prefix."""
    return {name.removeprefix(prefix): array for name, array in state.items() if name.startswith(prefix)}


def prefixed(prefix: str, state: State) -> State:
    """The entries of a part for a whole."""
    return {prefix + name: array for name, array in state.items()}
