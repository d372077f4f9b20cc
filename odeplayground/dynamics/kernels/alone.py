"""A kernel of one lane for trajectories that are solved alone: no other lane is dragged along."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from odeplayground.dynamics.kernels.forks import Lock

if TYPE_CHECKING:
    from odeplayground.dynamics.kernels.program import Kernel

WORTH_IT = 4
"""After so many trajectories alone, a kernel for them is made."""


class Alone:
    """Such a kernel once it was asked for a few times. Results are the same bits."""

    def __init__(self, make: Callable[[], Kernel], later: Callable[[Callable[[], None]], None]) -> None:
        """``make`` compiles it; ``later`` has something done in the background."""
        self._make, self._later = make, later
        self._lock = Lock()
        self._uses = 0
        self._kernel: Kernel | None = None

    def instead_of(self, kernel: Kernel) -> Kernel:
        """The one with a single lane if it is there, else the given one. Any thread may ask."""
        if self._kernel is not None:
            return self._kernel
        with self._lock:
            self._uses += 1
            wanted = self._uses == WORTH_IT
        if wanted:
            self._later(self._prepare)
        return kernel

    def _prepare(self) -> None:
        self._kernel = self._make()
