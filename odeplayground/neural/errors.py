"""How solving can fail."""

from __future__ import annotations

import torch
from torch import Tensor

from odeplayground.spec import Status


class SolveError(RuntimeError):
    """A solve stopped early.

    ``partial`` holds the values at the requested times that were reached, shaped like the full answer
    with a shorter first axis (a tuple for tuple states); ``status`` says why it stopped.
    """

    def __init__(self, message: str, status: Status, partial: Tensor | tuple[Tensor, ...] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.partial = torch.empty(0) if partial is None else partial
