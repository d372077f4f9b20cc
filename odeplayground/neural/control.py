"""What may be changed while a training runs, and the state it could go on from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from odeplayground.neural.improver import State


@dataclass
class Control:
    """Wishes for a running training, from any thread; it looks at them before every epoch. ``None``: as set.

    Raises:
        ValueError: at the setting of a horizon of one sample or of fewer than none.
    """

    learning_rate: float | None = None
    horizon: int | None = None
    """Samples per window from now on, 0 for whole trajectories; the stage begins anew with them."""
    tolerance: float | None = None
    """Largest error of the solver's steps, in standard deviations of the data."""
    _stop: bool = False
    _back: bool = False
    _take: Callable[[], State] | None = field(default=None, repr=False)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "horizon":  # refused to who asks: a training that ran could not go on with it
            check_horizon(value)
        super().__setattr__(name, value)

    def stop(self) -> None:
        """End soon, with the best weights so far; in the middle of a long epoch if need be."""
        self._stop = True

    def back_to_best(self) -> None:
        """Go on from the best weights so far, with an optimiser that begins anew."""
        self._back = True

    def take_back(self) -> bool:
        """For the training: whether it was asked to go back since it last looked."""
        back, self._back = self._back, False
        return back

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


def check_horizon(value: int | None) -> None:
    """Refuse what is no number of samples per window.

    Raises:
        ValueError: one sample, or fewer than none.
    """
    if value is not None and (value < 0 or value == 1):
        raise ValueError("A horizon must be at least two samples, or 0 for whole trajectories.")


class StopError(Exception):
    """The training was asked to end in the middle of an epoch."""
