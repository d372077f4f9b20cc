"""Working memory for one call of a driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from odeplayground.dynamics.kernels.arguments_block import address_of
from odeplayground.dynamics.kernels.memory import HEADER_SIZE

if TYPE_CHECKING:
    from odeplayground.dynamics.kernels.single import Desk


class Memory:
    """Zeros, aligned for vectors."""

    def __init__(self, doubles: int, lanes: int) -> None:
        self._doubles = np.zeros(doubles + 8)
        skip = -(address_of(self._doubles) // 8) % 8
        self.header = self._doubles[skip : skip + HEADER_SIZE].view(np.int64)
        """The integers at the begin, see :class:`Header`."""
        self.address = address_of(self._doubles) + 8 * skip
        self.lanes = lanes
        self.desk: Desk | None = None
        """Where the arguments of a single trajectory are laid out."""
