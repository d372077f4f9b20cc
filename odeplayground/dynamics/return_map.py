"""The first return to a ray from an equilibrium in the plane, after one turn around it.

Every closed orbit in the plane surrounds an equilibrium of positive index and so meets each ray from it; it is a
fixed point of this map (Perko, section 3.4; Kuznetsov, section 1.5).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from odeplayground.dynamics.arrays import Flags, Floats, Integers
from odeplayground.dynamics.index import wrapped
from odeplayground.dynamics.simulate import simulate_many
from odeplayground.jobs.cancel import CancelToken
from odeplayground.spec import AnySystem

SAMPLES = 192
"""Points per trajectory and stretch of time."""
FINER = 48
"""A stretch between two points is looked at again in so many parts, where the angle changes much or a turn ends."""
LARGE = 1.0
"""Angles that change by more than this between two points are looked at again."""
DEPTH = 5
"""How often it is looked at again."""
OUTSIDE = 2.0
"""Trajectories further out than this, in widths of the box, are given up."""
AT_REST = 1e-9
"""Trajectories that move by less than this in a stretch of time have come to rest."""
MAX_STEPS = 20_000


class Returns(msgspec.Struct, frozen=True, eq=False):
    """Where trajectories come back to the ray; NaN for those that do not."""

    place: Floats
    """(m,), along the ray."""
    time: Floats
    """(m,), positive also backwards in time."""


class ReturnMap:
    """The map along a ray. Places are multiples of the ray's vector, which ends at the rim of the box."""

    def __init__(
        self,
        system: AnySystem,
        parameters: Mapping[str, float] | None,
        centre: Floats,
        ray: Floats,
        box: Floats,
        cancel: CancelToken | None = None,
    ) -> None:
        self._system, self._parameters, self._cancel = system, parameters, cancel
        self._centre, self._ray = centre, ray
        self._width = box[:, 1] - box[:, 0]

    def states(self, places: Floats) -> Floats:
        """States (m, 2) at places (m,)."""
        result: Floats = self._centre + places[:, None] * self._ray
        return result

    def __call__(self, places: Floats, sign: float, time: float, stretches: int, rtol: float) -> Returns:
        """Follow trajectories for a time, which is doubled ``stretches`` times, until they have turned once."""
        m = places.size
        result = Returns(np.full(m, np.nan), np.full(m, np.nan))
        lanes, y = np.arange(m), self.states(places)
        turned, passed = np.zeros(m), np.zeros(m)
        for _ in range(stretches):
            if not lanes.size or self._cancelled:
                break
            path = self._path(y, sign * time, SAMPLES, rtol)
            angle = turned[:, None] + self._turning(path, sign * time / SAMPLES, rtol, 0).cumsum(axis=1)
            done = np.abs(angle) >= 2 * np.pi
            back = np.flatnonzero(done.any(axis=1))
            if back.size:
                k = done[back].argmax(axis=1)
                before = np.where(k > 0, angle[back, k - 1], turned[back])
                part = time / SAMPLES
                place, extra = self._closing(path[back, :, k], before, sign * part, rtol)
                result.place[lanes[back]], result.time[lanes[back]] = place, passed[back] + k * part + extra
            going = ~done.any(axis=1) & self._worth_following(path)
            lanes, y, turned, passed = lanes[going], path[going, :, -1], angle[going, -1], passed[going] + time
            time *= 2
        return result

    @property
    def _cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.cancelled

    def _path(self, y: Floats, time: float, samples: int, rtol: float) -> Floats:
        """States (m, 2, samples + 1) at even times; NaN after an early end, or where it was cancelled."""
        if self._cancelled:  # the states may be NaN already
            return np.full((y.shape[0], 2, samples + 1), np.nan)
        times = np.linspace(0.0, time, samples + 1)
        atol = 1e-3 * rtol * self._width
        return simulate_many(
            self._system,
            y,
            self._parameters,
            (0.0, time),
            times,
            rtol=rtol,
            atol=atol,
            max_steps=MAX_STEPS,
            cancel=self._cancel,
        ).y

    def _turning(self, path: Floats, part: float, rtol: float, depth: int) -> Floats:
        """By how much the direction from the centre turns between points, (m, samples)."""
        seen = (path - self._centre[:, None]) / self._width[:, None]
        steps = wrapped(np.diff(np.arctan2(seen[:, 1], seen[:, 0]), axis=1))
        lane, k = np.nonzero(np.abs(steps) > LARGE)
        if lane.size and depth < DEPTH:
            finer = self._path(path[lane, :, k], part, FINER, rtol)
            steps[lane, k] = self._turning(finer, part / FINER, rtol, depth + 1).sum(axis=1)
        return steps

    def _closing(self, y: Floats, turned: Floats, part: float, rtol: float) -> tuple[Floats, Floats]:
        """Where and when the turn is complete, within a part of time from states y (m, 2)."""
        passed = np.zeros(turned.size)
        lanes = np.arange(turned.size)
        for _ in range(3):
            path = self._path(y, part, FINER, rtol)
            angle = turned[:, None] + self._turning(path, part / FINER, rtol, 1).cumsum(axis=1)
            done = np.abs(angle) >= 2 * np.pi
            # Where rounding says that it is not complete yet, it is so at the end of the part.
            k = np.where(done.any(axis=1), done.argmax(axis=1), FINER - 1)
            before, after = np.where(k > 0, angle[lanes, k - 1], turned), angle[lanes, k]
            y, ahead, turned = path[lanes, :, k], path[lanes, :, k + 1], before
            part /= FINER
            passed = passed + k * abs(part)
        share = np.clip((2 * np.pi - np.abs(before)) / np.maximum(np.abs(after) - np.abs(before), 1e-300), 0.0, 1.0)
        end = y + share[:, None] * (ahead - y)
        place = ((end - self._centre) / self._width) @ (self._ray / self._width)
        return place / np.sum((self._ray / self._width) ** 2), passed + share * abs(part)

    def _worth_following(self, path: Floats) -> Flags:
        """Whether trajectories are defined, not far out, and not at rest."""
        seen = (path - self._centre[:, None]) / self._width[:, None]
        inside, extent = np.abs(seen[:, :, -1]).max(axis=1) < OUTSIDE, np.ptp(seen, axis=2).max(axis=1)
        result: Flags = np.logical_and(inside, extent > AT_REST)
        return result


def sign_changes(values: Floats) -> Integers:
    """Places k where finite values of different sign follow each other at k and k + 1."""
    result: Integers = np.flatnonzero(np.sign(values[1:]) * np.sign(values[:-1]) < 0)
    return result
