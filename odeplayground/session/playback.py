"""The clock of the playback: which moment of the trajectories the window shows. Nothing here knows the wall clock."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence

from odeplayground.session.signal import Signal

_SHORT, _LONG, _SECONDS = 5.0, 40.0, 15.0
"""Spans between these two lengths play in real time (one unit of time per second), others in so many seconds."""

FRAME = 1 / 60
"""Seconds between two frames."""


class Playback:
    """A time within a span. ``speed`` is a factor on the natural pace, which suits the length of the span."""

    time_changed = Signal(float)
    playing_changed = Signal(bool)
    span_changed = Signal()

    def __init__(self, span: tuple[float, float]) -> None:
        self._span = span
        self._time = span[0]
        self._playing = False
        self.speed = 1.0

    @property
    def span(self) -> tuple[float, float]:
        """The first and the last moment."""
        return self._span

    @property
    def time(self) -> float:
        """The moment that is shown."""
        return self._time

    @property
    def playing(self) -> bool:
        """Whether time runs."""
        return self._playing

    @property
    def pace(self) -> float:
        """Units of time per second at speed 1."""
        length = self._span[1] - self._span[0]
        return 1.0 if _SHORT <= length <= _LONG else length / _SECONDS

    def play(self) -> None:
        """Let time run, from the start if it is at the end."""
        if self._time >= self._span[1]:
            self.seek(self._span[0])
        self._set_playing(True)

    def pause(self) -> None:
        """Hold the time."""
        self._set_playing(False)

    def advance(self, seconds: float) -> None:
        """So many seconds have passed. Beyond the end it begins anew."""
        if not self._playing:
            return
        start, end = self._span
        time = self._time + seconds * self.speed * self.pace
        self.seek(start + math.fmod(time - start, end - start) if time > end else time)

    def seek(self, time: float) -> None:
        """Go to a moment; outside the span to its nearer end."""
        time = min(max(time, self._span[0]), self._span[1])
        if time != self._time:
            self._time = time
            self.time_changed.emit(time)

    def step(self, frames: int) -> None:
        """Hold the time, so many frames of the playback later (or earlier, where they are negative)."""
        self.pause()
        self.seek(self._time + frames * FRAME * self.speed * self.pace)

    def step_along(self, times: Sequence[float], direction: int) -> None:
        """Hold the time at the next of some increasing times, or at the one before (a direction below zero)."""
        self.pause()
        room = 1e-9 * (self._span[1] - self._span[0])
        if direction > 0:
            place = bisect.bisect_right(times, self._time + room)
        else:
            place = bisect.bisect_left(times, self._time - room) - 1
        if 0 <= place < len(times):
            self.seek(float(times[place]))

    def set_span(self, span: tuple[float, float]) -> None:
        """Another span; the moment stays if it can."""
        if span != self._span:
            self._span = span
            self.span_changed.emit()
            self.seek(self._time)

    def _set_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)
