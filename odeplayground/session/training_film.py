"""The fields of a training as it went on, to be looked at again."""

from __future__ import annotations

from odeplayground.spec import AnySystem, FieldUpdate

MOST = 240
"""Fields that are kept; of more every other one goes, and from then on half as many come."""


class Film:
    """Fields by epoch, evenly thinned. The latest is always there."""

    def __init__(self) -> None:
        self._kept: list[FieldUpdate] = []
        self._latest: FieldUpdate | None = None
        self._every = 1

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, update: FieldUpdate) -> None:
        """Take in the next field."""
        self._latest = update
        if self._kept and update.epoch - self._kept[-1].epoch < self._every:
            return
        self._kept.append(update)
        if len(self._kept) > MOST:
            self._kept = self._kept[::2]
            self._every *= 2

    def at(self, epoch: int) -> AnySystem | None:
        """The field whose epoch is nearest; ``None`` if there is none."""
        shown = [*self._kept, *([] if self._latest is None else [self._latest])]
        return min(shown, key=lambda one: abs(one.epoch - epoch)).field if shown else None
