"""What a person asks of a training while it runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from odeplayground.session.errors import UserError

if TYPE_CHECKING:
    from odeplayground import neural


class Wishes(msgspec.Struct, frozen=True):
    """Settings that a running training takes over at once; ``None``: as it was begun.

    ``learning_rate`` is that of the beginning, from which it decays. ``horizon`` counts samples per window, 0 for whole
    trajectories. ``tolerance`` is the largest error of the solver's steps, in standard deviations of the data.
    ``back`` counts how often somebody wanted the best weights again.
    """

    learning_rate: float | None = None
    horizon: int | None = None
    tolerance: float | None = None
    back: int = 0

    def checked(self) -> Wishes:
        """The same wishes.

        Raises:
            UserError: one that no training can fulfil.
        """
        if self.learning_rate is not None and not 0 < self.learning_rate <= 1:
            raise UserError("Learning rate: a number above 0 and up to 1, please.")
        if self.horizon is not None and (self.horizon < 0 or self.horizon == 1):
            raise UserError("Horizon: at least two samples, or 0 for whole trajectories, please.")
        if self.tolerance is not None and not 1e-12 <= self.tolerance < math.inf:
            raise UserError("Tolerance: a number of at least 1e-12, please.")
        return self


class WishBox:
    """Holds the latest wishes, between the thread that asks and the one that trains."""

    def __init__(self) -> None:
        self.wishes = Wishes()
        self._told = Wishes()

    def tell(self, control: neural.Control) -> None:
        """Hand over what is new. Called by the training's thread."""
        now, before = self.wishes, self._told
        self._told = now
        if now == before:
            return
        control.learning_rate, control.horizon, control.tolerance = now.learning_rate, now.horizon, now.tolerance
        if now.back > before.back:
            control.back_to_best()
