"""Parts of a portrait that are kept up to date in the background: what is there, what is under way, what is waiting."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any

import msgspec
import numpy as np

from odeplayground.jobs import Body, Failed, Progress, Runner
from odeplayground.session.portrait_job import UNFINISHED, Parts, portrait_job, rested
from odeplayground.session.request import SEARCHES, Key, Part, Request, Slot
from odeplayground.session.scene import ErrorMap, Portrait, Solved, Trajectory
from odeplayground.session.turns import Turns
from odeplayground.spec import LearnedSystem

_PATIENCE = 2.0
"""Seconds that a new request waits for a picture under way. Shorter, and slow systems would never show one."""
_REST = 0.15
"""Seconds without a new request before a costly search begins: during a drag it would slow down all the rest."""
_COSTLY = 0.020
"""Seconds of work from which on a search waits for that."""
_SLOW = 0.1
"""Seconds of work from which on something that is out of date should look so."""
_FIELDS = {
    Part.NULLCLINES: "nullclines",
    Part.STREAMLINES: "streamlines",
    Part.CYCLES: "cycles",
    Part.BASINS: "basins",
}
"""What a part is called in a portrait."""


class Lane:
    """Keeps those parts of one portrait that are of some kinds, with the keys of what they were computed from.

    While requests come faster than pictures can be computed, as during a drag, a job is not cancelled by each of
    them, or nothing would ever appear: it may first deliver the curves and what is due of the background. The newest
    request follows then; those between are skipped. A job for another system is cancelled at once.
    """

    def __init__(
        self,
        runner: Runner,
        channel: str,
        clock: Callable[[], float],
        kinds: Collection[Part],
    ) -> None:
        self._kinds = kinds
        self._runner = runner
        self._channel = channel
        self._clock = clock
        self._request: Request | None = None
        self._running: Request | None = None
        self._wanted: tuple[Request, dict[Slot, Key]] | None = None
        self._parts: dict[Slot, tuple[Key, Any]] = {}
        self._joined: dict[int, tuple[Solved, Any, Trajectory]] = {}
        self._turns = Turns()
        self._since = 0.0
        self._rests = False
        self.failure = ""
        """The sentence of the last job, if it failed."""

    @property
    def request(self) -> Request | None:
        """What is to be shown."""
        return self._request

    @property
    def running(self) -> Request | None:
        """The request of the job under way."""
        return self._running

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._running is not None

    def due(self) -> float:
        """Seconds of work that the job under way takes, as told by earlier ones; infinite if nothing is known."""
        return self._turns.due

    @property
    def ready(self) -> bool:
        """Whether every trajectory has a curve, if perhaps of the request before."""
        request = self._request
        return request is not None and all((Part.FORWARD, i) in self._parts for i in range(len(request.starts)))

    @property
    def current(self) -> bool:
        """Whether every trajectory has its own curve, so that at most the background is outdated."""
        return self.ready and not any(part is Part.FORWARD for part, _ in self._missing())

    def show(self, request: Request | None) -> None:
        """Bring the portrait up to date with this request; ``None``: there is none to show."""
        old, self._request = self._request, request
        if request != old:
            self.failure = ""
        if request is None:
            self._stop()
            self._forget()
        elif old is None or request.shape != old.shape:
            self._forget()
            self._submit()
        elif request != old:
            self._rehome(request)
            self._submit_or_wait(request)

    def handle(self, body: Body) -> bool:
        """Take in a message of the channel; whether there is something new to draw."""
        if isinstance(body, Progress):
            return self._take(body.event)
        finished, self._running = self._running, None
        self.failure = body.sentence if isinstance(body, Failed) and finished == self._request else ""
        if finished != self._request:
            self._submit()
        elif self.failure:
            self._fill()
        return bool(self.failure)

    def portrait(self) -> Portrait:
        """The trajectories and arrows that there are now."""
        assert self._request is not None
        trajectories = tuple(self._trajectory(i) for i in range(len(self._request.starts)))
        return Portrait(trajectories, self._value(Part.ARROWS, None))

    def completed(self, portrait: Portrait) -> Portrait:
        """A portrait together with what there is here of its other parts."""
        found = {part: value for (part, _), (_, value) in self._parts.items()}
        fields = {_FIELDS[part]: value for part, value in found.items() if part in _FIELDS}
        if (marks := found.get(Part.EQUILIBRIA)) is not None:
            fields |= {"equilibria": marks.points, "doubts": marks.doubts, "separatrices": marks.separatrices}
        return msgspec.structs.replace(portrait, **fields) if fields else portrait

    def outdated(self, request: Request) -> frozenset[str]:
        """What of the found parts belongs to other values than those of a request, and takes long to find anew."""
        return frozenset(
            _FIELDS[part]
            for (part, _), (key, _) in self._parts.items()
            if part in SEARCHES and self._turns.seconds(part) > _SLOW and not self._belongs(key, request)
        )

    def _belongs(self, key: Key, request: Request) -> bool:
        if key is UNFINISHED:
            return self._request is not None and self._request.field == request.field
        return request.has(key)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that ran, each once."""
        found = [value.method for (part, _), (_, value) in self._parts.items() if part is Part.FORWARD]
        return tuple(dict.fromkeys(filter(None, found)))

    def error_map(self) -> ErrorMap | None:
        """The error map, if it is wanted and there."""
        found: ErrorMap | None = self._value(Part.ERROR, None)
        return found

    def _take(self, parts: Parts) -> bool:
        if self._running is None:  # cancelled, but this was on its way
            return False
        self._parts |= parts.values
        self._turns.deliver(parts.part, parts.seconds)
        if self._running != self._request and self._turns.gives_way:
            self._submit()
        return True

    def _submit_or_wait(self, request: Request) -> None:
        may_wait = self._running is not None and _similar(self._running, request) and bool(self._missing())
        may_wait = may_wait and not (self._rests and self._clock() - self._since < _REST)
        if not (may_wait and self._clock() - self._since < _PATIENCE):
            self._submit()

    def _submit(self) -> None:
        request = self._request
        missing = self._missing()
        if request is None or not missing:
            self._stop()
            return
        groups = self._turns.begin({part for part, _ in missing})
        self._since = self._clock()
        self._running = request
        job = portrait_job(request, groups, missing)
        self._rests = SEARCHES.issuperset(self._kinds) and _COSTLY < self._turns.due < math.inf
        self._runner.submit(self._channel, rested(job, _REST) if self._rests else job)

    def _stop(self) -> None:
        if self._running is not None:
            self._running = None
            self._runner.cancel(self._channel)

    def _missing(self) -> dict[Slot, Key]:
        if self._request is None:
            return {}
        wanted, parts = self._wanted_by(self._request), self._parts
        return {slot: key for slot, key in wanted.items() if slot not in parts or parts[slot][0] != key}

    def _wanted_by(self, request: Request) -> dict[Slot, Key]:
        """What a request wants, remembered: with hundreds of starts, telling it takes a while."""
        if self._wanted is None or self._wanted[0] is not request:
            self._wanted = request, {slot: key for slot, key in request.wanted().items() if slot[0] in self._kinds}
        return self._wanted[1]

    def _rehome(self, request: Request) -> None:
        """Forget parts that nobody wants any more; a curve whose starting point got another number moves along."""
        wanted = self._wanted_by(request)
        curves = (Part.FORWARD, Part.BACKWARD)
        by_key = {key: value for (part, _), (key, value) in self._parts.items() if part in curves}
        kept = {slot: found for slot, found in self._parts.items() if slot in wanted}
        moved = {slot: (key, by_key[key]) for slot, key in wanted.items() if key in by_key}
        self._parts = kept | moved

    def _forget(self) -> None:
        self._parts.clear()
        self._joined.clear()

    def _fill(self) -> None:
        """Curves that could not be computed are empty, so that the rest can be shown."""
        assert self._request is not None
        n = len(self._request.states)
        for slot, key in self._missing().items():
            if slot[0] is Part.FORWARD:
                self._parts[slot] = (key, Solved(Trajectory(np.empty(0), np.empty((n, 0))), ""))

    def _trajectory(self, i: int) -> Trajectory:
        """The two halves of a trajectory together; the same object as long as they are the same."""
        solved: Solved = self._parts[Part.FORWARD, i][1]
        back = self._parts.get((Part.BACKWARD, i))
        if back is None:
            return solved.curve
        known = self._joined.get(i)
        if known is None or known[0] is not solved or known[1] is not back[1]:
            whole = msgspec.structs.replace(solved.curve, back_t=back[1][0], back_y=back[1][1])
            known = self._joined[i] = solved, back[1], whole
        return known[2]

    def _value(self, part: Part, default: Any) -> Any:
        return self._parts[part, 0][1] if (part, 0) in self._parts else default


def _similar(one: Request, other: Request) -> bool:
    """Whether pictures of the one request help while the other one's are not there yet."""
    same_system = one.field.system == other.field.system or isinstance(one.field.system, LearnedSystem)
    return same_system and one.shape == other.shape and len(one.starts) == len(other.starts)
