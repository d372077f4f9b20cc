"""What may be changed while a training runs, and the state it could go on from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from odeplayground.neural.improver import State


@dataclass
class Control:
    """Wishes for a running training, from any thread; it looks at them before every epoch. ``None``: as set."""

    learning_rate: float | None = None
    horizon: int | None = None
    """Samples per window from now on, 0 for whole trajectories; the stage begins anew with them."""
    tolerance: float | None = None
    """Largest error of the solver's steps, in standard deviations of the data."""
    _stop: bool = False
    _take: Callable[[], State] | None = field(default=None, repr=False)

    def stop(self) -> None:
        """End soon, with the best weights so far; in the middle of a long epoch if need be."""
        self._stop = True

    @property
    def stopped(self) -> bool:
        """Whether the training was asked to end."""
        return self._stop

    def checkpoint(self) -> State:
        """All that the training needs to go on after its latest epoch exactly as it would have, as arrays by name.

        To be called between two events, from the thread that reads them.

        Raises:
            RuntimeError: no training has begun.
        """
        if self._take is None:
            raise RuntimeError("No training has begun that a checkpoint could be taken of.")
        return self._take()

    def offer(self, take: Callable[[], State]) -> None:
        """For the training: how a checkpoint is taken."""
        self._take = take


class StopError(Exception):
    """The training was asked to end in the middle of an epoch."""
