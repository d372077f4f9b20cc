"""Which part of a picture is computed when, and when a picture gives way to a newer request."""

from __future__ import annotations

import math
from collections.abc import Collection

from odeplayground.session.request import Part

CHEAP = 0.010
"""Seconds; what costs less comes along with every picture."""
ROUNDS = 6
"""What costs more comes along with one picture in so many, at the latest."""


class Turns:
    """Shares the time of a drag among the parts of the picture.

    While newer requests wait, each picture has the curves and the cheap parts of the background, and now and then
    one of the costly parts, the one that has waited longest. So every part moves, and the curves move smoothly.
    """

    def __init__(self) -> None:
        self._seconds: dict[Part, float] = {}
        self._last: dict[Part, int] = {}
        self._round = 0
        self._queue: list[Part] = []
        self._late: Part | None = None

    def begin(self, parts: Collection[Part]) -> tuple[Part, ...]:
        """A new picture needs these parts; the order to compute them in."""
        self._round += 1
        waiting = [part for part in parts if self._round - self._last.get(part, 0) >= ROUNDS]
        costly = [part for part in waiting if self._cost(part) > CHEAP and part is not Part.FORWARD]
        self._late = min(costly, key=lambda part: self._last.get(part, 0), default=None)
        self._queue = sorted(parts, key=self._rank)
        return tuple(self._queue)

    def deliver(self, part: Part, seconds: float) -> None:
        """A part of the picture is there, after so many seconds of work on it."""
        self._seconds[part] = seconds
        self._last[part] = self._round
        if part in self._queue:
            del self._queue[: self._queue.index(part) + 1]

    def seconds(self, part: Part) -> float:
        """What the part took the last time, 0 if that is not known."""
        return self._seconds.get(part, 0.0)

    @property
    def gives_way(self) -> bool:
        """Whether a newer request should not wait for the next part."""
        following = self._queue[0] if self._queue else None
        return following is not Part.FORWARD and following is not self._late and self._cost(following) > CHEAP

    @property
    def due(self) -> float:
        """Seconds that the parts not delivered yet take, told by the last time; infinite if one of them is new."""
        return sum(self._seconds.get(part, math.inf) for part in self._queue)

    def _rank(self, part: Part) -> tuple[int, float, str]:
        """Curves first, then cheap parts, then the late one, then the others, the longest waiting first."""
        if part is Part.FORWARD:
            return 0, 0.0, part
        if self._cost(part) <= CHEAP:
            return 1, self._cost(part), part
        return (2 if part is self._late else 3), self._last.get(part, 0), part

    def _cost(self, part: Part | None) -> float:
        """What the part took the last time; what is not known yet counts as cheap, and nothing as dear."""
        return CHEAP + 1.0 if part is None else self._seconds.get(part, 0.0)
