"""All that is computed of one field: its curves first, then the background, then what is searched for."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from itertools import pairwise

from msgspec.structs import replace

from odeplayground.jobs import Body, Runner
from odeplayground.session.lane import Lane
from odeplayground.session.request import BACKGROUND, CURVES, SEARCHES, Request
from odeplayground.session.scene import ErrorMap, Portrait

KINDS = CURVES, BACKGROUND, SEARCHES


class Lanes:
    """Three lanes for one portrait, so that curves wait for nothing.

    Each lane begins with a request when the one before it is through with it, or has had to leave it for a newer one:
    what moves in a hand comes first, and the rest of the picture follows in a drag too.
    """

    def __init__(self, runner: Runner, channels: tuple[str, ...], clock: Callable[[], float] = time.monotonic) -> None:
        self._lanes = {
            channel: Lane(runner, channel, clock, kinds) for channel, kinds in zip(channels, KINDS, strict=True)
        }
        self._curves, self._background, self._searches = self._lanes.values()

    @property
    def request(self) -> Request | None:
        """What is to be shown."""
        return self._curves.request

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return any(lane.busy for lane in self._lanes.values())

    @property
    def drawing(self) -> bool:
        """Whether anything but a search is under way."""
        return self._curves.busy or self._background.busy

    @property
    def drawing_curves(self) -> bool:
        """Whether curves are under way."""
        return self._curves.busy

    @property
    def ready(self) -> bool:
        """Whether every trajectory has a curve, if perhaps of the request before."""
        return self._curves.ready

    @property
    def current(self) -> bool:
        """Whether every trajectory has its own curve."""
        return self._curves.current

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that ran, each once."""
        return self._curves.methods

    @property
    def failure(self) -> str:
        """The sentence of a job that failed."""
        return next((lane.failure for lane in self._lanes.values() if lane.failure), "")

    def curves_due(self) -> float:
        """Seconds that the curves under way will take, as told by the last ones; infinite if nothing is known."""
        return self._curves.due()

    def due(self) -> float:
        """Seconds of work until the next of curves and background are through; infinite if nobody knows, or none is."""
        return min((lane.due() for lane in (self._curves, self._background) if lane.busy), default=math.inf)

    def show(self, request: Request | None) -> None:
        """Bring the portrait up to date with this request; ``None``: there is none to show."""
        self._curves.show(request)
        for lane in (self._background, self._searches):
            if request is None or (lane.request is not None and lane.request.shape != request.shape):
                lane.show(None)
        self._follow()

    def handle(self, channel: str, body: Body) -> bool:
        """Take in a message of a channel; whether there is something new to draw."""
        lane = self._lanes[channel]
        begun = lane.running
        is_new = lane.handle(body)
        if lane.running is not begun and lane is not self._searches:
            follower = self._background if lane is self._curves else self._searches
            follower.show(lane.request)
        self._follow()
        return is_new

    def portrait(self) -> Portrait:
        """What there is now."""
        whole = self._searches.completed(self._background.completed(self._curves.portrait()))
        request = self._curves.request
        outdated = frozenset() if request is None else self._searches.outdated(request)
        return replace(whole, outdated=outdated) if outdated else whole

    def error_map(self) -> ErrorMap | None:
        """The error map, if it is wanted and there."""
        return self._background.error_map()

    def _follow(self) -> None:
        for lane, follower in pairwise(self._lanes.values()):
            if lane.busy:
                return
            follower.show(lane.request)
