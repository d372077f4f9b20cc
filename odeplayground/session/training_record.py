"""What a training has reached so far, so that nothing is lost when it ends early."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from odeplayground.spec import AnySystem, Epoch, FieldUpdate, Stage, TrainDone


@dataclass(frozen=True, eq=False)
class Best:
    """The best field so far. A later one is better, so that a slow reader may miss the earlier ones."""

    field: AnySystem
    epoch: int


class Judge:
    """Follows the events of a training and says which fields are the best so far, as the training judges them."""

    def __init__(self) -> None:
        self._latest: FieldUpdate | None = None
        self._found = False

    def better(self, event: Any) -> Best | None:
        """A new best field, once its epoch has told so. The field comes first, then its epoch."""
        if isinstance(event, FieldUpdate):
            self._latest = event
        latest = self._latest
        if latest is None or not isinstance(event, Epoch) or event.epoch != latest.epoch:
            return None
        if self._found and event.best_epoch != event.epoch:
            return None
        self._found = True
        return Best(latest.field, latest.epoch)


class Record:
    """The course of a training, and the best field."""

    def __init__(self) -> None:
        self.history: list[Epoch] = []
        self.stages: list[Stage] = []
        self._best: Best | None = None

    def add(self, event: Any) -> None:
        """Take note of an event of the job."""
        match event:
            case Epoch():
                self.history.append(event)
            case Stage():
                self.stages.append(event)
            case Best():
                self._best = event

    @property
    def best(self) -> Best | None:
        """The best field, if there is any yet."""
        return self._best

    @property
    def last(self) -> int:
        """Number of the latest epoch."""
        return self.history[-1].epoch if self.history else 0

    def stopped(self) -> TrainDone | None:
        """The training as if it ended here on request; ``None`` if there is no field yet."""
        return self.done(f"Stopped after epoch {self.last}; the best weights are kept.")

    def done(self, message: str) -> TrainDone | None:
        """The training as if it ended here, with the best of the fields."""
        if self._best is None:
            return None
        seconds = sum(epoch.seconds for epoch in self.history)
        return TrainDone(self._best.field, self._best.epoch, seconds, tuple(self.history), tuple(self.stages), message)
